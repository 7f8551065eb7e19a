// Random texts that put what is hard about Unicode side by side.
#pragma once

#include <array>
#include <random>
#include <string>
#include <string_view>

namespace earshot::plain {

inline constexpr auto kPieces = std::to_array<std::string_view>({
    "a",
    "B",
    "word",
    "WORD",
    "don't",
    "7",
    "2nd",
    " ",
    "  ",
    ", ",
    "... ",
    "_",
    "#tag",
    "@name",
    "\n",
    "a long stretch of plain words, so that a kernel runs over several blocks of it: all of them ASCII.",
    "\u00e9",
    "\u00c9",
    "e\u0301",
    "E\u0301\u0316",
    "e\u0316\u0301",
    "a\u0301\u0302\u0303",
    "\u0301",
    " \u0301x",
    "\u0338",
    "=\u0338",
    "\u00df",
    "\u1e9e",
    "\ufb01",
    "\u2122",
    "\u00ae",
    "\u00bd",
    "\u00b2",
    "\u00b4",
    "\ufdfa",
    "\u0130",
    "\u01c5",
    "\u03a3\u03c2",
    "\u0416\u0443\u043a",
    "\u0418\u0306",
    "\u65e5\u672c\u8a9e",
    "\u30e9\u30fc\u30e1\u30f3",
    "\uff8a\uff9e",
    "\uff76",
    "\u304b\u3099",
    "\u30fc",
    "\u3300",
    "\u3007",
    "\uf900",
    "\u0e01\u0e33",
    "\u0e01\u0e35\u0e48",
    "\u1780\u17d2\u1781",
    "\ud55c\uad6d",
    "\u1112\u1161\u11ab",
    "\u1161",
    "\u0915\u094d\u0937\u093f",
    "\u0915\u093c",
    "\u094d",
    "\u093f",
    "\u0646\u0652",
    "\u05e9\u05c1\u05b8",
    "\u05b8\u05c1",
    "\U0001F44D",
    "\U0001F44D\U0001F3FD",
    "\u2764\ufe0f",
    "\U0001F468\u200d\U0001F469",
    "\U0001F1E9\U0001F1EA",
    "\u2764\u0301",
    "\u00ad",
    "\u200b",
    "\u200d",
    "\ufe0f",
    "\u2019",
    "\u2014",
    "\u00a0",
    "\uff21\uff22",
    "\U0001D400",
    "\U00020000",
    "\u0660\u0661",
    "\x80",
    "\xe2\x82",
    "\xf0\x9f\x98",
    "\xed\xa0\x80",
    "\xc0\xaf",
    "\xff",
    std::string_view("\0", 1),
});

inline std::string random_text(std::mt19937& random, int pieces_max) {
  std::string text;
  const int count = std::uniform_int_distribution<int>(0, pieces_max)(random);
  for (int i = 0; i < count; ++i) {
    text += kPieces[std::uniform_int_distribution<size_t>(0, kPieces.size() - 1)(random)];
  }
  return text;
}

}  // namespace earshot::plain
