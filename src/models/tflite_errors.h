// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"

// What can be wrong with a TFLite file.

namespace peekproof::models {

inline Error Corrupt(const std::string& message) { return {ErrorCode::kCorruptData, message}; }
inline Error Unsupported(const std::string& message) { return {ErrorCode::kUnsupported, message}; }

}  // namespace peekproof::models
