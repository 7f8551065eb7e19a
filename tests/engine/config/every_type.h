// A settings struct with one option of every type, for the tests of reader, schema and reference.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/config/declaration.h"

namespace earshot {

enum class Colour { kRed, kGreen };

struct EveryType {
  std::string text = "plain";
  std::string name = "a-name";
  std::filesystem::path file = "data";
  Secret password;
  bool flag = true;
  int64_t count = 3;
  double share = 0.5;
  std::chrono::milliseconds delay{1500};
  ByteSize size{64 << 10};
  Colour colour = Colour::kRed;
  std::vector<std::string> words{"one"};
  std::vector<std::filesystem::path> files;
  std::vector<std::chrono::milliseconds> steps{std::chrono::minutes(1), std::chrono::hours(1)};
  ConfigProperties properties;
};

inline ConfigSection declare(EveryType& every) {
  ConfigSection root("", "Every type of option.");
  root.option("text", every.text, "Any text.");
  ConfigSection& inner = root.section("inner", "A section.");
  inner.option("name", every.name, "A name.").matching("^[a-z-]{1,20}$", "1 to 20 lowercase letters and dashes");
  inner.option("file", every.file, "A file.");
  inner.option("password", every.password, "A secret.");
  inner.option("flag", every.flag, "Yes or no.");
  inner.option("count", every.count, "How many.").between(1, 64).required();
  inner.option("share", every.share, "A share.").between(0, 1);
  ConfigSection& deep = inner.section("deep", "Deeper.");
  deep.option("delay", every.delay, "A delay.")
      .between(std::chrono::milliseconds(100), std::chrono::hours(1))
      .or_word("never", std::chrono::milliseconds(-1));
  deep.option("size", every.size, "A size.").between(ByteSize{1}, ByteSize{1 << 20});
  deep.choice("colour", every.colour, {{"red", Colour::kRed}, {"green", Colour::kGreen}}, "A colour.");
  root.option("words", every.words, "Words.").matching("^[a-z]+$", "lowercase letters");
  root.option("files", every.files, "Files.").elements(1, 3);
  root.option("steps", every.steps, "Steps.").between(std::chrono::seconds(1), std::chrono::hours(2));
  root.option("properties", every.properties, "Anything.");
  return root;
}

}  // namespace earshot
