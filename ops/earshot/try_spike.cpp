#include <iostream>
#include <string>

#include "operators/spike/series.h"
#include "ops/earshot/commands.h"

namespace earshot {

int try_spike_command(int64_t pane_seconds) {
  if (pane_seconds < 1 || pane_seconds > 86'400) {
    std::cerr << "--pane: expected 1 to 86400 seconds, not " << pane_seconds << '\n';
    return 2;
  }
  spike::SpikeCsv csv(pane_seconds * 1000);
  std::string line;
  std::string out_line;
  bool has_failed = false;
  while (std::getline(std::cin, line)) {
    if (line.ends_with('\r')) line.pop_back();
    out_line.clear();
    if (const auto done = csv.transform(line, out_line); !done) {
      has_failed = true;
      std::cerr << done.error().to_string() << '\n';
    }
    std::cout << out_line << '\n';
  }
  std::cout.flush();
  return has_failed ? 1 : 0;
}

}  // namespace earshot
