// A rule of another language as the listener's query, or as what is said of it.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "ops/import/translation.h"

namespace earshot::import {

// The query, or "refused OPERATION@BYTE" for each refusal.
inline std::string shown(const Translation& translation) {
  std::string refusals;
  for (const Finding& finding : translation.findings) {
    if (finding.kind != Finding::Kind::kRefused) continue;
    refusals += fmt::format("{}refused {}@{}", refusals.empty() ? "" : ", ", finding.operation, finding.begin);
  }
  return refusals.empty() ? translation.query : refusals;
}

// The operations whose translation means something a little different.
inline std::string differences(const Translation& translation) {
  std::string names;
  for (const Finding& finding : translation.findings) {
    if (finding.kind == Finding::Kind::kDiffers) names += (names.empty() ? "" : ", ") + finding.operation;
  }
  return names;
}

}  // namespace earshot::import
