// Secret: a string that never prints. Comparison takes the same time wherever the first difference is.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace earshot {

class Secret {
 public:
  Secret() = default;
  // Implicit: whatever text may become a secret, only reveal() makes text of a secret.
  Secret(std::string value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Secret(const char* value) : value_(value) {}             // NOLINT(google-explicit-constructor)

  [[nodiscard]] const std::string& reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

  // Takes time that depends on the lengths alone.
  [[nodiscard]] bool equals(std::string_view other) const {
    unsigned char difference = value_.size() == other.size() ? 0 : 1;
    for (size_t i = 0; i < other.size(); ++i) {
      const char own = value_.empty() ? '\0' : value_[i % value_.size()];
      difference = static_cast<unsigned char>(difference | (own ^ other[i]));
    }
    return difference == 0;
  }

  friend std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "[secret]"; }

 private:
  std::string value_;
};

}  // namespace earshot
