// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "base/diagnostics.h"
#include "base/result.h"

namespace peekproof::media {

/// How far the sound goes that is written with the pictures.
enum class SoundEnd { kItsOwn, kLastFrame };

/// Where a VideoWriter's pictures go. Without Finish nothing stays.
class PictureSink {
 public:
  virtual ~PictureSink() = default;
  /// Appends a picture at a time in seconds, or at the next one of the nominal rate.
  virtual Result<void> Write(const cv::Mat& picture, std::optional<double> time_s) = 0;
  virtual Result<void> Finish(SoundEnd sound_end) = 0;
  virtual const Diagnostics& diagnostics() const = 0;
  /// Whether pictures follow each other at the nominal rate only, without times of their own.
  virtual bool has_fixed_rate() const = 0;
};

}  // namespace peekproof::media
