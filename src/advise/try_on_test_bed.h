// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <vector>

#include "advise/setting_result.h"
#include "base/progress.h"
#include "base/result.h"
#include "testbed/scene_options.h"

namespace peekproof::advise {

/// Draws calls in memory and runs every setting on the very same camera frames, scored by truth.
///
/// In      scene: the call; its engine and noise are the remedies'. Its set-up shots are shown to those that
///         want them. seeds: calls with seeds 1, 2, ...; at least 1. progress: may be null; stage "try".
/// Out     After a stop: the calls that were finished, or what was seen of the first one.
/// Errors  kInterrupted (stopped before the first frame), those of engines and networks.
Result<TrialResults> TryOnTestBed(const testbed::SceneOptions& scene,
                                  const std::vector<audit::Remedy>& remedies, int seeds,
                                  ProgressSink* progress, const std::stop_token& stop);

}  // namespace peekproof::advise
