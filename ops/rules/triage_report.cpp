#include "ops/rules/triage_report.h"

#include <fmt/format.h>

#include <numeric>

namespace earshot::rules {
namespace {

double ratio(size_t part, size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

size_t TriageReport::labelled(TriageClass kind) const {
  return std::accumulate(counts_[index(kind)].begin(), counts_[index(kind)].end(), size_t{0});
}

size_t TriageReport::given(TriageClass kind) const {
  size_t posts = 0;
  for (const auto& row : counts_) posts += row[index(kind)];
  return posts;
}

size_t TriageReport::posts() const {
  size_t posts = 0;
  for (size_t i = 0; i < kClasses; ++i) posts += labelled(static_cast<TriageClass>(i));
  return posts;
}

double TriageReport::f1(TriageClass kind) const {
  return 2 * ratio(right(kind), labelled(kind) + given(kind));
}

double TriageReport::macro_f1() const {
  double sum = 0;
  size_t classes = 0;
  for (size_t i = 0; i < kClasses; ++i) {
    const auto kind = static_cast<TriageClass>(i);
    if (labelled(kind) == 0) continue;
    sum += f1(kind);
    ++classes;
  }
  return classes == 0 ? 0 : sum / static_cast<double>(classes);
}

std::string TriageReport::to_text() const {
  constexpr size_t kShortName = 7;
  std::string text = fmt::format("{:<16}", "labelled \\ given");
  for (size_t i = 0; i < kClasses; ++i) {
    text += fmt::format(" {:>7}", to_string(static_cast<TriageClass>(i)).substr(0, kShortName));
  }
  for (size_t row = 0; row < kClasses; ++row) {
    text += fmt::format("\n{:<16}", to_string(static_cast<TriageClass>(row)));
    for (const size_t count : counts_[row])
      text += count == 0 ? fmt::format(" {:>7}", '.') : fmt::format(" {:>7}", count);
  }
  text += fmt::format("\n\n{:<16} {:>9} {:>9} {:>9} {:>9}\n", "class", "posts", "precision", "recall", "F1");
  for (size_t i = 0; i < kClasses; ++i) {
    const auto kind = static_cast<TriageClass>(i);
    text += fmt::format("{:<16} {:>9} {:>9.3f} {:>9.3f} {:>9.3f}\n", to_string(kind), labelled(kind),
                        ratio(right(kind), given(kind)), ratio(right(kind), labelled(kind)), f1(kind));
  }
  size_t all_right = 0;
  for (size_t i = 0; i < kClasses; ++i) all_right += counts_[i][i];
  return text + fmt::format("\n{} posts, {:.3f} of them right, macro-F1 {:.3f}\n", posts(), ratio(all_right, posts()),
                            macro_f1());
}

}  // namespace earshot::rules
