#include <cstdlib>
#include <iostream>

#include "engine/observe/admin_server.h"
#include "engine/observe/logging.h"
#include "engine/observe/metrics.h"
#include "engine/observe/readiness.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/pipeline.h"
#include "ops/earshot/pipeline_metrics.h"
#include "ops/earshot/process_safety.h"
#include "ops/earshot/rule_compiler.h"
#include "ops/earshot/stop_deadline.h"
#include "ops/earshot/stop_signal.h"
#include "ops/earshot/watch.h"

namespace earshot {
namespace {

int report(const Error& error) {
  std::cerr << error.to_string() << '\n';
  return 1;
}

void add_readiness_checks(Readiness& readiness, const Pipeline& pipeline) {
  for (const auto& stage : pipeline.stages()) {
    readiness.set_check(stage->name(), [raw = stage.get()]() -> Result<void> {
      if (raw->is_running() || raw->is_done()) return {};
      return Error{ErrorCode::kUnavailable, "has no partitions yet", ""};
    });
  }
}

std::string where_outputs_lie(const Settings& settings) {
  std::string text =
      settings.log.connector == LogConnector::kLocal ? "log: " + settings.log.path.string() : "log: Kafka";
  const OutputFileSettings& files = settings.outputs.files;
  for (const auto& [name, path] : {std::pair("alerts", files.alerts),
                                   {"mentions", files.mentions},
                                   {"retractions", files.retractions},
                                   {"windows", files.windows},
                                   {"dead letters", files.dead_letters}}) {
    if (!path.empty()) text += std::string("\n") + name + ": " + path.string();
  }
  return text;
}

// For a stop that is overdue. Safe at any moment, as a crash is; the next start settles what is open.
[[noreturn]] void leave_as_by_a_crash(const StopSignal& stop) {
  log_warning("earshot", "the stop takes longer than runtime.stop_timeout: left; what was not committed is read again");
  std::_Exit(stop.has_come() ? 0 : 1);
}

}  // namespace

int run_command(const RunArguments& arguments) {
  const auto roles = roles_from_name(arguments.only);
  if (!roles) return report(roles.error()), 2;
  create_files_privately();
  auto prepared = prepare(arguments.config, [](const Settings& each) { return RuleCompiler::of(each); });
  if (!prepared) return report(prepared.error());
  const Settings settings = prepared->settings;
  init_logging(arguments.watch ? std::max(settings.logging.level, LogLevel::kWarning) : settings.logging.level,
               settings.logging.format);
  StopSignal stop;  // before any other thread
  const StopDeadline deadline(stop.token(), settings.runtime.stop_timeout, [&stop] { leave_as_by_a_crash(stop); });
  auto state = judge_state(settings);
  if (!state) return report(state.error());
  const auto admitted = arguments.accepts_state_reset ? Result<void>() : refuse_resets(*state);
  if (!admitted) return report(admitted.error());
  prepared->state = std::move(*state);
  warn_of_unsafe_surroundings(settings);
  for (const std::string& remark : prepared->remarks) log_warning("kafka", remark);

  Metrics metrics;
  PipelineMetrics pipeline_metrics(metrics);
  const ListenerSet& listeners = *prepared->rules->listeners();
  const uint64_t rule_version = listeners.version;
  const size_t listener_count = listeners.listeners.size();
  auto pipeline = Pipeline::open(std::move(*prepared), *roles, arguments.until_end, pipeline_metrics);
  if (!pipeline) return report(pipeline.error());
  if (roles->listen) pipeline_metrics.show((*pipeline)->stats(), rule_version, listener_count);

  Readiness readiness;
  add_readiness_checks(readiness, **pipeline);
  std::unique_ptr<AdminServer> admin;
  if (settings.admin.enabled) {
    auto started = AdminServer::start(settings.admin.options(), metrics, readiness);
    if (!started) return report(started.error());
    admin = std::move(*started);
    log_info("admin", "listening", {{"address", admin->address()}});
  }

  std::unique_ptr<Watch> watch;
  if (arguments.watch) {
    auto started = Watch::start(**pipeline);
    if (!started) return report(started.error());
    watch = std::move(*started);
  }
  log_info("earshot", "running", {{"listeners", listener_count}, {"rule_version", rule_version}});
  const auto outcome = (*pipeline)->run(stop.source());
  if (watch) watch->finish(where_outputs_lie(settings));
  if (!outcome) return report(outcome.error());
  log_info("earshot", "stopped", {{"posts", (*pipeline)->stats().posts_in.load()}});
  return 0;
}

}  // namespace earshot
