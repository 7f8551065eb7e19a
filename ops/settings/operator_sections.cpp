#include "ops/settings/operator_sections.h"

namespace earshot {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

void declare_time(ConfigSection& section, TimeSettings& time) {
  section
      .option("disorder", time.disorder,
              "How far behind the newest post of its partition a post may be and be on time.")
      .between(seconds(0), hours(24))
      .restarts();
  section
      .option("lateness", time.lateness, "How long a closed pane still takes corrections. Later posts count as late.")
      .between(seconds(0), hours(7 * 24))
      .restarts();
  section
      .option("future_skew", time.future_skew,
              "A post's time is at most its record's time plus this, so that a wrong clock cannot push time ahead. "
              "Lines of a file have no time: a day after the machine's.")
      .between(seconds(0), hours(24))
      .restarts();
  section
      .option("idle_timeout", time.idle_timeout, "A partition without lag or data stops holding time back after this.")
      .between(milliseconds(100), hours(24))
      .restarts();
}

void declare_detect(ConfigSection& section, DetectSettings& detect) {
  section
      .option("false_alarms_per_week", detect.false_alarms_per_week,
              "Budget of false alarms for each listener; a listener's `sensitivity` multiplies it.")
      .between(0.001, 1000)
      .restarts();
  section
      .option("min_mentions", detect.min_mentions,
              "Fewer mentions than this never alert, however unusual. A listener's own setting goes first.")
      .between(1, 1'000'000)
      .restarts();
  section.option("warm_up", detect.warm_up, "A listener is not judged before it has been listened to for this long.")
      .between(seconds(0), hours(28 * 24))
      .restarts();
  section.option("cool_down", detect.cool_down, "Quiet between two alerts of a listener.")
      .between(seconds(0), hours(28 * 24))
      .restarts();
  section
      .option("mentions_drop", detect.mentions_drop,
              "Tell when a listener is hardly mentioned any more while others are (docs/detection.md).")
      .restarts();
  section
      .option("sentiment_shift", detect.sentiment_shift,
              "Tell when many more of a listener's mentions are negative than usual, however many there are.")
      .restarts();
  section
      .option("viral_post", detect.viral_post,
              "Tell when one post is passed on and answered far more often than any around the listener before.")
      .restarts();
  section
      .option("emerging_term", detect.emerging_term,
              "Tell when a word that hardly anybody used is in many of a listener's mentions, however many there are.")
      .restarts();
  section
      .option("feed_silence", detect.feed_silence,
              "Tell when the input has brought nothing for this long, and longer than usual: all of it or a partition. "
              "0s: never.")
      .between(seconds(0), hours(24))
      .restarts();
}

void declare_incident(ConfigSection& section, IncidentSettings& incident) {
  section
      .option("escalate_factor", incident.escalate_factor,
              "An open incident escalates when it is this many times as strong as when it last spoke.")
      .between(1.1, 100)
      .restarts();
  section.option("resolve_after", incident.resolve_after, "Calm for this long resolves an incident.")
      .between(seconds(1), hours(7 * 24))
      .restarts();
  section
      .option("reopen_within", incident.reopen_within,
              "A surge this soon after an incident was resolved reopens it instead of opening another.")
      .between(seconds(0), hours(28 * 24))
      .restarts();
  section.option("evidence", incident.evidence, "Posts that an alert shows as evidence, near copies folded.")
      .between(0, 100)
      .restarts();
  section
      .option("open_score", incident.open_score,
              "Score of a surge from which it opens an incident. At 0.5 surges come as often as "
              "`detect.false_alarms_per_week` allows; every 0.05 more makes those that open about half as frequent. "
              "Feedback moves it for a listener.")
      .between(0.5, 0.95)
      .restarts();
  section
      .option("volume_score", incident.volume_score,
              "Score from which volume alone opens an incident: one of which nothing else is unusual, neither how "
              "negative it is nor its words, nor that they are repeated.")
      .between(0.5, 0.99)
      .restarts();
  section
      .option("storm_listeners", incident.storm_listeners,
              "So many listeners that surge within `storm_within`, without words of their own, are one incident.")
      .between(2, 100'000)
      .restarts();
  section.option("storm_within", incident.storm_within, "See `storm_listeners`.")
      .between(seconds(10), hours(1))
      .restarts();
  section
      .option("order_within", incident.order_within,
              "How long a surge waits at most for DETECT's other partitions to be as far, so that the same crises make "
              "the same incidents whatever fails. 0s: not at all.")
      .between(seconds(0), hours(1))
      .restarts();
  section
      .option("severity_floors", incident.severity_floors,
              "Spokes that are not told of incidents below a severity, such as `sales=3`. The hub is told of all.")
      .matching("^[a-z0-9-]{1,63}=[1-5]$", "a spoke, '=' and a severity from 1 to 5, such as sales=3")
      .elements(0, 1024)
      .restarts();
  section
      .option("quiet_hours", incident.quiet_hours,
              "Hours in which a spoke is not told of incidents, such as `sales=22:00-07:00 Europe/Berlin`; UTC without "
              "a time zone. What is still going on when they end is told then.")
      .matching("^[a-z0-9-]{1,63}=[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]( [A-Za-z0-9_+/-]{1,60})?$",
                "a spoke, '=', two times of day and a time zone, such as sales=22:00-07:00 Europe/Berlin")
      .elements(0, 1024)
      .restarts();
  section
      .option("quiet_severity", incident.quiet_severity, "Severity from which a spoke is told in its quiet hours too.")
      .between(1, 6)
      .restarts();
}

void declare_desk(ConfigSection& section, DeskSettings& desk) {
  section
      .option("enabled", desk.enabled,
              "Keep the queue of mentions that wait for an answer, and who speaks well or ill (docs/triage.md).")
      .restarts("what was said while it was off is not made up for");
  section
      .option("own_accounts", desk.own_accounts,
              "Handles or ids of our own accounts: a reply of theirs answers the post and stops its clock.")
      .elements(1, 1000)
      .restarts();
  section
      .option("answer_within", desk.answer_within,
              "How soon an answer is due, after the post's time, by urgency from 5 down to 1.")
      .between(minutes(1), hours(28 * 24))
      .elements(5, 5)
      .restarts("for posts from then on");
  section
      .option(
          "waiting", desk.waiting,
          "Mentions that wait, at most, in each partition: beyond, the least urgent leaves, and of those the oldest.")
      .between(1, 10'000'000)
      .restarts();
  section
      .option("authors", desk.authors,
              "Authors remembered, at most, in each partition: beyond, who was silent for longest is forgotten.")
      .between(1, 10'000'000)
      .restarts();
}

}  // namespace

void declare_operators(ConfigSection& root, Settings& settings) {
  ConfigSection& match = root.section("match", "How texts are compared with queries.");
  match
      .one_of("case_folding", settings.match.case_folding, {"unicode", "ascii"},
              "`unicode` ignores case in every script; `ascii` in A to Z only.")
      .restarts("queries may match more or fewer posts than those that the baselines were learned from");
  ConfigSection& sentiment = root.section("sentiment", "How texts are scored.");
  sentiment
      .one_of("model", settings.sentiment.model, {"vader", "earshot"},
              "`vader` gives the scores of VADER 3.3.2; `earshot` corrects it where social media need it.")
      .restarts("the usual share of negative mentions was learned from the other model's scores and adapts");
  sentiment
      .one_of("towards", settings.sentiment.towards, {"listener", "post"},
              "What a mention's sentiment is about: `listener`, what its clauses found in a post that names several "
              "brands; `post`, all of it.")
      .restarts("the usual share of negative mentions was learned from the other way and adapts");
  sentiment
      .option("lexicons", settings.sentiment.lexicons,
              "Files of rated words, a language each; see [sentiment](sentiment.md).")
      .elements(1, 64)
      .restarts("posts in a language with a new lexicon were unscored before");
  sentiment
      .option("models", settings.sentiment.models,
              "Files of trained models, a language each; they go before lexicons and, for English, before `model`.")
      .elements(1, 64)
      .restarts("posts in a language with a new model were scored otherwise before");
  ConfigSection& triage = root.section("triage", "What posts ask of whom.");
  triage.option("rules", settings.triage.rules, "File of triage rules (docs/triage.md) instead of the built-in ones.")
      .default_shown_as("the built-in rules")
      .restarts("mentions from then on are judged by the new rules");
  declare_desk(root.section("desk", "Who waits for an answer of ours, and who speaks for us or against us."),
               settings.desk);
  ConfigSection& dedup = root.section("dedup", "How repeated posts are told.");
  dedup
      .option("mentions", settings.dedup.mentions,
              "Recent ids remembered for each input partition, and posts by each partition of `post-changes`.")
      .between(1, 10'000'000)
      .restarts("the ids are read back from the input; a larger window fills from there on");
  declare_time(root.section("time", "Event time: which posts are on time."), settings.time);
  ConfigSection& windows = root.section("windows", "Slices of event time that mentions are counted in.");
  windows.option("pane", settings.windows.pane, "The smallest slice; windows are sums of panes.")
      .between(seconds(1), hours(1))
      .resets_state("open panes, baselines and surges are counted in panes of the old length");
  windows.option("sizes", settings.windows.sizes, "Lengths of the windows, ascending, each a multiple of `pane`.")
      .between(seconds(1), hours(7 * 24))
      .elements(1, 8)
      .restarts("a new length is counted from then on, so its first window of each listener is incomplete");
  declare_detect(root.section("detect", "When a listener's mentions count as a spike."), settings.detect);
  declare_incident(root.section("incident", "How spikes become incidents and when they end."), settings.incident);
}

}  // namespace earshot
