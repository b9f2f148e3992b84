// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

namespace peekproof {

const char* ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "kInvalidArgument";
    case ErrorCode::kNotFound:
      return "kNotFound";
    case ErrorCode::kUnsupported:
      return "kUnsupported";
    case ErrorCode::kCorruptData:
      return "kCorruptData";
    case ErrorCode::kIo:
      return "kIo";
    case ErrorCode::kInterrupted:
      return "kInterrupted";
    case ErrorCode::kInternal:
      return "kInternal";
  }
  return "unknown";
}

}  // namespace peekproof
