// EarshotModel: the weights of the earshot sentiment model (MODEL_CARD.md; trained by training/train.py). Immutable.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "operators/sentiment/features.h"

namespace earshot::sentiment {

// A file is, little-endian: "EARSENT3"; the language the model reads (BCP 47 without region, 8 bytes, the rest zeros);
// counts of hashed and of shape rows (uint32); scales of the four columns for hashed rows, then for shape rows
// (float32); temperature (float32); the five factors of the rating (float32); the rows (int8, four columns); FNV-1a of
// all before it (uint64).
class EarshotModel {
 public:
  static constexpr size_t kLanguageBytes = 8;

  // What a row adds to: a score for each class, and to the rating.
  enum Column : uint8_t { kNegative, kNeutral, kPositive, kRating };
  static constexpr size_t kColumns = 4;
  using Row = std::array<int8_t, kColumns>;
  using Scales = std::array<float, kColumns>;

  // What the rating leans on besides the rows: rating = sum of factor times value, from -4 to 4.
  enum Factor : uint8_t { kOne, kVaderCompound, kBalance, kVaderPositive, kVaderNegative };
  static constexpr size_t kFactors = 5;

  // The model that was compiled in.
  static std::shared_ptr<const EarshotModel> builtin();

  // Reads a model file's bytes; `name` is the file's name for errors. A model that is cut short or damaged is refused.
  static Result<std::shared_ptr<const EarshotModel>> parse(std::span<const std::byte> bytes, const std::string& name);

  [[nodiscard]] const std::string& language() const { return language_; }
  // Precondition: row < kFeatureRows.
  [[nodiscard]] const Row& row(uint32_t row) const { return rows_[row]; }
  [[nodiscard]] const Scales& hashed_scales() const { return hashed_scales_; }
  [[nodiscard]] const Scales& shape_scales() const { return shape_scales_; }
  [[nodiscard]] float temperature() const { return temperature_; }
  [[nodiscard]] float factor(Factor factor) const { return factors_[factor]; }

 private:
  std::string language_;
  std::vector<Row> rows_;
  Scales hashed_scales_{};
  Scales shape_scales_{};
  float temperature_ = 1;
  std::array<float, kFactors> factors_{};
};

std::span<const std::byte> builtin_model_bytes();

}  // namespace earshot::sentiment
