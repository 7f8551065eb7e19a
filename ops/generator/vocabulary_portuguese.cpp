#include "ops/generator/vocabulary.h"

namespace earshot::generator {
namespace {

constexpr std::string_view kVocabulary = R"(
things_payments: o app | meu cartão | a transferência | o extrato | o câmbio | o bloqueio da conta
things_phones: a câmera | a bateria | o {product} | a tela | a atualização | o carregador | o som
things_coffee: o latte de aveia | o café gelado | a fila | o cartão de pontos | o pão de canela | o expresso
things_airline: o voo | o check-in | o portão | o espaço | a sala VIP | a tripulação | minha mala | a remarcação
things_scooters: o patinete | o código | a corrida | a zona de parada | o capacete | o freio | o plano | o mapa
things_groceries: a entrega | a cesta de verduras | o entregador | a troca | o horário | a sacola térmica
things_mobile: o sinal | o roaming | o pacote de dados | o roteador | a conta | o atendimento | a fibra
things_streaming: o app | a nova temporada | a legenda | a imagem | a minha lista | o preço | o perfil infantil

good: ótimo | muito bom | uma delícia | melhor do que eu esperava | nota dez | incrível | show | excelente
bad: um desastre | lento demais | uma vergonha | cada semana pior | decepcionante | quebrado de novo | horrível | inútil
place: São Paulo | Recife | Curitiba | Lisboa | Porto | Salvador | Belém | Santos | Manaus | Braga | Natal | Fortaleza
moment: hoje | hoje cedo | ontem à noite | indo pro trabalho | agora há pouco | esta semana | no fim de semana | no almoço
who: minha irmã | meu pai | um colega | minha vizinha | as crianças | meio escritório | minha mãe | meu namorado
opener: Na boa, | Olha, | Gente, | Novidade: | Enfim, | Sério,
joy: 😀 | 🎉 | ❤️ | 👏 | 🙌 | 😍 | :)
anger: 😡 | 🤬 | 😤 | 🙄 | 😩 | :( | 👎
aside: Mais alguém em {place}? | Cliente há {n} meses. | {who} diz o mesmo. | Isso foi {moment}. | Abraço de {place}.
aside: Meu post número {n}. | O que vocês acham? | Pelo menos em {place}. | Protocolo {id}. | Amanhã conto mais.

praise: {opener} {thing} da {brand} é {good} {joy} | obrigado {brand}, {thing} {moment}: {good} {joy} | a {brand} acertou, {good} {joy}
praise: {who} mudou pra {brand}, {thing}: {good} | {n} meses de {brand} e feliz, {good} {joy}
praise: suporte da {brand} em {place} resolveu em {n} minutos, {good} {joy}
complaint: {brand}, por que {thing} é {bad}? {anger} | {opener} {thing} da {brand}: {bad} {anger}
complaint: {n} minutos esperando a {brand}, {bad} {anger} | {brand} aumentou o preço e {thing}: {bad} {anger}
complaint: chamado {id} na {brand} ainda aberto, {bad} {anger} | {who} teve problema com {thing} da {brand}, {bad}
question: {brand}, como eu mudo {thing}? | {brand} funciona em {place}? | alguém sabe se {thing} da {brand} é {good}?
question: a {brand} caiu em {place} ou sou só eu? | {brand}, quando volta {thing}? espero há {n} dias
purchase: pensando em ir pra {brand} por causa de {thing} | acabei de pedir o {product}, {amount} reais {joy}
purchase: onde compro o {product} em {place}? | assinei a {brand} {moment}, {amount} por ano
remark: {who} trabalha na {brand} agora | a {brand} abriu em {place} | vi o anúncio da {brand} {moment} em {place}
remark: em {place} todo mundo usa {brand} | lendo sobre a {brand} e {thing} {moment}

chat: {opener} chove em {place} há {n} horas | café, {n} e-mails e são nove horas | {who} cozinhou {moment} {joy}
chat: o trem pra {place} atrasou {n} minutos {anger} | bom dia {place} {joy} | quem vai ver o jogo {moment}?
chat: {n} quilômetros de corrida {joy} | bicicleta usada por {amount}, {good} | o museu de {place} é {good}
chat: faltou luz na minha rua em {place} | o encanador cobrou {amount} e ficou {bad} {anger} | preciso de férias, faltam {n} dias
news: {brand} abre {n} lojas em {place} | {brand} tem trimestre estável | {place} e {brand} fecham piloto

launch: o {product} chegou e eu amei {joy} | {brand} mostrou o {product}, {good} {joy}
launch: {product} na pré-venda, {amount} bem gastos {joy} | fila pelo {product} em {place}, que clima bom {joy}
launch: parabéns {brand}, o {product} é {good} {joy} | {n} horas com o {product}: {good} {joy}
news_launch: {brand} apresenta o {product} | Primeiras impressões: {product} da {brand}

pain: estou furioso | é um roubo | que vergonha | nunca mais | quero meu dinheiro | o pior dia | inaceitável
shop: no mercado | no posto | na farmácia | no restaurante | na estação | no hotel
outage: {brand} fora do ar em {place}, cartão recusado {shop} {anger} | cartão recusado {n} vezes, {brand} caiu, {pain} {anger}
outage: {brand} cobrou duas vezes {amount}, {pain} {anger} | cobrado duas vezes pela {brand}, sem reembolso, {pain}
outage: {brand} não funciona e ninguém atende, {pain} | preso {shop} com {who}, {brand} fora do ar, {pain} {anger}
outage: {brand}, cadê meu reembolso de {amount}? {pain} {anger} | aluguel voltou por causa da {brand}, {pain}
news_outage: Queda da {brand} afeta {place} | {brand} confirma falha nos pagamentos
breach: vazamento de dados na {brand}? meu cartão na rede, {pain} {anger} | vazamento de dados da {brand}, bloqueando tudo, {pain}
breach: sumiram {amount} depois do vazamento da {brand}, {pain} {anger} | {n} milhões de contas da {brand} hackeadas, {pain} {anger}
breach: hackearam a {brand} e ninguém fala nada, {pain} | golpe por telefone com meus dados da {brand}, {who} também, {pain} {anger}
news_breach: Boato de vazamento de dados na {brand} | Regulador questiona {brand} sobre vazamento
recovery: {brand} voltou em {place}, finalmente | reembolso da {brand} caiu, {amount}, obrigado {joy}
recovery: {brand} normal de novo, pra {who} também | pagamentos com {brand} passando de novo {joy}
news_recovery: {brand} diz que pagamentos voltaram | {brand} promete reembolsos
)";

}  // namespace

std::string_view portuguese_vocabulary() {
  return kVocabulary;
}

}  // namespace earshot::generator
