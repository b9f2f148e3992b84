// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "audit/blur_result.h"

namespace peekproof::report {

/// What can be named at one stage of the attack on a blur.
struct StageFinds {
  std::string stage;           ///< "single frame", "average", "restored", "enhanced".
  int words = 0;               ///< Parts of the writing between spaces.
  double word_confidence = 0;  ///< The reader's, mean over them, in [0, 1]; 0 without words.
  int objects = 0;             ///< With screens and faces.
  bool is_evidence = true;     ///< False for what a network made.
};

/// In the order of the attack.
std::vector<StageFinds> CompareStages(const audit::BlurResult& blur);

}  // namespace peekproof::report
