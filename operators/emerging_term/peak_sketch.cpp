#include "operators/emerging_term/peak_sketch.h"

#include <algorithm>
#include <cmath>

namespace earshot::emerging_term {
namespace {

constexpr double kFull = 255;

uint8_t cell_at(const std::string& cells, size_t i) {
  return static_cast<uint8_t>(cells[i]);
}

}  // namespace

// Terms are hashes already: each row takes bits of its own.
std::array<size_t, PeakSketch::kRows> PeakSketch::cells_of(uint32_t term) {
  return {term % kCells, kCells + (term >> 16) % kCells};
}

void PeakSketch::raise(uint32_t term, double share) {
  if (cells_.empty()) cells_.assign(kRows * kCells, '\0');
  const auto height = static_cast<uint8_t>(std::ceil(std::clamp(share, 0.0, 1.0) * kFull));
  for (const size_t cell : cells_of(term)) cells_[cell] = static_cast<char>(std::max(height, cell_at(cells_, cell)));
}

double PeakSketch::peak(uint32_t term) const {
  if (cells_.empty()) return 0;
  const auto [first, second] = cells_of(term);
  return std::min(cell_at(cells_, first), cell_at(cells_, second)) / kFull;
}

void PeakSketch::fade() {
  constexpr int kKeptOf256 = 232;
  for (char& cell : cells_) cell = static_cast<char>(static_cast<uint8_t>(cell) * kKeptOf256 / 256);
}

bool PeakSketch::restore(std::string_view bytes) {
  if (!bytes.empty() && bytes.size() != kRows * kCells) return false;
  cells_ = bytes;
  return true;
}

}  // namespace earshot::emerging_term
