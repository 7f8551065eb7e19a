#include "engine/observe/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <stdexcept>
#include <type_traits>

namespace earshot {
namespace {

template <class Metric>
struct FamilyOf {
  prometheus::Family<Metric>* family;
  std::map<MetricLabels, Metric*> series;
};

void check_name(const std::string& name, bool is_counter) {
  if (!name.starts_with("earshot_")) throw std::invalid_argument("metric " + name + " does not begin with earshot_");
  if (is_counter != name.ends_with("_total")) {
    throw std::invalid_argument("metric " + name + ": counters, and only they, end in _total");
  }
}

}  // namespace

struct Metrics::Families {
  std::map<std::string, FamilyOf<prometheus::Counter>> counters;
  std::map<std::string, FamilyOf<prometheus::Gauge>> gauges;
  std::map<std::string, FamilyOf<prometheus::Histogram>> histograms;

  template <class Metric>
  auto& of_type() {
    if constexpr (std::is_same_v<Metric, prometheus::Counter>) {
      return counters;
    } else if constexpr (std::is_same_v<Metric, prometheus::Gauge>) {
      return gauges;
    } else {
      return histograms;
    }
  }

  template <class Metric, class Builder, class... Arguments>
  Metric* series(prometheus::Registry& registry, Builder builder, const std::string& name, const std::string& help,
                 const MetricLabels& labels, const Arguments&... arguments) {
    auto& families = of_type<Metric>();
    auto found = families.find(name);
    if (found == families.end()) {
      check_name(name, std::is_same_v<Metric, prometheus::Counter>);
      auto& family = builder.Name(name).Help(help).Register(registry);  // throws when another type has the name
      found = families.emplace(name, FamilyOf<Metric>{&family, {}}).first;
    }
    auto& [family, known] = found->second;
    if (const auto at = known.find(labels); at != known.end()) return at->second;
    MetricLabels wanted = labels;
    if (known.size() >= kSeriesMax) {
      for (auto& [label, value] : wanted) value = "other";
    }
    Metric* metric = &family->Add(wanted, arguments...);
    known.emplace(wanted, metric);
    return metric;
  }
};

void Counter::add(double amount) const {
  counter_->Increment(amount);
}
void Counter::raise_to(double total) const {
  const double growth = total - counter_->Value();
  if (growth > 0) counter_->Increment(growth);
}
double Counter::value() const {
  return counter_->Value();
}

void Gauge::set(double value) const {
  gauge_->Set(value);
}
void Gauge::add(double amount) const {
  gauge_->Increment(amount);
}
double Gauge::value() const {
  return gauge_->Value();
}

void Histogram::observe(double value) const {
  histogram_->Observe(value);
}

Metrics::Metrics() : registry_(std::make_unique<prometheus::Registry>()), families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

Counter Metrics::counter(const std::string& name, const std::string& help, const MetricLabels& labels) {
  const std::lock_guard lock(mutex_);
  return Counter(families_->series<prometheus::Counter>(*registry_, prometheus::BuildCounter(), name, help, labels));
}

Gauge Metrics::gauge(const std::string& name, const std::string& help, const MetricLabels& labels) {
  const std::lock_guard lock(mutex_);
  return Gauge(families_->series<prometheus::Gauge>(*registry_, prometheus::BuildGauge(), name, help, labels));
}

Histogram Metrics::histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
                             const MetricLabels& labels) {
  const std::lock_guard lock(mutex_);
  return Histogram(
      families_->series<prometheus::Histogram>(*registry_, prometheus::BuildHistogram(), name, help, labels, bounds));
}

void Metrics::remove(const std::string& name, const MetricLabels& labels) {
  const std::lock_guard lock(mutex_);
  const auto found = families_->gauges.find(name);
  if (found == families_->gauges.end()) return;
  auto& [family, known] = found->second;
  const auto at = known.find(labels);
  if (at == known.end()) return;
  family->Remove(at->second);
  known.erase(at);
}

void Metrics::on_scrape(std::function<void()> refresh) {
  const std::lock_guard lock(scrape_mutex_);
  refreshes_.push_back(std::move(refresh));
}

std::string Metrics::scrape() {
  const std::lock_guard lock(scrape_mutex_);
  for (const auto& refresh : refreshes_) refresh();
  return prometheus::TextSerializer().Serialize(registry_->Collect());
}

}  // namespace earshot
