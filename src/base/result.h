// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"

namespace peekproof {

/// What went wrong, coarsely enough to choose an exit code and precisely enough to test.
enum class ErrorCode {
  kInvalidArgument,  ///< An option or argument that no input could make valid.
  kNotFound,         ///< A file, model or stream that is not there.
  kUnsupported,      ///< Valid input that this program does not handle.
  kCorruptData,      ///< Input that breaks its own format.
  kIo,               ///< Reading or writing failed.
  kInterrupted,      ///< The user asked to stop.
  kInternal,         ///< A library failed in a way that input should not cause.
};

/// "kNotFound" and so on, for messages and tests.
const char* ErrorCodeName(ErrorCode code);

/// A failure to be returned or logged, once. The message is one line: what, why, what to do; private data,
/// such as paths, last.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};

/// A value or an Error.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    PEEKPROOF_CHECK(ok(), "value() of a failed Result: {}", std::get<1>(state_).message);
    return std::get<0>(state_);
  }
  const T& value() const& {
    PEEKPROOF_CHECK(ok(), "value() of a failed Result: {}", std::get<1>(state_).message);
    return std::get<0>(state_);
  }
  T&& value() && { return std::move(this->value()); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const {
    PEEKPROOF_CHECK(!ok(), "error() of a successful Result");
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Error> state_;
};

/// Success or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by design

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const {
    PEEKPROOF_CHECK(!ok(), "error() of a successful Result");
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace peekproof

#define PEEKPROOF_CONCAT_INNER(a, b) a##b
#define PEEKPROOF_CONCAT(a, b) PEEKPROOF_CONCAT_INNER(a, b)

/// Returns the Error of `expression` from the enclosing function, if it failed.
#define PEEKPROOF_RETURN_IF_ERROR(expression)                               \
  do {                                                                      \
    auto peekproof_status = (expression);                                   \
    if (!peekproof_status.ok()) return std::move(peekproof_status).error(); \
  } while (false)

/// Declares or assigns `target` from a Result, or returns its Error.
#define PEEKPROOF_ASSIGN_OR_RETURN(target, expression) \
  PEEKPROOF_ASSIGN_OR_RETURN_INNER(PEEKPROOF_CONCAT(peekproof_result_, __LINE__), target, expression)
#define PEEKPROOF_ASSIGN_OR_RETURN_INNER(result, target, expression) \
  auto result = (expression);                                        \
  if (!result.ok()) return result.error();                           \
  target = std::move(result).value()
