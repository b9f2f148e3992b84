// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/numbered_pictures.h"

#include <filesystem>

#include "media/output_path.h"
#include "media/picture.h"
#include "media/picture_sequence.h"

namespace peekproof::media {

NumberedPictures::NumberedPictures(std::string pattern, cv::Size size)
    : pattern_(std::move(pattern)), size_(size) {}

NumberedPictures::~NumberedPictures() {
  std::error_code error;
  for (int64_t i = 0; !finished_ && i < count_; ++i) {
    std::filesystem::remove(PictureName(pattern_, i), error);
  }
}

Result<std::unique_ptr<PictureSink>> NumberedPictures::Create(const std::string& pattern, cv::Size size,
                                                              const WriterOptions& options) {
  if (!pattern.ends_with(".png")) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("numbered pictures are written as PNG; end the name in .png: {}", pattern)};
  }
  if (options.audio) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("numbered pictures do not hold the recording's sound; write .mkv, or leave the "
                             "sound out with --drop-audio: {}",
                             pattern)};
  }
  const std::filesystem::path folder = std::filesystem::path(pattern).parent_path();
  std::error_code error;
  if (!folder.empty() && !std::filesystem::is_directory(folder, error)) {
    return Error{ErrorCode::kIo,
                 fmt::format("the folder does not exist; make it, or choose another: {}", pattern)};
  }
  PEEKPROOF_RETURN_IF_ERROR(CheckOutput(pattern, {}, Overwrite::kAllow));
  return std::unique_ptr<PictureSink>(new NumberedPictures(pattern, size));
}

Result<void> NumberedPictures::Write(const cv::Mat& picture, std::optional<double> /*time_s*/) {
  PEEKPROOF_CHECK(!finished_, "a picture behind Finish");
  PEEKPROOF_CHECK(picture.size() == size_, "a picture of {}x{} among others of {}x{}", picture.cols,
                  picture.rows, size_.width, size_.height);
  if (type_ >= 0 && picture.type() != type_) {
    return Error{ErrorCode::kInvalidArgument, "a picture of another kind than those before it"};
  }
  PEEKPROOF_RETURN_IF_ERROR(WritePng(PictureName(pattern_, count_), picture));
  type_ = picture.type();
  ++count_;
  return {};
}

Result<void> NumberedPictures::Finish(SoundEnd /*sound_end*/) {
  PEEKPROOF_CHECK(!finished_, "Finish twice");
  finished_ = true;
  return {};
}

}  // namespace peekproof::media
