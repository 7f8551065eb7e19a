// Keys of DETECT's store beside the window operator's.
#pragma once

#include <string>
#include <string_view>

namespace earshot::detect_keys {

inline constexpr std::string_view kMonitorPrefix = "d";    // + listener: its ListenerState
inline constexpr std::string_view kFindingsPrefix = "f";   // + listener: its FindingsState
inline constexpr std::string_view kActivePrefix = "a";     // + listener: in a surge
inline constexpr std::string_view kWatchedPrefix = "t";    // + listener: its silence would say something
inline constexpr std::string_view kHeardPrefix = "s";      // + listener: since when it is heard, in ms
inline constexpr std::string_view kHeardVersionKey = "h";  // of the listeners for which that is noted
inline constexpr std::string_view kHeardBegunKey = "b";    // such a set of which not all is noted, and since when
inline constexpr std::string_view kHistoryPrefix = "u";    // + listener: what is known of it was imported
inline constexpr std::string_view kFeedKey = "e";          // the FeedWatchState
inline constexpr const char* kDeletedPrefix = "x";         // of deleted posts
inline constexpr const char* kShownPrefix = "y";           // of posts that signals showed

inline std::string key_of(std::string_view prefix, std::string_view name) {
  return std::string(prefix).append(name);
}

}  // namespace earshot::detect_keys
