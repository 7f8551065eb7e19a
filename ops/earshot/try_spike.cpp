#include <iostream>

#include "operators/spike/series_csv.h"
#include "ops/earshot/commands.h"

namespace earshot {

int try_spike_command(int64_t pane_seconds) {
  if (pane_seconds < 1 || pane_seconds > 86'400) {
    std::cerr << "--pane: expected 1 to 86400 seconds, not " << pane_seconds << '\n';
    return 2;
  }
  return 0;
}

}  // namespace earshot
