// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/video_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

extern "C" {
#include <libavutil/pixdesc.h>
}

#include "base/parallel.h"
#include "media/bgr_to_frame.h"
#include "media/frame_converter.h"
#include "media/frame_source.h"
#include "media/grey.h"
#include "media/timeline.h"

namespace peekproof::media {
namespace {

/// More decoder threads than this cost memory and latency without speed.
constexpr int kMaxDecoderThreads = 16;
constexpr char kDamagedPictures[] = "damaged pictures were skipped";

double FrameRateOf(const AVStream& stream) {
  const AVRational average = stream.avg_frame_rate;
  const AVRational rate = average.num > 0 && average.den > 0 ? average : stream.r_frame_rate;
  return rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 0;
}

double DurationOf(const Demuxer& demuxer) {
  const AVStream& stream = *demuxer.stream();
  if (stream.duration > 0) return static_cast<double>(stream.duration) * av_q2d(stream.time_base);
  const int64_t whole = demuxer.context()->duration;
  return whole > 0 ? static_cast<double>(whole) / AV_TIME_BASE : 0;
}

double IntervalOf(const AVStream& stream) {
  const double rate = FrameRateOf(stream);
  constexpr double kDefaultRate = 25;
  return 1.0 / (rate > 0 && rate < 1000 ? rate : kDefaultRate);
}

}  // namespace

class VideoReader::State {
 public:
  State(VideoInput input, ReaderOptions options) : input_(std::move(input)), options_(std::move(options)) {}

  /// Decodes up to the first frame of the range, which then waits for Advance.
  Result<void> Open();
  Result<bool> Advance();
  Result<void> Convert(cv::Mat3b* bgr);
  Result<void> ConvertScaled(cv::Size size, cv::Mat3b* bgr);
  Result<void> ConvertWithAlpha(cv::Mat4b* bgra);
  Result<void> ConvertGrey(cv::Mat1w* samples);

  VideoInfo info;
  Diagnostics diagnostics;
  int64_t index = -1;
  double time_s = 0;

 private:
  Result<void> OpenSource();
  Result<bool> Decode();
  Result<void> GoToStart();
  Result<bool> JumpBefore(double seconds);
  Result<void> SkipToStart(bool more);
  Result<void> Describe();
  Result<void> PlaceCrop(cv::Size upright);
  void NoteColour();
  void DescribePixels();
  void DescribeClock();
  int64_t FrameCountHint() const;
  Error SizeChanged() const;
  Error WithName(Error error) const;
  Error NothingDecodes() const;

  bool in_range_start() const { return decoded_time_s_ >= options_.start_s - kTimeTolerance; }
  bool before_end() const { return !options_.end_s || decoded_time_s_ < *options_.end_s - kTimeTolerance; }

  const VideoInput input_;
  const ReaderOptions options_;
  std::unique_ptr<FrameSource> source_;
  std::optional<Timeline> timeline_;
  std::optional<FrameConverter> converter_;
  libav::Frame frame_ = libav::MakeFrame();
  double decoded_time_s_ = 0;
  bool has_timestamp_ = false;  ///< decoded_time_s_ comes from the file.
  bool waiting_ = false;        ///< frame_ is decoded but not handed out.
  bool ended_ = false;
  cv::Size stored_size_;
  cv::Rect stored_part_;
  Orientation orientation_;
  cv::Mat3b stored_bgr_, stored_scaled_;  ///< Before they are turned upright.
  cv::Mat4b stored_bgra_;
  cv::Mat1w stored_samples_;
};

Error VideoReader::State::WithName(Error error) const {
  return {error.code, fmt::format("{}: {}", error.message, input_.name)};
}

Error VideoReader::State::NothingDecodes() const {
  std::string why = source_->last_failure();
  if (why.empty()) why = diagnostics.empty() ? "it holds none" : diagnostics.items().front().message;
  return WithName({ErrorCode::kCorruptData,
                   fmt::format("no picture could be decoded: {}; record or copy the file again", why)});
}

Result<void> VideoReader::State::OpenSource() {
  const int threads = options_.threads > 0 ? options_.threads : HardwareThreads();
  const DemuxerOptions demuxer_options{.max_pixels = options_.max_pixels,
                                       .sequence_frame_rate = options_.sequence_frame_rate,
                                       .stop = options_.stop};
  PEEKPROOF_ASSIGN_OR_RETURN(
      source_, FrameSource::Open(input_, demuxer_options, std::min(threads, kMaxDecoderThreads)));
  const AVStream& stream = *source_->demuxer().stream();
  timeline_.emplace(av_q2d(stream.time_base), IntervalOf(stream));
  converter_.emplace(source_->codec());
  diagnostics = {};
  return {};
}

/// The next frame of the stream into frame_ and decoded_time_s_, damaged or not.
Result<bool> VideoReader::State::Decode() {
  const Result<bool> more = source_->Next(frame_.get(), &diagnostics);
  if (!more.ok()) return WithName(more.error());
  if (!*more) return false;
  const int64_t timestamp =
      frame_->best_effort_timestamp != AV_NOPTS_VALUE ? frame_->best_effort_timestamp : frame_->pts;
  has_timestamp_ = timestamp != AV_NOPTS_VALUE;
  decoded_time_s_ = timeline_->Next(has_timestamp_ ? std::optional(timestamp) : std::nullopt);
  return true;
}

Result<void> VideoReader::State::Open() {
  PEEKPROOF_RETURN_IF_ERROR(OpenSource());
  // Always from the very first frame: its presentation time is the origin of all others.
  PEEKPROOF_ASSIGN_OR_RETURN(const bool more, Decode());
  if (!more) return NothingDecodes();
  PEEKPROOF_RETURN_IF_ERROR(GoToStart());
  PEEKPROOF_RETURN_IF_ERROR(Describe());
  waiting_ = true;
  return {};
}

Result<void> VideoReader::State::GoToStart() {
  constexpr double kWorthAJump = 3.0;
  const bool far = options_.start_s > decoded_time_s_ + kWorthAJump;
  if (!far || !timeline_->has_origin() || !source_->demuxer().CanSeek()) return SkipToStart(true);
  // Containers index decoding times; the further back, the surer the key frame's presentation lies before.
  for (const double margin_s : {1.0, 10.0}) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool jumped, JumpBefore(options_.start_s - margin_s));
    if (jumped) return SkipToStart(true);
  }
  PEEKPROOF_RETURN_IF_ERROR(OpenSource());
  PEEKPROOF_ASSIGN_OR_RETURN(const bool more, Decode());
  return SkipToStart(more);
}

/// Jumps to a key frame and decodes it; false if that did not lead to a frame before the start.
Result<bool> VideoReader::State::JumpBefore(double seconds) {
  if (seconds <= 0 || !source_->SeekTo(timeline_->TimestampAt(seconds))) return false;
  timeline_->Jump();
  PEEKPROOF_ASSIGN_OR_RETURN(const bool more, Decode());
  return more && has_timestamp_ && !in_range_start();
}

/// Decodes on until a whole frame of the range is there. more: frame_ holds one already.
Result<void> VideoReader::State::SkipToStart(bool more) {
  while (more && (!in_range_start() || (IsDamaged(*frame_) && before_end()))) {
    if (in_range_start()) diagnostics.Add(ErrorCode::kCorruptData, kDamagedPictures, decoded_time_s_);
    PEEKPROOF_ASSIGN_OR_RETURN(more, Decode());
  }
  if (more && before_end()) return {};
  if (!more && in_range_start()) return NothingDecodes();
  const std::string found =
      more ? "has no frame in it" : fmt::format("lies behind the end, at {:.2f} s", decoded_time_s_);
  const std::string to = options_.end_s ? fmt::format("{:g} s", *options_.end_s) : "the end";
  return WithName(
      {ErrorCode::kInvalidArgument,
       fmt::format("the time range from {:g} s to {} {}; choose another", options_.start_s, to, found)});
}

/// Fills info and the geometry from the stream and from frame_, the first of the range.
Result<void> VideoReader::State::Describe() {
  const Demuxer& demuxer = source_->demuxer();
  const AVStream& stream = *demuxer.stream();
  std::optional<std::array<int32_t, 9>> matrix = source_->display_matrix();
  const AVFrameSideData* own = av_frame_get_side_data(frame_.get(), AV_FRAME_DATA_DISPLAYMATRIX);
  if (!matrix && own != nullptr && own->size >= sizeof(*matrix)) {
    matrix.emplace();
    std::memcpy(matrix->data(), own->data, sizeof(*matrix));
  }
  const std::optional<Orientation> turn = matrix ? OrientationOf(*matrix) : Orientation{};
  if (!turn) {
    diagnostics.Add(ErrorCode::kUnsupported,
                    "the recording asks for a turn that is no multiple of 90 degrees, which was not applied");
  }
  orientation_ = turn.value_or(Orientation{});
  stored_size_ = cv::Size(frame_->width, frame_->height);
  PEEKPROOF_RETURN_IF_ERROR(PlaceCrop(orientation_.UprightSize(stored_size_)));
  NoteColour();
  DescribePixels();
  DescribeClock();
  info.duration_s = DurationOf(demuxer);
  info.frame_rate = FrameRateOf(stream);
  info.has_audio = demuxer.has_audio();
  info.codec = source_->codec_name();
  const std::string names = demuxer.context()->iformat->name;
  info.container = names.substr(0, names.find(','));
  info.rotation_degrees = orientation_.RotationDegrees();
  info.video_streams = demuxer.video_streams();
  info.frame_count_hint = FrameCountHint();
  return {};
}

Result<void> VideoReader::State::PlaceCrop(cv::Size upright) {
  const cv::Rect whole({}, upright);
  const cv::Rect crop = options_.crop.value_or(whole);
  // Without sums, which could overflow.
  const bool inside = crop.x < upright.width && crop.width <= upright.width - crop.x &&
                      crop.y < upright.height && crop.height <= upright.height - crop.y;
  if (!inside) {
    return WithName(
        {ErrorCode::kUnsupported,
         fmt::format("the crop {}x{} at {},{} does not fit into the picture of {}x{}; choose one inside",
                     crop.width, crop.height, crop.x, crop.y, upright.width, upright.height)});
  }
  info.size = crop.size();
  stored_part_ = orientation_.StoredRect(crop, stored_size_);
  return {};
}

void VideoReader::State::NoteColour() {
  const AVColorTransferCharacteristic transfer = frame_->color_trc;
  if (transfer == AVCOL_TRC_SMPTE2084 || transfer == AVCOL_TRC_ARIB_STD_B67) {
    diagnostics.Add(
        ErrorCode::kUnsupported,
        "the recording has high dynamic range, which was not tone-mapped: its colours are too flat");
  }
  if (frame_->colorspace != AVCOL_SPC_UNSPECIFIED && !IsKnownMatrix(frame_->colorspace)) {
    const char* name = av_color_space_name(frame_->colorspace);
    diagnostics.Add(ErrorCode::kUnsupported,
                    fmt::format("the colour matrix {} is not known: colours are a guess",
                                name == nullptr ? "of the recording" : name));
  }
}

void VideoReader::State::DescribePixels() {
  const auto format = static_cast<AVPixelFormat>(frame_->format);
  const char* name = av_get_pix_fmt_name(format);
  info.pixel_format = name == nullptr ? "unknown" : name;
  info.has_alpha = HasAlpha(format);
  info.grey_bits = GreyBitsOf(format);
  const ColourEncoding encoding = ColourEncodingOf(*frame_, source_->codec());
  info.colour = {.matrix = encoding.matrix,
                 .primaries = frame_->color_primaries,
                 .transfer = frame_->color_trc,
                 .full_range = encoding.full_range};
  const AVStream& stream = *source_->demuxer().stream();
  const AVRational own = frame_->sample_aspect_ratio;
  const AVRational aspect = own.num > 0 && own.den > 0 ? own : stream.sample_aspect_ratio;
  info.pixel_aspect = aspect.num > 0 && aspect.den > 0 ? av_q2d(aspect) : 1;
  if (orientation_.transpose) info.pixel_aspect = 1 / info.pixel_aspect;
}

void VideoReader::State::DescribeClock() {
  info.ticks_per_second = std::max(source_->demuxer().stream()->time_base.den, 0);
  info.origin_s = timeline_->origin_s();
  info.first_time_s = decoded_time_s_;
}

int64_t VideoReader::State::FrameCountHint() const {
  const Demuxer& demuxer = source_->demuxer();
  const int64_t stated = std::max(demuxer.sequence_count(), demuxer.stream()->nb_frames);
  if (stated > 0 && options_.start_s <= 0 && !options_.end_s) return stated;
  const double end_s = options_.end_s ? std::min(*options_.end_s, info.duration_s) : info.duration_s;
  const double count = (end_s - options_.start_s) * info.frame_rate;
  constexpr double kPlausible = 1e9;
  return count > 0 && count < kPlausible ? std::llround(count) : 0;
}

Error VideoReader::State::SizeChanged() const {
  return WithName(
      {ErrorCode::kUnsupported,
       fmt::format("the picture size changes from {}x{} to {}x{} at {:.2f} s; read up to there with an "
                   "end time, and the rest with a start time",
                   stored_size_.width, stored_size_.height, frame_->width, frame_->height, decoded_time_s_)});
}

Result<bool> VideoReader::State::Advance() {
  while (!ended_) {
    if (!waiting_) {
      PEEKPROOF_ASSIGN_OR_RETURN(const bool more, Decode());
      ended_ = !more || !before_end();
      if (ended_) break;
    }
    const bool opened = waiting_;
    waiting_ = false;
    if (!opened && IsDamaged(*frame_)) {
      diagnostics.Add(ErrorCode::kCorruptData, kDamagedPictures, decoded_time_s_);
      continue;
    }
    if (cv::Size(frame_->width, frame_->height) != stored_size_) {
      ended_ = true;
      return SizeChanged();
    }
    ++index;
    time_s = decoded_time_s_;
    return true;
  }
  return false;
}

Result<void> VideoReader::State::Convert(cv::Mat3b* bgr) {
  PEEKPROOF_CHECK(index >= 0 && !ended_, "Convert without a current frame");
  const bool turn = !orientation_.is_identity();
  PEEKPROOF_RETURN_IF_ERROR(converter_->Convert(*frame_, stored_part_, turn ? &stored_bgr_ : bgr));
  if (turn) orientation_.Apply(stored_bgr_, bgr);
  return {};
}

Result<void> VideoReader::State::ConvertScaled(cv::Size size, cv::Mat3b* bgr) {
  PEEKPROOF_CHECK(index >= 0 && !ended_, "ConvertScaled without a current frame");
  PEEKPROOF_CHECK(size.width > 0 && size.height > 0, "size {}x{}", size.width, size.height);
  const bool turn = !orientation_.is_identity();
  const cv::Size stored_size = orientation_.transpose ? cv::Size(size.height, size.width) : size;
  PEEKPROOF_RETURN_IF_ERROR(
      converter_->ConvertScaled(*frame_, stored_part_, stored_size, turn ? &stored_scaled_ : bgr));
  if (turn) orientation_.Apply(stored_scaled_, bgr);
  return {};
}

Result<void> VideoReader::State::ConvertWithAlpha(cv::Mat4b* bgra) {
  PEEKPROOF_CHECK(index >= 0 && !ended_, "ConvertWithAlpha without a current frame");
  PEEKPROOF_RETURN_IF_ERROR(converter_->ConvertWithAlpha(*frame_, &stored_bgra_));
  const cv::Mat4b part = stored_bgra_(stored_part_);
  if (orientation_.is_identity()) {
    part.copyTo(*bgra);
  } else {
    orientation_.Apply(part, bgra);
  }
  return {};
}

Result<void> VideoReader::State::ConvertGrey(cv::Mat1w* samples) {
  PEEKPROOF_CHECK(index >= 0 && !ended_, "ConvertGrey without a current frame");
  if (GreyBitsOf(static_cast<AVPixelFormat>(frame_->format)) == 0) {
    return WithName({ErrorCode::kUnsupported,
                     fmt::format("the video has colour (pixel format {}) where grey is wanted; give one of "
                                 "pixel format gray or gray16le, or grey pictures",
                                 info.pixel_format)});
  }
  const bool turn = !orientation_.is_identity();
  CopyGreySamples(*frame_, stored_part_, turn ? &stored_samples_ : samples);
  if (turn) orientation_.Apply(stored_samples_, samples);
  return {};
}

VideoReader::VideoReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
VideoReader::~VideoReader() = default;

Result<std::unique_ptr<VideoReader>> VideoReader::OpenInput(VideoInput input, const ReaderOptions& options) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  auto state = std::make_unique<State>(std::move(input), options);
  PEEKPROOF_RETURN_IF_ERROR(state->Open());
  return std::unique_ptr<VideoReader>(new VideoReader(std::move(state)));
}

Result<std::unique_ptr<VideoReader>> VideoReader::Open(const std::string& path,
                                                       const ReaderOptions& options) {
  return OpenInput({.name = path, .bytes = std::nullopt}, options);
}

Result<std::unique_ptr<VideoReader>> VideoReader::OpenBytes(std::span<const uint8_t> bytes,
                                                            const ReaderOptions& options) {
  return OpenInput({.name = "(bytes in memory)", .bytes = bytes}, options);
}

const VideoInfo& VideoReader::info() const { return state_->info; }
const Diagnostics& VideoReader::diagnostics() const { return state_->diagnostics; }
Result<bool> VideoReader::Advance() { return state_->Advance(); }
int64_t VideoReader::index() const { return state_->index; }
double VideoReader::time_s() const { return state_->time_s; }
Result<void> VideoReader::Convert(cv::Mat3b* bgr) { return state_->Convert(bgr); }
Result<void> VideoReader::ConvertScaled(cv::Size size, cv::Mat3b* bgr) {
  return state_->ConvertScaled(size, bgr);
}
Result<void> VideoReader::ConvertWithAlpha(cv::Mat4b* bgra) { return state_->ConvertWithAlpha(bgra); }
Result<void> VideoReader::ConvertGrey(cv::Mat1w* samples) { return state_->ConvertGrey(samples); }

}  // namespace peekproof::media
