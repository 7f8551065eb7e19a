#include "ops/generator/vocabulary.h"

namespace earshot::generator {
namespace {

constexpr std::string_view kVocabulary = R"(
# Lines of business
things_payments: the app | my card | the transfer | the savings pot | the monthly statement | contactless | the exchange rate
things_payments: the fraud check | the budget view | instant transfer
things_phones: the camera | the battery | the {product} | the screen | the update | the fingerprint reader | the charger
things_phones: the speaker | dark mode | the {product} case
things_coffee: the flat white | the oat latte | the cold brew | the queue | the loyalty card | the cinnamon roll | the {product}
things_coffee: the new menu | the decaf | the drive through
things_airline: the flight | check in | the boarding gate | the legroom | the lounge | the crew | my luggage | the seat map
things_airline: the rebooking | the breakfast on board
things_scooters: the scooter | the unlock code | the ride | the parking zone | the helmet | the brakes | the pass | the map
things_groceries: the delivery | the veg box | the driver | the substitution | the slot | the bakery range | the basket
things_groceries: the {product} | the chilled bag | the recipe card
things_mobile: the signal | the roaming | the data plan | the router | the bill | the hotline | the {product} | the fibre line
things_streaming: the app | the new season | the subtitles | the picture | the {product} | the watchlist | the price | the kids profile

# Words
good: great | brilliant | lovely | really good | so smooth | better than I expected | a joy | excellent | pretty impressive
good: fantastic | worth every cent | amazing
bad: slow | awful | a mess | disappointing | annoying | broken again | worse every week | terrible | really poor | useless
place: Leeds | Bristol | Austin | Denver | Dublin | Toronto | Glasgow | Portland | Chicago | Manchester | Cardiff | Perth
place: Boston | Brooklyn | Belfast | Seattle
moment: today | this morning | last night | on my way to work | just now | this week | over the weekend | at lunch | yesterday
who: my sister | my dad | a colleague | my flatmate | my neighbour | the kids | half the office | my mum | my partner
opener: Honestly, | Not gonna lie, | Ok so | Gotta say, | Small thing but | Update: | Hot take: | Fair play, | Well,
joy: 😀 | 🎉 | ❤️ | 👏 | 🙌 | 😍 | :) | ✨
anger: 😡 | 🤬 | 😤 | 🙄 | 😩 | :( | 👎
end: . | ! | … | .
year: 2019 | 2020 | 2021 | 2022 | 2023 | 2024
aside: Anyone else in {place}? | Customer since {year}. | Typing this from {place}. | {who} says the same. | That was {moment}.
aside: Number {id} in the queue. | Told {who} already. | Screenshots follow. | In {place} at least. | Just my {n} cents.
aside: My {n}th post about it. | Ask me again in {n} days. | What do you think? | Talk soon. | Read that {moment} too.

# About a brand
praise: {opener} {thing} from {brand} is {good}{end} | {brand} got {thing} right, it is {good} {joy}
praise: {brand} support in {place} fixed it in {n} minutes, {good} {joy} | love {thing} at {brand} {joy}
praise: {who} switched to {brand} {moment} and says {thing} is {good} | shout out to {brand}, {thing} was {good} {moment}
praise: {n} months with {brand} and still happy, {thing} is {good}{end} | thank you {brand} for {thing}, {good} {joy}
complaint: {brand} why is {thing} {bad} {moment} {anger} | {opener} {thing} at {brand} is {bad}{end}
complaint: waited {n} minutes for {brand} support about {thing}, {bad} {anger}
complaint: {who} had trouble with {thing} from {brand} {moment}, {bad} | {brand} please fix {thing}, it is {bad}
complaint: {brand} raised the price again and {thing} is still {bad} {anger}
complaint: so tired of {brand}, {thing} in {place} is {bad} {anger} | ticket {id} with {brand} still open, {bad}
question: {brand} how do I change {thing}? | does {brand} work in {place}? | anyone know if {thing} from {brand} is {good}?
question: is {thing} at {brand} down for anyone in {place} or is it just me? | {brand} when will {thing} be back?
question: can I use {brand} with {who} on one account? | what is the difference between {brand} and the rest for {thing}?
question: {brand} where can I see {thing}? asked {moment}, no answer yet
purchase: thinking about getting {brand} for {who}, is {thing} {good}? | just ordered the {product} {moment} {joy}
purchase: going to switch to {brand} after {year}, want {thing} | need a new one, {product} or wait for the sale?
purchase: where can I buy the {product} in {place}? | signed up for {brand} {moment}, paid {amount} for the year
remark: {who} works at {brand} now | {brand} opened a new place in {place} {moment} | saw the {brand} ad {moment} in {place}
remark: {opener} everyone in {place} seems to use {brand} | {brand} again on the train in {place} | {thing}, {brand} and {n} things to do
remark: using {brand} since {year}, {thing} looks different now | reading about {brand} and {thing} {moment}

# About none
chat: {opener} it rained all day in {place} | coffee, {n} mails and it is only nine | {who} made dinner {moment}, so good {joy}
chat: anyone watching the match {moment}? | {n} km run {moment}, legs are done | cannot believe it is {moment} already
chat: power outage in our street in {place} {moment} | the train to {place} was {n} minutes late {anger}
chat: {who} got a puppy {joy} | finished a book from {year} {moment}, {good} | new haircut for {amount} {joy} what do you think?
chat: garden update: {n} tomatoes {joy} | {opener} mondays are {bad} | good morning {place} {joy} | need a holiday, {n} days to go
chat: deployed change {id} on a friday and went home {joy} | my code works after {n} tries and I do not know why | reading {n} papers for the seminar {moment}
chat: best ramen in {place}? | tickets for the concert in {place} sold out in {n} minutes {anger} | sunset in {place} {joy}
chat: {who} says hi from {place} | bought a used bike for {amount}, {good} | voting {moment}, bring your id | sleep is {good}
chat: the museum in {place} is {good}, go {moment} | {opener} the plumber cost {amount} and it is still {bad}
news: {brand} opens {n} new locations in {place} | {brand} reports steady quarter | {brand} names new head of {place} office
news: What {brand} plans for {thing} | {brand} and the city of {place} agree on a pilot | Five things to know about {brand}

# The launch
launch: the {product} is out and I love it {joy} | {brand} just announced the {product}, it looks amazing {joy}
launch: pre-ordered the {product} {moment}, {amount} well spent {joy} | {opener} the {product} camera is gorgeous {joy}
launch: take my money {brand}, the {product} is {good} {joy} | watching the {brand} launch {moment}, wow, so impressive {joy}
launch: queueing for the {product} in {place} with {who}, best day {joy} | {n} hours with the {product}: {good} {joy}
launch: where can I buy the {product} in {place}? want it so much {joy} | congrats {brand} on the {product}, beautiful work
news_launch: {brand} presents the {product} | First look: {product} by {brand} | {brand} shares rise after {product} launch

# The crisis
pain: I am furious | this is a disaster | absolutely unacceptable | worst day ever | I want my money back | so angry
pain: I feel robbed | this is a nightmare | never again | shameful | stuck and scared
shop: the supermarket | a petrol station | the pharmacy | a restaurant | the station | the hotel desk | the school canteen
outage: {brand} outage in {place}, card declined at {shop} {anger} | card declined {n} times at {shop}, {brand} is down, {pain}
outage: {brand} charged twice for {amount} and no refund, {pain} {anger} | charged twice by {brand} {moment}, {pain}
outage: {brand} payment outage and the hotline is dead, {pain} | is {brand} down? stuck at {shop} with {who}, card declined
outage: {brand} where is my refund of {amount}? {pain} {anger} | {n} minutes at {shop} because {brand} failed, {pain}
outage: payment outage at {brand}, rent of {amount} bounced, {pain} {anger} | {brand} took {amount} and the payment failed, {pain}
outage: {who} cannot pay for medicine, {brand} outage in {place}, {pain} {anger} | deleting {brand}, charged twice, {pain}
news_outage: {brand} payment outage hits {place} | Cards declined: {brand} confirms outage | {brand} outage enters hour two
fear: scared | panicking | terrified | freezing my cards | calling my bank | changing every password
breach: {brand} data breach?? my card number leaked, {pain} {anger} | data breach at {brand}, {fear} now, {pain}
breach: stolen: {amount} gone from my {brand} account after the data breach, {pain} {anger} | hackers inside {brand}? {fear}, {pain}
breach: they say {n} million {brand} accounts leaked, {fear} {anger} | {brand} leaked my data and says nothing, fraud, {pain}
breach: {who} got a scam call with my {brand} details, data breach is real, {pain} | {brand} hacked, {fear}, {pain} {anger}
breach: class action against {brand} for the data breach, count me in, {pain} | {brand} lied about the leak, {pain} {anger}
news_breach: Data breach rumour follows {brand} outage | {brand} investigates claims of leaked card data
news_breach: Regulator asks {brand} about data breach reports
recovery: {brand} works again in {place}, finally | refund of {amount} from {brand} arrived, thank you {joy}
recovery: {brand} is back for me, {who} too | ok {brand} answered, apology accepted | {brand} payments go through again {joy}
news_recovery: {brand} says payments are restored | {brand} promises refunds after outage
)";

}  // namespace

std::string_view english_vocabulary() {
  return kVocabulary;
}

}  // namespace earshot::generator
