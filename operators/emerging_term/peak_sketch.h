// PeakSketch: for every term the highest share of an hour's mentions that it has had of late, never less than it was:
// rows of cells by hash, of which the least holds (as in Cormode and Muthukrishnan, An improved data stream summary:
// the count-min sketch and its applications, J. Algorithms 2005, with a maximum for the sum). A KB; one thread at a
// time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace earshot::emerging_term {

class PeakSketch {
 public:
  // A term had this share, 0 to 1, which is rounded up to a 255th.
  void raise(uint32_t term, double share);

  [[nodiscard]] double peak(uint32_t term) const;

  // A day has passed: half of a peak is left after a week.
  void fade();

  [[nodiscard]] std::string_view bytes() const { return cells_; }
  // False: these are no sketch's.
  bool restore(std::string_view bytes);

 private:
  static constexpr size_t kRows = 2;
  static constexpr size_t kCells = 512;
  [[nodiscard]] static std::array<size_t, kRows> cells_of(uint32_t term);

  std::string cells_;  // empty until something is known
};

}  // namespace earshot::emerging_term
