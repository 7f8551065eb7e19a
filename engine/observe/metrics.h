// Metrics: the process's counters, gauges and histograms, as Prometheus reads them. One object, passed by reference to
// whoever counts. Handles are cheap to copy and safe to use from any thread; use them once per batch or commit, not per
// post. They are good as long as the Metrics object lives.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
class Registry;
}  // namespace prometheus

namespace earshot {

using MetricLabels = std::map<std::string, std::string>;

class Counter {
 public:
  explicit Counter(prometheus::Counter* counter) : counter_(counter) {}
  void add(double amount) const;  // amount >= 0
  // For a total that is counted elsewhere: adds what it grew by since. One thread at a time.
  void raise_to(double total) const;
  [[nodiscard]] double value() const;

 private:
  prometheus::Counter* counter_;
};

class Gauge {
 public:
  explicit Gauge(prometheus::Gauge* gauge) : gauge_(gauge) {}
  void set(double value) const;
  void add(double amount) const;
  [[nodiscard]] double value() const;

 private:
  friend class Metrics;
  prometheus::Gauge* gauge_;
};

class Histogram {
 public:
  explicit Histogram(prometheus::Histogram* histogram) : histogram_(histogram) {}
  void observe(double value) const;

 private:
  prometheus::Histogram* histogram_;
};

class Metrics {
 public:
  // Label sets that one name may have. More are counted together under the value "other" of every label, so that what
  // arrives from outside cannot grow the registry without end.
  static constexpr size_t kSeriesMax = 2000;

  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The series with this name and these labels, made at the first call. Names begin with earshot_ and end in the unit
  // (_seconds, _bytes); those of counters in _total. Breaking that, or one name for two types, is a bug and throws
  // std::invalid_argument.
  Counter counter(const std::string& name, const std::string& help, const MetricLabels& labels = {});
  Gauge gauge(const std::string& name, const std::string& help, const MetricLabels& labels = {});
  // `bounds`: upper ends of the buckets, ascending; those of the first call for a name hold for all its series.
  Histogram histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
                      const MetricLabels& labels = {});

  // Takes a gauge out, for what this process no longer has, such as a partition. Its handles are dead afterwards.
  void remove(const std::string& name, const MetricLabels& labels);

  // Calls `refresh` before each scrape, to bring in values that are kept elsewhere. It runs on the admin server's
  // thread, one at a time, and must not call back into counter(), gauge(), histogram(), on_scrape() or scrape().
  void on_scrape(std::function<void()> refresh);

  // All series in Prometheus's text format 0.0.4.
  [[nodiscard]] std::string scrape();

 private:
  struct Families;

  std::mutex mutex_;
  std::unique_ptr<prometheus::Registry> registry_;
  std::unique_ptr<Families> families_;
  std::vector<std::function<void()>> refreshes_;
  std::mutex scrape_mutex_;
};

}  // namespace earshot
