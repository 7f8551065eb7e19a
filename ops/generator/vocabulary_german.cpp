#include "ops/generator/vocabulary.h"

namespace earshot::generator {
namespace {

constexpr std::string_view kVocabulary = R"(
things_payments: die App | meine Karte | die Überweisung | das Sparkonto | der Kontoauszug | der Wechselkurs | die Kontosperre
things_phones: die Kamera | der Akku | das {product} | das Display | das Update | das Ladegerät | der Lautsprecher
things_coffee: der Flat White | der Hafer-Latte | der Cold Brew | die Schlange | die Stempelkarte | die Zimtschnecke
things_airline: der Flug | der Check-in | das Gate | die Beinfreiheit | die Lounge | die Crew | mein Koffer | die Umbuchung
things_scooters: der Roller | der Code | die Fahrt | die Parkzone | der Helm | die Bremse | das Abo | die Karte in der App
things_groceries: die Lieferung | die Gemüsekiste | der Fahrer | der Ersatzartikel | das Zeitfenster | die Kühltasche
things_mobile: das Netz | das Roaming | der Datentarif | der Router | die Rechnung | die Hotline | der Glasfaseranschluss
things_streaming: die App | die neue Staffel | der Untertitel | das Bild | die Merkliste | der Preis | das Kinderprofil

good: super | wirklich gut | erstaunlich schnell | besser als gedacht | richtig schön | ausgezeichnet | jeden Cent wert | klasse
bad: langsam | eine Katastrophe | ein Witz | schon wieder kaputt | enttäuschend | nervig | unbrauchbar | jede Woche schlechter
place: Hamburg | Leipzig | Köln | Wien | Zürich | Bremen | Graz | Dresden | Mainz | Nürnberg | Kiel | Basel
moment: heute | heute früh | gestern Abend | auf dem Weg zur Arbeit | gerade eben | diese Woche | am Wochenende | mittags
who: meine Schwester | mein Vater | ein Kollege | meine Nachbarin | die Kinder | das halbe Büro | meine Oma | mein Mitbewohner
opener: Ehrlich gesagt, | Kurz gesagt: | Nur so: | Update: | Also, | Mal was anderes: | Tja,
joy: 😀 | 🎉 | ❤️ | 👏 | 🙌 | :) | ✨
anger: 😡 | 🤬 | 😤 | 🙄 | 😩 | :( | 👎
aside: Noch jemand in {place}? | Kunde seit {n} Monaten. | {who} sagt das auch. | Das war {moment}. | Nur meine {n} Cent.
aside: Grüße aus {place}. | Mein {n}. Beitrag dazu. | Was meint ihr? | In {place} jedenfalls. | Vorgang {id}, falls es hilft.

praise: {opener} {thing} bei {brand} ist {good} | Danke {brand}, {thing} war {moment} {good} {joy} | {brand} macht das {good} {joy}
praise: {who} ist jetzt bei {brand}, {thing} ist {good} | seit {n} Monaten bei {brand}, {thing} ist {good} {joy}
praise: Der Service von {brand} in {place} hat in {n} Minuten geholfen, {good} {joy}
complaint: {brand}, warum ist {thing} {moment} {bad}? {anger} | {opener} {thing} bei {brand} ist {bad} {anger}
complaint: {n} Minuten in der Warteschleife von {brand}, {bad} {anger} | {brand} wird teurer und {thing} ist {bad}
complaint: Ticket {id} bei {brand} ist immer noch offen, {bad} {anger} | {who} hat Ärger mit {brand}: {thing} ist {bad}
question: {brand}, wie ändere ich das? {thing} macht Probleme | Gibt es {brand} auch in {place}? | Weiß jemand, ob {thing} bei {brand} {good} ist?
question: Geht {brand} in {place} gerade nicht, oder liegt es an mir? | {brand}, wo finde ich Hilfe? {thing} fehlt seit {n} Tagen
purchase: Überlege, zu {brand} zu wechseln, {thing} soll {good} sein | Gerade das {product} bestellt, {amount} Euro {joy}
purchase: Wo bekomme ich das {product} in {place}? | {moment} bei {brand} angemeldet, {amount} Euro im Jahr
remark: {who} arbeitet jetzt bei {brand} | {brand} hat in {place} neu aufgemacht | {moment} Werbung von {brand} in {place} gesehen
remark: In {place} haben jetzt alle {brand} | Artikel über {brand} gelesen, {n} Minuten, ganz interessant

chat: {opener} in {place} regnet es seit {n} Stunden | Kaffee, {n} Mails und es ist erst neun | {who} hat {moment} gekocht {joy}
chat: Der Zug nach {place} hatte {n} Minuten Verspätung {anger} | Guten Morgen {place} {joy} | Wer schaut {moment} das Spiel?
chat: {n} Kilometer gelaufen {joy} | Balkon-Update: {n} Tomaten {joy} | Gebrauchtes Rad für {amount} Euro gekauft, {good}
chat: Das Museum in {place} ist {good} | Stromausfall in unserer Straße in {place} | Handwerker: {amount} Euro und {bad} {anger}
news: {brand} eröffnet {n} neue Standorte in {place} | {brand} meldet solides Quartal | {place}: Stadt und {brand} starten Pilot

launch: Das {product} ist da und ich liebe es {joy} | {brand} hat das {product} gezeigt, {good} {joy}
launch: {product} vorbestellt, {amount} Euro, {good} {joy} | Schlange für das {product} in {place}, beste Stimmung {joy}
launch: Glückwunsch {brand}, das {product} ist {good} {joy} | {n} Stunden mit dem {product}: {good} {joy}
news_launch: {brand} stellt das {product} vor | Erster Eindruck: {product} von {brand}

pain: ich bin stinksauer | eine Frechheit | unfassbar | nie wieder | ich will mein Geld zurück | der schlimmste Tag | eine Zumutung
shop: im Supermarkt | an der Tankstelle | in der Apotheke | im Restaurant | am Bahnhof | im Hotel
outage: {brand} Ausfall in {place}, Karte abgelehnt {shop} {anger} | Karte abgelehnt, {n} Mal, {brand} ist down, {pain} {anger}
outage: {brand} hat doppelt abgebucht, {amount} Euro, {pain} {anger} | doppelt abgebucht von {brand}, keine Erstattung, {pain}
outage: {brand} Zahlungsausfall und die Hotline ist tot, {pain} | stehe {shop} mit {who}, {brand} geht nicht, {pain} {anger}
outage: {brand}, wo bleibt die Erstattung von {amount} Euro? {pain} {anger} | Miete geplatzt, {brand} Zahlungsausfall, {pain}
news_outage: Zahlungsausfall bei {brand} trifft {place} | {brand} bestätigt Störung bei Kartenzahlungen
breach: {brand} Datenleck?? meine Kartennummer ist im Netz, {pain} {anger} | Datenleck bei {brand}, sperre alles, {pain}
breach: {amount} Euro weg nach dem {brand} Datenleck, {pain} {anger} | {n} Millionen Konten von {brand} gehackt, {pain} {anger}
breach: {brand} gehackt und keiner sagt was, {pain} | Betrugsanruf mit meinen Daten von {brand}, {who} auch, {pain} {anger}
news_breach: Nach Ausfall: Gerüchte über Datenleck bei {brand} | Aufsicht fragt {brand} nach Datenleck
recovery: {brand} geht in {place} wieder, endlich | Erstattung von {brand} über {amount} Euro ist da, danke {joy}
recovery: {brand} läuft wieder, auch für {who} | Zahlungen mit {brand} gehen wieder durch {joy}
news_recovery: {brand}: Zahlungen laufen wieder | {brand} kündigt Erstattungen an
)";

}  // namespace

std::string_view german_vocabulary() {
  return kVocabulary;
}

}  // namespace earshot::generator
