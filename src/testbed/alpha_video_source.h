// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"
#include "testbed/clip_player.h"
#include "testbed/cutout_source.h"

namespace peekproof::testbed {

/// A person in a video with an alpha channel: VP8 or VP9 with alpha, ProRes 4444, numbered PNG pictures and
/// whatever else FFmpeg reads with alpha, which is taken as straight and of 8 bits. Colours of soft pixels
/// are as they are.
class AlphaVideoSource : public CutoutSource {
 public:
  /// Errors  ClipPlayer::Open's.
  static Result<std::unique_ptr<AlphaVideoSource>> Open(const std::string& path);

  cv::Size size() const override { return player_->size(); }
  Result<void> Fetch(double time_s, cv::Mat* picture) override;
  void Cut(const cv::Mat& picture, cv::Mat4f* cutout) const override;
  Diagnostics diagnostics() const override { return player_->diagnostics(); }
  std::string DescribeAsJson() const override;

 private:
  explicit AlphaVideoSource(std::unique_ptr<ClipPlayer> player);

  std::unique_ptr<ClipPlayer> player_;
};

}  // namespace peekproof::testbed
