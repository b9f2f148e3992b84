// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "advise/setting_result.h"
#include "base/diagnostics.h"
#include "base/progress.h"
#include "base/result.h"

namespace peekproof::advise {

/// The user's own camera, without any virtual background.
struct CameraClip {
  std::string camera;     ///< Video file or numbered pictures.
  std::string plate;      ///< Video or picture of the empty room (apply::LearnRoom); empty: none.
  int most_frames = 250;  ///< Of the clip, from its start; at least 1.
  int threads = 0;        ///< 0: as many as cores.
};

/// Runs every setting on a camera clip, one after another, each from the first frame on. The leak is an
/// estimate, engines::LeakMeter's, which learns from the plate too; `lost` is not known.
///
/// In      remedies: those with set-up are left out without a plate. progress: may be null; stage "try".
/// Out     After a stop: the settings that were finished.
/// Errors  kInterrupted (none was finished); those of reading clip and plate, of engines and networks.
Result<TrialResults> TryOnCamera(const CameraClip& clip, const std::vector<audit::Remedy>& remedies,
                                 ProgressSink* progress, const std::stop_token& stop,
                                 Diagnostics* diagnostics);

}  // namespace peekproof::advise
