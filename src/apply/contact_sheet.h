// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "apply/open_background.h"
#include "base/progress.h"
#include "base/result.h"

namespace peekproof::apply {

/// One frame under many engines.
struct CompareOptions {
  std::string input;                 ///< Picture or video.
  std::vector<std::string> engines;  ///< Specs; empty: every engine that is listed. Where the background is
                                     ///< "blur", those without a blur of their own are then left out.
  std::string model;                 ///< Replaces every engine's network; empty: each its own.
  BackgroundOptions background;      ///< "blur": each engine's own.
  double at_s = 0;                   ///< Which frame of a video.
  int warm_up_frames = 12;  ///< Frames before it that the engines see as well, since many of them look back;
                            ///< a picture is shown so many times. 0 to 120.
  int tile_width = 480;     ///< Of a picture on the sheet, 120 to 4096.
  int columns = 0;          ///< 0: so that the sheet is about as wide as a screen is.
  bool alpha = false;       ///< Each engine's alpha beside its picture.

  Result<void> Validate() const;
};

/// A contact sheet and what is to be said of it.
struct ContactSheet {
  cv::Mat3b picture;               ///< The camera's frame first, then one labelled tile per engine.
  std::vector<std::string> notes;  ///< One per engine that could not run, with the reason; its tile is empty.
  int engines = 0;                 ///< That ran.
};

/// Renders the sheet. Approximations are labelled as such.
/// Errors  kInvalidArgument (options, an engine's parameters, a time behind the end), those of reading the
/// input
///         and opening the background, kInterrupted.
Result<ContactSheet> CompareEngines(const CompareOptions& options, ProgressSink* progress,
                                    const std::stop_token& stop);

}  // namespace peekproof::apply
