#include <iostream>

#include "engine/time/timestamp.h"
#include "ops/earshot/commands.h"
#include "ops/generator/generator.h"

namespace earshot {

int generate_command(const GenerateArguments& arguments) {
  generator::DayPlan plan;
  plan.seed = arguments.seed;
  plan.hours = arguments.hours;
  plan.posts_per_second = arguments.posts_per_second;
  if (!arguments.start.empty()) {
    const auto start_ms = parse_rfc3339_ms(arguments.start);
    if (!start_ms) {
      std::cerr << "--start: '" << arguments.start << "' is no RFC 3339 time such as 2026-03-02T00:00:00Z\n";
      return 2;
    }
    plan.start_ms = *start_ms;
  }
  if (arguments.format == "mixed") {
    plan.format = generator::WireFormat::kMixed;
  } else if (arguments.format != "canonical") {
    std::cerr << "--format: unknown format '" << arguments.format << "'; expected canonical or mixed\n";
    return 2;
  }
  const auto tally = generator::generate_file(plan, arguments.out);
  if (!tally) {
    std::cerr << tally.error().to_string() << '\n';
    return tally.error().code == ErrorCode::kInvalid ? 2 : 1;
  }
  std::cerr << tally->posts << " posts, " << tally->duplicates << " duplicates, " << tally->late << " late, "
            << tally->malformed << " broken lines, " << tally->bytes << " bytes\n";
  return 0;
}

}  // namespace earshot
