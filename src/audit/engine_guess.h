// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace peekproof::audit {

/// One engine that may have made a recording.
struct EngineGuess {
  std::string engine;      ///< Spec, one of kCandidateEngines.
  double probability = 0;  ///< In [0, 1]; those of all candidates sum to 1.
};

}  // namespace peekproof::audit
