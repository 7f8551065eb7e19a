#include "operators/sentiment/earshot_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace earshot::sentiment {
namespace {

constexpr std::string_view kMagic = "EARSENT3";

uint64_t fnv_1a(std::span<const std::byte> bytes) {
  uint64_t state = 0xcbf29ce484222325ULL;
  for (const std::byte byte : bytes) state = (state ^ static_cast<uint64_t>(byte)) * 0x100000001b3ULL;
  return state;
}

// Precondition of each call: the bytes are there.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : left_(bytes) {}

  template <class T>
  void read(T* values, size_t count) {
    std::memcpy(values, left_.data(), sizeof(T) * count);
    left_ = left_.subspan(sizeof(T) * count);
  }

 private:
  std::span<const std::byte> left_;
};

bool all_finite(std::span<const float> values) {
  for (const float value : values) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

}  // namespace

Result<std::shared_ptr<const EarshotModel>> EarshotModel::parse(std::span<const std::byte> bytes,
                                                                const std::string& name) {
  constexpr size_t kHeaderBytes =
      8 + kLanguageBytes + 2 * sizeof(uint32_t) + (2 * kColumns + 1 + kFactors) * sizeof(float);
  constexpr size_t kFileBytes = kHeaderBytes + kFeatureRows * kColumns + sizeof(uint64_t);
  if (bytes.size() < kMagic.size() || std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0) {
    return invalid("not a sentiment model: it does not begin with EARSENT3", name);
  }
  if (bytes.size() != kFileBytes) {
    return invalid(fmt::format("the model has {} bytes, expected {}", bytes.size(), kFileBytes), name);
  }
  uint64_t checksum = 0;
  ByteReader(bytes.last(sizeof checksum)).read(&checksum, 1);
  if (checksum != fnv_1a(bytes.first(kFileBytes - sizeof checksum))) {
    return Error{ErrorCode::kCorrupt, "the model's checksum does not fit: the file is damaged", name};
  }
  auto model = std::make_shared<EarshotModel>();
  ByteReader reader(bytes.subspan(kMagic.size()));
  std::array<char, kLanguageBytes + 1> language{};
  reader.read(language.data(), kLanguageBytes);
  model->language_ = language.data();
  const bool is_language = model->language_.size() >= 2 &&
                           std::ranges::all_of(model->language_, [](char c) { return c >= 'a' && c <= 'z'; });
  if (!is_language) return invalid("the model does not name its language, in small letters", name);
  std::array<uint32_t, 2> counts{};
  reader.read(counts.data(), counts.size());
  if (counts != std::array<uint32_t, 2>{kHashedRows, kShapeRows}) {
    return invalid(
        fmt::format("the model has {} and {} rows, expected {} and {}", counts[0], counts[1], kHashedRows, kShapeRows),
        name);
  }
  reader.read(model->hashed_scales_.data(), kColumns);
  reader.read(model->shape_scales_.data(), kColumns);
  reader.read(&model->temperature_, 1);
  reader.read(model->factors_.data(), kFactors);
  const bool is_sound = all_finite(model->hashed_scales_) && all_finite(model->shape_scales_) &&
                        all_finite(model->factors_) && std::isfinite(model->temperature_) && model->temperature_ > 0;
  if (!is_sound) return invalid("a scale, factor or the temperature is not a usable number", name);
  model->rows_.resize(kFeatureRows);
  reader.read(model->rows_.data(), kFeatureRows);
  return std::shared_ptr<const EarshotModel>(std::move(model));
}

std::shared_ptr<const EarshotModel> EarshotModel::builtin() {
  static const auto model = [] {
    auto parsed = parse(builtin_model_bytes(), "earshot_model.bin");
    if (!parsed) throw std::logic_error(parsed.error().to_string());
    return *parsed;
  }();
  return model;
}

}  // namespace earshot::sentiment
