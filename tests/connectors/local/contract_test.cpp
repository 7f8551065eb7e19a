#include "connectors/local/local_log.h"
#include "tests/connectors/local/open_log.h"
#include "tests/connectors/temporary_folder.h"
#include "tests/contract/log_contract.h"
#include "tests/contract/source_contract.h"

namespace earshot::contract {
namespace {

class LocalLogHarness final : public LogHarness {
 public:
  Log& log() override { return *log_; }
  void reopen() override {
    log_.reset();
    log_ = local::open_or_fail(local::test_options(folder_.path()));
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Log> log_ = local::open_or_fail(local::test_options(folder_.path()));
};

INSTANTIATE_TEST_SUITE_P(Local, LogContract,
                         testing::Values(LogFactory{"local", [] { return std::make_unique<LocalLogHarness>(); }}),
                         log_name);

// A topic as a group reads it in the writing process, or as another process would follow it.
class TopicHarness final : public SourceHarness {
 public:
  TopicHarness(int32_t partitions, bool follow) : follow_(follow) { local::make_topic(*log_, {"posts", partitions}); }
  void append(int32_t partition, const std::vector<std::string>& values) override {
    std::vector<local::KeyAndValue> records;
    for (const std::string& value : values) records.emplace_back("", value);
    local::append(*log_, "posts", partition, records);
  }
  std::unique_ptr<Source> open(bool bounded) override {
    const SubscribeOptions options{.until_end = bounded};
    if (!follow_) return std::move(*log_->subscribe("group", {"posts"}, options));
    const auto reader = local::open_local_log_reader(folder_.path());
    return std::move(*(*reader)->subscribe({"posts"}, options));
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Log> log_ = local::open_or_fail(local::test_options(folder_.path()));
  bool follow_;
};

INSTANTIATE_TEST_SUITE_P(
    Local, SourceContract,
    testing::Values(SourceFactory{"local",
                                  [](int32_t partitions) { return std::make_unique<TopicHarness>(partitions, false); }},
                    SourceFactory{"local_reader",
                                  [](int32_t partitions) { return std::make_unique<TopicHarness>(partitions, true); }}),
    factory_name);

}  // namespace
}  // namespace earshot::contract
