// Result<T>: a value or an Error. Errors are values at the edges of the domain; exceptions are for start-up and bugs.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace earshot {

enum class ErrorCode {
  kInvalid,      // the input breaks its contract: config, rule, record
  kNotFound,     // a file, topic or key is not there
  kUnavailable,  // a passing fault: the same call may succeed later
  kFenced,       // another process took over this producer or partition: drop the task, do not retry
  kCorrupt,      // stored bytes fail their check
  kFailed,       // a fault that retrying does not mend
};

struct Error {
  ErrorCode code = ErrorCode::kFailed;
  std::string message;
  std::string where;  // "file:line:column" or "topic/partition@offset"; empty when the message says it all

  [[nodiscard]] std::string to_string() const { return where.empty() ? message : where + ": " + message; }
};

inline Error invalid(std::string message, std::string where = {}) {
  return {ErrorCode::kInvalid, std::move(message), std::move(where)};
}
inline Error failed(std::string message, std::string where = {}) {
  return {ErrorCode::kFailed, std::move(message), std::move(where)};
}

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Precondition of the four: ok().
  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // Precondition: !ok().
  [[nodiscard]] const Error& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const { return *error_; }  // Precondition: !ok().

 private:
  std::optional<Error> error_;
};

}  // namespace earshot
