#include "ops/generator/vocabulary.h"

namespace earshot::generator {
namespace {

constexpr std::string_view kVocabulary = R"(
things_payments: l'appli | ma carte | le virement | le relevé | le taux de change | le blocage du compte
things_phones: l'appareil photo | la batterie | le {product} | l'écran | la mise à jour | le chargeur | le haut-parleur
things_coffee: le flat white | le latte avoine | le café glacé | la file | la carte de fidélité | la brioche à la cannelle
things_airline: le vol | l'enregistrement | la porte d'embarquement | le salon | l'équipage | ma valise | la place
things_scooters: la trottinette | le code | le trajet | la zone de parking | le casque | le frein | l'abonnement | le plan
things_groceries: la livraison | le panier de légumes | le livreur | le remplacement | le créneau | le sac froid
things_mobile: le réseau | l'itinérance | le forfait | la box | la facture | l'assistance | la fibre
things_streaming: l'appli | la nouvelle saison | le sous-titre | l'image | ma liste | le prix | le profil enfant

good: super | vraiment bien | top | mieux que prévu | un plaisir | génial | parfait | impressionnant
bad: nul | trop lent | une honte | de pire en pire | décevant | encore en panne | une catastrophe | inutile
place: Lyon | Nantes | Lille | Bruxelles | Genève | Montréal | Bordeaux | Toulouse | Rennes | Québec | Nice | Metz
moment: aujourd'hui | ce matin | hier soir | en allant au travail | à l'instant | cette semaine | ce week-end | à midi
who: ma sœur | mon père | un collègue | ma voisine | les enfants | tout le bureau | ma mère | mon coloc
opener: Franchement, | Bon, | Petite info : | Du coup, | Sinon, | Alors,
joy: 😀 | 🎉 | ❤️ | 👏 | 🙌 | 😍 | :)
anger: 😡 | 🤬 | 😤 | 🙄 | 😩 | :( | 👎
aside: D'autres à {place} ? | Client depuis {n} mois. | {who} dit pareil. | C'était {moment}. | Salut de {place}.
aside: Mon message numéro {n}. | Vous en pensez quoi ? | À {place} en tout cas. | Référence {id}. | La suite demain.

praise: {opener} {thing} chez {brand}, c'est {good} {joy} | merci {brand}, {thing} {moment} : {good} {joy} | {brand}, c'est {good} {joy}
praise: {who} est passé chez {brand}, {thing} : {good} | {n} mois chez {brand} et toujours content, {good} {joy}
praise: le support {brand} à {place} a réglé ça en {n} minutes, {good} {joy}
complaint: {brand}, pourquoi {thing}, c'est {bad} ? {anger} | {opener} {thing} chez {brand}, {bad} {anger}
complaint: {n} minutes d'attente chez {brand}, {bad} {anger} | {brand} augmente ses prix et {thing}, {bad} {anger}
complaint: dossier {id} chez {brand} toujours ouvert, {bad} {anger} | {who} a eu un souci avec {thing} de {brand}, {bad}
question: {brand}, comment changer {thing} ? | {brand} marche à {place} ? | quelqu'un sait si {thing} de {brand}, c'est {good} ?
question: {brand} est en rade à {place} ou c'est moi ? | {brand}, quand revient {thing} ? j'attends depuis {n} jours
purchase: je pense passer chez {brand} pour {thing} | je viens de commander le {product}, {amount} euros {joy}
purchase: où acheter le {product} à {place} ? | inscrit chez {brand} {moment}, {amount} euros par an
remark: {who} travaille chez {brand} | {brand} a ouvert à {place} | vu la pub {brand} {moment} à {place}
remark: à {place} tout le monde a {brand} | je lis un article sur {brand} et {thing} {moment}

chat: {opener} il pleut à {place} depuis {n} heures | café, {n} mails et il est neuf heures | {who} a cuisiné {moment} {joy}
chat: le train pour {place} avait {n} minutes de retard {anger} | bonjour {place} {joy} | qui regarde le match {moment} ?
chat: {n} kilomètres de course {joy} | vélo d'occasion à {amount}, {good} | le musée de {place}, {good}
chat: coupure de courant dans ma rue à {place} | le plombier a pris {amount} et c'est {bad} {anger} | besoin de vacances, encore {n} jours
news: {brand} ouvre {n} sites à {place} | {brand} annonce un trimestre stable | {place} et {brand} lancent un pilote

launch: le {product} est là et je l'adore {joy} | {brand} a montré le {product}, {good} {joy}
launch: {product} précommandé, {amount} euros, {good} {joy} | la file pour le {product} à {place}, quelle ambiance {joy}
launch: bravo {brand}, le {product}, c'est {good} {joy} | {n} heures avec le {product} : {good} {joy}
news_launch: {brand} présente le {product} | Prise en main : {product} de {brand}

pain: je suis furieux | c'est du vol | c'est une honte | plus jamais | rendez-moi mon argent | inadmissible | le pire jour
shop: au supermarché | à la station-service | à la pharmacie | au restaurant | à la gare | à l'hôtel
outage: panne {brand} à {place}, carte refusée {shop} {anger} | carte refusée {n} fois, {brand} en panne, {pain} {anger}
outage: {brand} m'a débité deux fois {amount} euros, {pain} {anger} | débité deux fois par {brand}, aucun remboursement, {pain}
outage: {brand} ne marche plus et personne ne répond, {pain} | bloqué {shop} avec {who}, panne {brand}, {pain} {anger}
outage: {brand}, où est mon remboursement de {amount} ? {pain} {anger} | loyer rejeté à cause de la panne {brand}, {pain}
news_outage: La panne de {brand} touche {place} | {brand} confirme un incident de paiement
breach: fuite de données chez {brand} ? ma carte circule, {pain} {anger} | fuite de données {brand}, je bloque tout, {pain}
breach: {amount} euros disparus après la fuite {brand}, {pain} {anger} | {n} millions de comptes {brand} piratés, {pain} {anger}
breach: {brand} piraté et personne ne parle, {pain} | appel d'arnaque avec mes données {brand}, {who} aussi, {pain} {anger}
news_breach: Rumeur de fuite de données chez {brand} | Le régulateur interroge {brand} sur la fuite
recovery: {brand} remarche à {place}, enfin | remboursement de {brand} reçu, {amount} euros, merci {joy}
recovery: {brand} est revenu, pour {who} aussi | les paiements {brand} passent de nouveau {joy}
news_recovery: {brand} annonce le retour des paiements | {brand} promet des remboursements
)";

}  // namespace

std::string_view french_vocabulary() {
  return kVocabulary;
}

}  // namespace earshot::generator
