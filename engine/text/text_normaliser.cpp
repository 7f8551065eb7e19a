#include "engine/text/text_normaliser.h"

#include "engine/text/normalisation_pass.h"

namespace earshot {
namespace {

constexpr size_t kTextBytesMax = size_t{1} << 30;  // positions are 32 bits wide, and a text may grow

}  // namespace

TextNormaliser::TextNormaliser(CaseFolding folding) : TextNormaliser(folding, ascii_kernels().back().run) {}

TextNormaliser::TextNormaliser(CaseFolding folding, AsciiKernel kernel)
    : table_(&FoldingTable::of(folding)), kernel_(kernel) {}

void TextNormaliser::normalise(std::string_view text, NormalisedText& out) const {
  text = text.substr(0, kTextBytesMax);
  out.has_word_starts_ = false;
  out.positions_.clear();
  out.buffer_[0] = ' ';
  char* const buffer = out.buffer_.data();
  AsciiCursor cursor{text.data(), text.data(), text.data() + text.size(), buffer + 1, buffer, &out.positions_};
  NormalisationPass pass(*table_, out, cursor);
  pass.make_room(1);
  while (cursor.at < cursor.end) {
    kernel_(cursor);
    if (cursor.at == cursor.end) break;
    pass.run();
    pass.make_room(1);
  }
  if (cursor.out[-1] != ' ') *cursor.out++ = ' ';
  out.size_ = static_cast<size_t>(cursor.out - cursor.out_begin);
}

std::string TextNormaliser::normalise(std::string_view text) const {
  NormalisedText normalised;
  normalise(text, normalised);
  return std::string(normalised.text());
}

}  // namespace earshot
