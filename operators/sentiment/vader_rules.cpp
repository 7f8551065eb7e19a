#include "operators/sentiment/vader_rules.h"

namespace earshot::sentiment {
namespace {

constexpr std::string_view kIntensifiers[] = {
    "absolutely",    "amazingly",  "awfully",   "completely", "considerable", "considerably", "decidedly",
    "deeply",        "effing",     "enormous",  "enormously", "entirely",     "especially",   "exceptional",
    "exceptionally", "extreme",    "extremely", "fabulously", "flippin",      "flipping",     "frackin",
    "fracking",      "frickin",    "fricking",  "friggin",    "frigging",     "fuckin",       "fucking",
    "fuggin",        "fugging",    "fully",     "greatly",    "hella",        "highly",       "hugely",
    "incredible",    "incredibly", "intensely", "major",      "majorly",      "more",         "most",
    "particularly",  "purely",     "quite",     "really",     "remarkably",   "so",           "substantially",
    "thoroughly",    "total",      "totally",   "tremendous", "tremendously", "uber",         "unbelievably",
    "unusually",     "utter",      "utterly",   "very"};

constexpr std::string_view kDampeners[] = {"almost",  "barely", "hardly",   "kind-of",    "kinda",      "kindof",
                                           "less",    "little", "marginal", "marginally", "occasional", "occasionally",
                                           "partly",  "scarce", "scarcely", "slight",     "slightly",   "somewhat",
                                           "sort-of", "sorta",  "sortof"};

constexpr std::string_view kNegations[] = {
    "ain't",    "aint",    "aren't",  "arent",  "can't",   "cannot", "cant",      "couldn't", "couldnt", "daren't",
    "darent",   "despite", "didn't",  "didnt",  "doesn't", "doesnt", "don't",     "dont",     "hadn't",  "hadnt",
    "hasn't",   "hasnt",   "haven't", "havent", "isn't",   "isnt",   "mightn't",  "mightnt",  "mustn't", "mustnt",
    "needn't",  "neednt",  "neither", "never",  "none",    "nope",   "nor",       "not",      "nothing", "nowhere",
    "oughtn't", "oughtnt", "rarely",  "seldom", "shan't",  "shant",  "shouldn't", "shouldnt", "uh-uh",   "uhuh",
    "wasn't",   "wasnt",   "weren't", "werent", "without", "won't",  "wont",      "wouldn't", "wouldnt"};

constexpr std::string_view kNoWords[] = {"no"};
constexpr std::string_view kOrNorWords[] = {"or", "nor"};
constexpr std::string_view kLeastWords[] = {"least"};
constexpr std::string_view kAtVeryWords[] = {"at", "very"};
constexpr std::string_view kButWords[] = {"but"};
constexpr std::string_view kNeverWords[] = {"never"};
constexpr std::string_view kSoThisWords[] = {"so", "this"};
constexpr std::string_view kWithoutWords[] = {"without"};
constexpr std::string_view kDoubtWords[] = {"doubt"};
constexpr std::string_view kKindWords[] = {"kind"};
constexpr std::string_view kOfWords[] = {"of"};

constexpr TraitWords kTraitWords[] = {
    {kIntensifier, kIntensifiers}, {kDampener, kDampeners}, {kNegation, kNegations},   {kNo, kNoWords},
    {kOrNor, kOrNorWords},         {kLeast, kLeastWords},   {kAtVery, kAtVeryWords},   {kBut, kButWords},
    {kNever, kNeverWords},         {kSoThis, kSoThisWords}, {kWithout, kWithoutWords}, {kDoubt, kDoubtWords},
    {kKind, kKindWords},           {kOf, kOfWords},
};

constexpr Phrase kIdioms[] = {
    {{"the", "shit"}, 3},      {{"the", "bomb"}, 3},        {{"bad", "ass"}, 1.5},
    {{"bus", "stop"}, 0},      {{"yeah", "right"}, -2},     {{"kiss", "of", "death"}, -1.5},
    {{"to", "die", "for"}, 3}, {{"beating", "heart"}, 3.5},
};

constexpr Phrase kDampeningPhrases[] = {
    {{"just", "enough"}, -kIntensifierWeight},
    {{"kind", "of"}, -kIntensifierWeight},
    {{"sort", "of"}, -kIntensifierWeight},
};

}  // namespace

std::span<const TraitWords> vader_trait_words() {
  return kTraitWords;
}
std::span<const Phrase> vader_idioms() {
  return kIdioms;
}
std::span<const Phrase> vader_dampening_phrases() {
  return kDampeningPhrases;
}

}  // namespace earshot::sentiment
