#include "ops/earshot/parse_options.h"

#include <map>
#include <memory>
#include <string>

#include "operators/parse/custom_fields.h"

namespace earshot {

parse::ParseOptions parse_options(const SourceSettings& source) {
  parse::ParseOptions options;
  options.format = parse::format_from_name(source.format).value_or(parse::Format::kAuto);
  options.detects_language = source.detect_language;
  if (options.format != parse::Format::kCustom) return options;
  std::map<std::string, std::string> pointers;
  for (const auto& [member, pointer] : source.fields) pointers.emplace(member, pointer.reveal());
  auto fields = parse::CustomFields::from(pointers);
  if (fields) options.custom = std::make_shared<const parse::CustomFields>(std::move(*fields));
  return options;
}

}  // namespace earshot
