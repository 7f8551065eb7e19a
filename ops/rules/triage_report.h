// TriageReport: how often the class that triage gives is the one that a person gave.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "schemas/mention.h"

namespace earshot::rules {

class TriageReport {
 public:
  void add(TriageClass labelled, TriageClass given) { ++counts_[index(labelled)][index(given)]; }

  [[nodiscard]] size_t posts() const;
  [[nodiscard]] size_t labelled(TriageClass kind) const;
  [[nodiscard]] size_t given(TriageClass kind) const;
  [[nodiscard]] size_t right(TriageClass kind) const { return counts_[index(kind)][index(kind)]; }

  // Harmonic mean of precision and recall, 0 to 1; 0 for a class that was never given rightly.
  [[nodiscard]] double f1(TriageClass kind) const;
  // The mean over the classes that some post is labelled with.
  [[nodiscard]] double macro_f1() const;

  // The confusion matrix (a row for each label, a column for each class given), then precision, recall and F1.
  [[nodiscard]] std::string to_text() const;

 private:
  static constexpr size_t kClasses = static_cast<size_t>(TriageClass::kOther) + 1;
  static size_t index(TriageClass kind) { return static_cast<size_t>(kind); }

  std::array<std::array<size_t, kClasses>, kClasses> counts_{};
};

}  // namespace earshot::rules
