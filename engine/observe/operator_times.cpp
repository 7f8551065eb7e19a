#include "engine/observe/operator_times.h"

#include <string>

namespace earshot {

OperatorMeter::OperatorMeter(Metrics& metrics, std::span<const std::string_view> operators) {
  for (const std::string_view name : operators) {
    const MetricLabels labels{{"operator", std::string(name)}};
    series_.push_back(
        {metrics.counter("earshot_operator_seconds_total", "Time spent in each operator, over all threads.", labels),
         metrics.counter("earshot_operator_posts_total", "Posts that each operator took.", labels)});
  }
}

void OperatorMeter::take(OperatorTimes& times) const {
  for (size_t i = 0; i < series_.size(); ++i) {
    OperatorTimes::Lap& lap = times.laps_[i];
    series_[i].seconds.add(std::chrono::duration<double>(lap.time).count());
    series_[i].posts.add(static_cast<double>(lap.posts));
    lap = {};
  }
}

}  // namespace earshot
