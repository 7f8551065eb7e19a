#include "engine/text/folding_table.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <stdexcept>
#include <utility>

#include "engine/text/utf8.h"

namespace earshot {
namespace {

constexpr uint32_t kCodePoints = 0x110000;
constexpr UChar32 kZeroWidthSpace = 0x200B;  // invisible, but put in to part words
constexpr UChar32 kServiceMark = 0x2120;     // NFKC makes letters of these two: "brand™" would read "brandtm"
constexpr UChar32 kTradeMark = 0x2122;

const icu::Normalizer2& casefold_normaliser() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* instance = icu::Normalizer2::getNFKCCasefoldInstance(status);
  if (U_FAILURE(status) != 0) throw std::runtime_error("ICU has no NFKC_Casefold data: is libicudata installed?");
  return *instance;
}

bool is_word_character(UChar32 c) {
  return (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_ND_MASK)) != 0;
}

bool is_of_script_without_spaces(UChar32 c) {
  if ((U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_NL_MASK)) == 0) return false;
  // By script extensions: the long-vowel sign, for one, belongs to both kana.
  for (const UScriptCode script :
       {USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA, USCRIPT_THAI, USCRIPT_LAO, USCRIPT_KHMER, USCRIPT_MYANMAR}) {
    if (uscript_hasScript(c, script) != 0) return true;
  }
  return false;
}

bool is_emoji(UChar32 c) {
  constexpr UChar32 kFirstPicture = 0x2600;  // below it are (c), (r), arrows: punctuation to a reader
  if (u_hasBinaryProperty(c, UCHAR_EMOJI_PRESENTATION) != 0) return true;
  return c >= kFirstPicture && u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) != 0 && u_isdefined(c) != 0;
}

// The entry of a code point that may merge with what precedes it.
FoldingEntry entry_within_sequence(const icu::Normalizer2& nfkc, UChar32 c, bool is_unchanged) {
  const auto combining_class = static_cast<uint8_t>(u_getCombiningClass(c));
  UErrorCode status = U_ZERO_ERROR;
  const bool never_composes = nfkc.quickCheck(icu::UnicodeString(c), status) == UNORM_YES;
  const bool is_mark = (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
  if (is_unchanged && never_composes && is_mark && combining_class != 0) {
    return {FoldingAction::kAttach, combining_class, 0};
  }
  return {FoldingAction::kCompose, combining_class, 0};
}

// The action of a code point that becomes `folded`, which is not the code point itself.
FoldingAction action_of_folded(const icu::UnicodeString& folded) {
  bool is_one_word = true;
  bool is_all_separators = true;  // a mark after a separator is one too
  for (int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    const FoldingAction action = FoldingTable::action_when_normalised(static_cast<uint32_t>(folded.char32At(i)));
    const bool is_mark = action == FoldingAction::kAttach;
    is_one_word = is_one_word && (action == FoldingAction::kKeep || (is_mark && i > 0));
    is_all_separators = is_all_separators && (action == FoldingAction::kSeparate || (is_mark && i > 0));
  }
  if (is_all_separators) return FoldingAction::kSeparate;
  return is_one_word ? FoldingAction::kReplace : FoldingAction::kExpand;
}

// A mark that a reader of Latin, Greek, Cyrillic, Hebrew or Arabic does without; marks of other scripts are letters.
bool is_diacritic(UChar32 c) {
  constexpr uint8_t kKanaVoicing = 8;
  const uint8_t combining_class = u_getCombiningClass(c);
  if (u_charType(c) != U_NON_SPACING_MARK || combining_class == 0 || combining_class == kKanaVoicing) return false;
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(c, &status)) {
    case USCRIPT_INHERITED:
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
    case USCRIPT_CYRILLIC:
    case USCRIPT_HEBREW:
    case USCRIPT_ARABIC:
      return true;
    default:
      return false;
  }
}

// Letters with a stroke and ligatures, which Unicode does not take apart; they are in small letters here.
constexpr std::pair<UChar32, const char*> kLettersWithoutMark[] = {
    {0x00E6, "ae"}, {0x00F0, "d"},  {0x00F8, "o"}, {0x0111, "d"}, {0x0127, "h"}, {0x0131, "i"},
    {0x0142, "l"},  {0x0153, "oe"}, {0x0167, "t"}, {0x0180, "b"}, {0x01E5, "g"}, {0x0268, "i"}};

// Folded text without diacritics; itself when it has none.
icu::UnicodeString without_diacritics(const icu::UnicodeString& folded) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString apart = icu::Normalizer2::getNFDInstance(status)->normalize(folded, status);
  icu::UnicodeString kept;
  for (int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
    const UChar32 c = apart.char32At(i);
    if (is_diacritic(c)) continue;
    const auto* letter = std::find_if(std::begin(kLettersWithoutMark), std::end(kLettersWithoutMark),
                                      [c](const auto& each) { return each.first == c; });
    if (letter != std::end(kLettersWithoutMark)) {
      kept.append(icu::UnicodeString::fromUTF8(letter->second));
    } else {
      kept.append(c);
    }
  }
  kept = icu::Normalizer2::getNFCInstance(status)->normalize(kept, status);
  if (U_FAILURE(status) != 0) throw std::runtime_error("ICU cannot take a letter's marks away");
  return kept;
}

struct UnicodeFiller {
  const icu::Normalizer2& nfkc;
  bool keeps_diacritics;
  std::vector<FoldingEntry>& flat;
  std::vector<ShortText>& replacements;
  std::vector<std::string>& expansions;
  std::map<std::string, uint16_t> known_replacements;
  std::map<std::string, uint16_t> known_expansions;

  uint16_t replacement_index(const std::string& folded) {
    const auto [it, is_new] = known_replacements.try_emplace(folded, static_cast<uint16_t>(replacements.size()));
    if (is_new) {
      ShortText& text = replacements.emplace_back();
      text.length = static_cast<uint32_t>(folded.copy(text.bytes, sizeof(text.bytes)));
    }
    return it->second;
  }

  uint16_t expansion_index(const std::string& folded) {
    const auto [it, is_new] = known_expansions.try_emplace(folded, static_cast<uint16_t>(expansions.size()));
    if (is_new) expansions.push_back(folded);
    return it->second;
  }

  FoldingEntry entry_of(UChar32 c) {
    if (c == kZeroWidthSpace || c == kServiceMark || c == kTradeMark) return {};
    if (!keeps_diacritics && is_diacritic(c)) return {FoldingAction::kDrop, 0, 0};
    if (keeps_diacritics && nfkc.isInert(c) != 0)
      return {FoldingTable::action_when_normalised(static_cast<uint32_t>(c)), 0, 0};
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString folded = nfkc.normalize(icu::UnicodeString(c), status);
    if (!keeps_diacritics) folded = without_diacritics(folded);
    if (U_FAILURE(status) != 0) throw std::runtime_error("ICU cannot normalise a code point");
    if (folded.isEmpty()) return {FoldingAction::kDrop, 0, 0};
    const bool is_unchanged = folded == icu::UnicodeString(c);
    if (nfkc.hasBoundaryBefore(c) == 0) return entry_within_sequence(nfkc, c, is_unchanged);
    if (is_unchanged) return {FoldingTable::action_when_normalised(static_cast<uint32_t>(c)), 0, 0};
    const FoldingAction action = action_of_folded(folded);
    if (action == FoldingAction::kSeparate) return {};
    std::string utf8;
    folded.toUTF8String(utf8);
    if (action == FoldingAction::kExpand || utf8.size() > sizeof(ShortText::bytes)) {
      return {FoldingAction::kExpand, 255, expansion_index(utf8)};
    }
    const uint8_t last_class = u_getCombiningClass(folded.char32At(folded.moveIndex32(folded.length(), -1)));
    return {action, last_class, replacement_index(utf8)};
  }

  static UBool U_CALLCONV fill_range(const void* context, UChar32 start, UChar32 limit, UCharCategory category) {
    if (category == U_SURROGATE || category == U_PRIVATE_USE_CHAR) return 1;
    auto& filler = *static_cast<UnicodeFiller*>(const_cast<void*>(context));
    for (UChar32 c = start; c < limit; ++c) {
      // Some code points not yet assigned are known to be invisible; the others stay separators.
      if (category == U_UNASSIGNED && filler.nfkc.isInert(c) != 0) continue;
      filler.flat[static_cast<size_t>(c)] = filler.entry_of(c);
    }
    return 1;
  }
};

}  // namespace

FoldingAction FoldingTable::action_when_normalised(uint32_t code_point) {
  const auto c = static_cast<UChar32>(code_point);
  if (is_of_script_without_spaces(c) || is_emoji(c)) return FoldingAction::kStandAlone;
  if (is_word_character(c)) return FoldingAction::kKeep;
  return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0 ? FoldingAction::kAttach : FoldingAction::kSeparate;
}

const FoldingTable& FoldingTable::of(CaseFolding folding) {
  static const FoldingTable unicode(CaseFolding::kUnicode);
  if (folding == CaseFolding::kUnicode) return unicode;
  if (folding == CaseFolding::kUnicodeWithoutDiacritics) {
    static const FoldingTable without_diacritics(CaseFolding::kUnicodeWithoutDiacritics);
    return without_diacritics;
  }
  static const FoldingTable ascii(CaseFolding::kAscii);
  return ascii;
}

FoldingTable::FoldingTable(CaseFolding folding) {
  std::vector<FoldingEntry> flat(kCodePoints);
  if (folding != CaseFolding::kAscii) {
    UnicodeFiller filler{
        casefold_normaliser(), folding == CaseFolding::kUnicode, flat, replacements_, expansions_, {}, {}};
    u_enumCharTypes(&UnicodeFiller::fill_range, &filler);
  } else {
    for (uint32_t c = 0; c < kCodePoints; ++c) {
      if (is_word_character(static_cast<UChar32>(c))) flat[c] = {FoldingAction::kKeep, 0, 0};
    }
  }
  pack(flat);
}

void FoldingTable::pack(const std::vector<FoldingEntry>& flat) {
  constexpr size_t kBlock = size_t{1} << kBlockBits;
  std::map<std::string_view, uint16_t> known;
  block_of_.reserve(kCodePoints / kBlock);
  for (size_t begin = 0; begin < flat.size(); begin += kBlock) {
    const std::string_view bytes(reinterpret_cast<const char*>(&flat[begin]), kBlock * sizeof(FoldingEntry));
    const auto [it, is_new] = known.try_emplace(bytes, static_cast<uint16_t>(entries_.size() / kBlock));
    if (is_new) entries_.insert(entries_.end(), &flat[begin], &flat[begin] + kBlock);
    block_of_.push_back(it->second);
  }
}

void fold_sequence(std::string_view utf8, std::string& out) {
  out.clear();
  icu::StringByteSink<std::string> sink(&out);
  UErrorCode status = U_ZERO_ERROR;
  const icu::StringPiece piece(utf8.data(), static_cast<int32_t>(utf8.size()));
  casefold_normaliser().normalizeUTF8(0, piece, sink, nullptr, status);
  if (U_FAILURE(status) != 0) throw std::runtime_error("ICU cannot normalise a sequence");
}

}  // namespace earshot
