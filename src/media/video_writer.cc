// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/video_writer.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "media/colour.h"
#include "media/encoded_file.h"
#include "media/numbered_pictures.h"
#include "media/picture_sequence.h"
#include "media/video_reader.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace peekproof::media {
namespace {

/// More would not fit into the clocks of some containers.
constexpr int64_t kMostTicksPerSecond = 10'000'000;
constexpr double kMinFrameRate = 0.1;
constexpr double kMaxFrameRate = 1000;
constexpr double kMaxPixelAspect = 100;

/// Of libx264 and libx265, which write to standard error about others.
constexpr std::array<std::string_view, 10> kPresets = {"ultrafast", "superfast", "veryfast", "faster",
                                                       "fast",      "medium",    "slow",     "slower",
                                                       "veryslow",  "placebo"};

bool IsWritable(const ColourTags& colour) {
  const auto matrix = static_cast<AVColorSpace>(colour.matrix);
  return matrix != AVCOL_SPC_RGB && IsKnownMatrix(matrix) &&
         av_color_primaries_name(static_cast<AVColorPrimaries>(colour.primaries)) != nullptr &&
         av_color_transfer_name(static_cast<AVColorTransferCharacteristic>(colour.transfer)) != nullptr;
}

}  // namespace

Result<void> WriterOptions::Validate() const {
  const auto invalid = [](const char* message) { return Error{ErrorCode::kInvalidArgument, message}; };
  if (!(frame_rate >= kMinFrameRate && frame_rate <= kMaxFrameRate))
    return invalid("the frame rate must lie between 0.1 and 1000");
  if (ticks_per_second < 0 || ticks_per_second > kMostTicksPerSecond)
    return invalid("the ticks per second must lie between 0 (by the frame rate) and 10000000");
  if (!(pixel_aspect >= 1 / kMaxPixelAspect && pixel_aspect <= kMaxPixelAspect))
    return invalid("the pixel aspect must lie between 0.01 and 100");
  if (colour && !IsWritable(*colour))
    return invalid("the colour tags must name a matrix other than RGB, primaries and transfer of H.273");
  if (bit_rate < 0) return invalid("the bit rate must be 0 (constant quality) or more");
  if (realtime && bit_rate == 0) return invalid("encoding as a call does needs a bit rate");
  if (crf < 0 || crf > 63) return invalid("the constant rate factor must lie between 0 and 63");
  if (key_frame_interval < 0) return invalid("the key frame interval must be 0 or more frames");
  if (std::find(kPresets.begin(), kPresets.end(), preset) == kPresets.end())
    return invalid("the preset must be one from ultrafast to placebo, such as veryfast, medium or slow");
  if (threads < 0) return invalid("the number of threads must be 0 (as many as cores) or more");
  return {};
}

WriterOptions OptionsLike(const VideoInfo& info) {
  WriterOptions options;
  options.codec.clear();
  if (info.frame_rate > 0) options.frame_rate = std::clamp(info.frame_rate, kMinFrameRate, kMaxFrameRate);
  if (info.ticks_per_second <= kMostTicksPerSecond) options.ticks_per_second = info.ticks_per_second;
  options.pixel_aspect = std::clamp(info.pixel_aspect, 1 / kMaxPixelAspect, kMaxPixelAspect);
  if (IsWritable(info.colour)) options.colour = info.colour;
  return options;
}

WriterOptions LosslessGrey(int bits) {
  PEEKPROOF_CHECK(bits == 8 || bits == 16, "grey of {} bits", bits);
  WriterOptions options;
  options.codec = "ffv1";
  options.pixel_format = bits == 8 ? "gray" : "gray16le";
  return options;
}

AudioRange AudioOf(const std::string& path, const VideoInfo& info, const ReaderOptions& options) {
  AudioRange range{.path = path, .zero_s = info.origin_s + info.first_time_s, .start_s = {}, .end_s = {}};
  if (options.start_s > 0) range.start_s = range.zero_s;
  if (options.end_s) range.end_s = info.origin_s + *options.end_s;
  return range;
}

VideoWriter::VideoWriter(std::unique_ptr<PictureSink> sink) : sink_(std::move(sink)) {}
VideoWriter::~VideoWriter() = default;

Result<std::unique_ptr<VideoWriter>> VideoWriter::Create(const std::string& path, cv::Size size,
                                                         const WriterOptions& options) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  constexpr int kMaxSide = 16384;
  if (size.width < 1 || size.height < 1 || size.width > kMaxSide || size.height > kMaxSide) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("a video of {}x{} cannot be written; sides are 1 to {} pixels", size.width,
                             size.height, kMaxSide)};
  }
  const auto create = IsPicturePattern(path) ? NumberedPictures::Create : EncodedFile::Create;
  PEEKPROOF_ASSIGN_OR_RETURN(std::unique_ptr<PictureSink> sink, create(path, size, options));
  return std::unique_ptr<VideoWriter>(new VideoWriter(std::move(sink)));
}

Result<void> VideoWriter::Write(const cv::Mat& picture) { return sink_->Write(picture, std::nullopt); }
Result<void> VideoWriter::WriteAt(const cv::Mat& picture, double time_s) {
  return sink_->Write(picture, time_s);
}
Result<void> VideoWriter::Finish() { return sink_->Finish(SoundEnd::kItsOwn); }
Result<void> VideoWriter::FinishEarly() { return sink_->Finish(SoundEnd::kLastFrame); }
bool VideoWriter::has_fixed_rate() const { return sink_->has_fixed_rate(); }

const Diagnostics& VideoWriter::diagnostics() const { return sink_->diagnostics(); }

}  // namespace peekproof::media
