// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "audit/audit_result.h"
#include "metrics/growth.h"
#include "metrics/score.h"
#include "testbed/scene_truth.h"

namespace peekproof::cli {

/// Scores of the two pictures that an audit makes, and of handing in the bare wallpaper: the floor.
struct DemoScores {
  metrics::Scores wallpaper;
  metrics::Scores gathered;
  metrics::Scores unblended;
  std::vector<metrics::GrowthPoint>
      growth;  ///< Of un-blending, after a tenth, a quarter, half and all of the call.
};

/// In      segment: analysed, of the scene's frame size.
DemoScores ScoreDemo(const audit::SegmentResult& segment, const testbed::SceneTruth& truth);

/// The scores side by side, with what they mean; several lines.
std::string FormatScores(const DemoScores& scores);

}  // namespace peekproof::cli
