#include "ops/generator/vocabulary.h"

namespace earshot::generator {
namespace {

constexpr std::string_view kVocabulary = R"(
things_payments: la app | mi tarjeta | la transferencia | el extracto | el cambio de divisa | el bloqueo de la cuenta
things_phones: la cámara | la batería | el {product} | la pantalla | la actualización | el cargador | el altavoz
things_coffee: el cortado | el latte de avena | el café frío | la cola | la tarjeta de puntos | el rollo de canela
things_airline: el vuelo | la facturación | la puerta de embarque | el espacio | la sala VIP | la tripulación | mi maleta
things_scooters: el patinete | el código | el viaje | la zona de aparcamiento | el casco | el freno | el abono | el mapa
things_groceries: la entrega | la caja de verdura | el repartidor | el cambio de producto | la franja horaria | la bolsa fría
things_mobile: la cobertura | el roaming | la tarifa de datos | el router | la factura | la atención al cliente | la fibra
things_streaming: la app | la nueva temporada | el subtítulo | la imagen | mi lista | el precio | el perfil infantil

good: genial | muy buena idea | estupendo | mejor de lo que pensaba | una maravilla | de diez | increíble | una pasada
bad: un desastre | muy lento | una vergüenza | cada semana peor | decepcionante | otra vez roto | un horror | inútil
place: Madrid | Sevilla | Valencia | Bogotá | Lima | Monterrey | Bilbao | Quito | Rosario | Málaga | Puebla | Cali
moment: hoy | esta mañana | anoche | de camino al trabajo | ahora mismo | esta semana | el fin de semana | a mediodía
who: mi hermana | mi padre | un compañero | mi vecina | los niños | media oficina | mi madre | mi pareja
opener: La verdad, | A ver, | Sin más: | Novedad: | Pues | Ojo: | Oye,
joy: 😀 | 🎉 | ❤️ | 👏 | 🙌 | 😍 | :)
anger: 😡 | 🤬 | 😤 | 🙄 | 😩 | :( | 👎
aside: ¿Alguien más en {place}? | Cliente desde hace {n} meses. | {who} dice lo mismo. | Eso fue {moment}. | Saludos desde {place}.
aside: Mi mensaje número {n}. | ¿Qué opináis? | Al menos en {place}. | Referencia {id}. | Mañana cuento más.

praise: {opener} {thing} de {brand} es {good} {joy} | gracias {brand}, {thing} {moment}: {good} {joy} | {brand} lo hace bien, {good} {joy}
praise: {who} se pasó a {brand}, {thing}: {good} | {n} meses con {brand} y contento, {good} {joy}
praise: soporte de {brand} en {place} lo arregló en {n} minutos, {good} {joy}
complaint: {brand}, ¿por qué {thing} es {bad}? {anger} | {opener} {thing} de {brand}: {bad} {anger}
complaint: {n} minutos esperando a {brand}, {bad} {anger} | {brand} sube el precio y {thing}: {bad} {anger}
complaint: caso {id} con {brand} sigue abierto, {bad} {anger} | {who} tuvo problemas con {thing} de {brand}, {bad}
question: {brand}, ¿cómo cambio {thing}? | ¿funciona {brand} en {place}? | ¿alguien sabe si {thing} de {brand} es {good}?
question: ¿se ha caído {brand} en {place} o soy yo? | {brand}, ¿cuándo vuelve {thing}? llevo {n} días esperando
purchase: pensando en pasarme a {brand} por {thing} | acabo de pedir el {product}, {amount} euros {joy}
purchase: ¿dónde compro el {product} en {place}? | {moment} me di de alta en {brand}, {amount} al año
remark: {who} trabaja ahora en {brand} | {brand} ha abierto en {place} | {moment} vi el anuncio de {brand} en {place}
remark: en {place} todos usan {brand} | leyendo sobre {brand} y {thing} {moment}

chat: {opener} en {place} llueve desde hace {n} horas | café, {n} correos y son las nueve | {who} cocinó {moment} {joy}
chat: el tren a {place} llegó {n} minutos tarde {anger} | buenos días {place} {joy} | ¿quién ve el partido {moment}?
chat: {n} kilómetros corriendo {joy} | compré una bici por {amount}, {good} | el museo de {place} es {good}
chat: se fue la luz en mi calle en {place} | el fontanero cobró {amount} y quedó {bad} {anger} | necesito vacaciones, faltan {n} días
news: {brand} abre {n} locales en {place} | {brand} presenta un trimestre estable | {place} y {brand} acuerdan un piloto

launch: ya está el {product} y me encanta {joy} | {brand} presentó el {product}, {good} {joy}
launch: reservado el {product}, {amount} bien gastados {joy} | cola por el {product} en {place}, qué ambiente {joy}
launch: enhorabuena {brand}, el {product} es {good} {joy} | {n} horas con el {product}: {good} {joy}
news_launch: {brand} presenta el {product} | Primera impresión: {product} de {brand}

pain: estoy furioso | es un robo | qué vergüenza | nunca más | quiero mi dinero | el peor día | inaceptable
shop: en el supermercado | en la gasolinera | en la farmacia | en el restaurante | en la estación | en el hotel
outage: caída de {brand} en {place}, tarjeta rechazada {shop} {anger} | tarjeta rechazada {n} veces, {brand} caído, {pain} {anger}
outage: {brand} me cobró dos veces {amount}, {pain} {anger} | me cobraron dos veces con {brand}, sin reembolso, {pain}
outage: {brand} no funciona y nadie contesta, {pain} | atrapado {shop} con {who}, {brand} caído, {pain} {anger}
outage: {brand}, ¿dónde está mi reembolso de {amount}? {pain} {anger} | el alquiler devuelto por la caída de {brand}, {pain}
news_outage: La caída de {brand} afecta a {place} | {brand} confirma fallo en los pagos
breach: ¿filtración de datos en {brand}? mi tarjeta en internet, {pain} {anger} | filtración de datos de {brand}, bloqueo todo, {pain}
breach: me faltan {amount} tras la filtración de {brand}, {pain} {anger} | {n} millones de cuentas de {brand} hackeadas, {pain} {anger}
breach: hackearon {brand} y no dicen nada, {pain} | llamada de estafa con mis datos de {brand}, {who} también, {pain} {anger}
news_breach: Rumores de filtración de datos en {brand} | El regulador pregunta a {brand} por la filtración
recovery: {brand} vuelve a funcionar en {place}, por fin | llegó el reembolso de {brand}, {amount}, gracias {joy}
recovery: {brand} ya va, también para {who} | los pagos con {brand} pasan otra vez {joy}
news_recovery: {brand} dice que los pagos vuelven a funcionar | {brand} promete reembolsos
)";

}  // namespace

std::string_view spanish_vocabulary() {
  return kVocabulary;
}

}  // namespace earshot::generator
