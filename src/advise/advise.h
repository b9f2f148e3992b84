// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "advise/call_case.h"
#include "advise/setting_result.h"
#include "audit/audit.h"
#include "base/diagnostics.h"
#include "base/progress.h"
#include "base/result.h"

namespace peekproof::advise {

/// What to advise on. The command line registers these fields, so that each default lives here only.
struct AdviseOptions {
  audit::AuditOptions audit{.find = "none"};  ///< The recording that leaked, and how it is looked at.
  std::vector<std::string> settings;  ///< Specs of engines to try instead of the usual list; empty: that.
  std::string camera;       ///< The user's own camera clip, video or numbered pictures; empty: the test bed.
  std::string plate;        ///< Video or picture of the empty room, for `camera`; empty: none.
  int frames = 75;          ///< Of each drawn call, 8 to 10000.
  int calls = 3;            ///< Drawn calls, each of another caller and room, 1 to 100.
  int camera_frames = 250;  ///< Most frames of `camera` that are used, 8 to 100000.

  /// kInvalidArgument naming the field, when a value is out of range or a spec is none.
  Result<void> Validate() const;
};

/// What would have closed the leak of a call.
struct Advice {
  std::string input_name;                    ///< Without folders.
  std::string verdict_sentence;              ///< The audit's.
  std::string engine;                        ///< Spec of the call as it is.
  std::optional<double> engine_probability;  ///< Of the guess; none where it was named or could not be told.
  bool on_camera = false;  ///< Leaks are estimates on the user's own clip, instead of truth on drawn calls.
  bool has_plate = false;  ///< On the camera: the empty room was known.
  CallTraits traits;       ///< Of the recording; zeros where on_camera.
  std::optional<ChosenCase> nearest;  ///< On the test bed.
  cv::Size tried_size;                ///< Of the frames that settings were tried on; empty on the camera.
  double frame_rate = 0;              ///< Of those.
  TrialResults trials;                ///< Settings by rising leak.
  bool complete = true;               ///< Nothing was interrupted or damaged.
  Diagnostics diagnostics;

  /// The call as it is; null where it was not tried before an interruption.
  const SettingResult* AsItIs() const;
  /// The setting to recommend (audit::Recommended) of those that leak less than the call as it is; null where
  /// none does. On the test bed only of the call's own engine and guard: which of two services leaks less,
  /// drawn callers do not tell (docs/advise.md).
  const SettingResult* Best() const;
  /// The same among the call's own engine with a defense; null where none of them leaks less.
  const SettingResult* BestOfTheEngine() const;
};

/// Audits a recording, and tries settings on the test bed's nearest case or on the user's own camera clip.
///
/// progress: may be null. stop: what was tried so far is returned, marked interrupted.
/// Errors  those of Validate, RunAudit, MeasureCall, TryOnTestBed and TryOnCamera; kUnsupported: the
/// recording
///         shows no caller before a still virtual background, so that there is nothing to close or no engine
///         to start from.
Result<Advice> Advise(const AdviseOptions& options, ProgressSink* progress, const std::stop_token& stop);

}  // namespace peekproof::advise
