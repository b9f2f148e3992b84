// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "media/picture_sink.h"
#include "media/video_writer.h"

namespace peekproof::media {

/// Pictures as PNG files, numbered from 0.
class NumberedPictures : public PictureSink {
 public:
  /// Errors  kUnsupported (not PNG; sound); kInvalidArgument (there are such pictures already); kIo (no
  /// folder).
  static Result<std::unique_ptr<PictureSink>> Create(const std::string& pattern, cv::Size size,
                                                     const WriterOptions& options);
  ~NumberedPictures() override;
  NumberedPictures(const NumberedPictures&) = delete;
  NumberedPictures& operator=(const NumberedPictures&) = delete;

  Result<void> Write(const cv::Mat& picture, std::optional<double> time_s) override;
  Result<void> Finish(SoundEnd sound_end) override;
  const Diagnostics& diagnostics() const override { return diagnostics_; }
  bool has_fixed_rate() const override { return false; }  // Times are taken, and dropped.

 private:
  NumberedPictures(std::string pattern, cv::Size size);

  const std::string pattern_;
  const cv::Size size_;
  const Diagnostics diagnostics_;
  int64_t count_ = 0;
  int type_ = -1;  ///< Of the first picture.
  bool finished_ = false;
};

}  // namespace peekproof::media
