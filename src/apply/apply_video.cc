// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "apply/apply_video.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "apply/learn_room.h"
#include "base/parallel.h"
#include "media/output_path.h"
#include "media/prefetcher.h"
#include "media/video_reader.h"
#include "media/video_writer.h"

namespace peekproof::apply {
namespace {

namespace fs = std::filesystem;

Error Bad(const std::string& message) { return {ErrorCode::kInvalidArgument, message}; }

Result<void> CheckOutputs(const ApplyOptions& options) {
  std::vector<std::string> inputs = FilesOf(options.background);
  inputs.push_back(options.input);
  if (!options.plate.empty()) inputs.push_back(options.plate);
  const auto overwrite = options.force ? media::Overwrite::kAllow : media::Overwrite::kRefuse;
  PEEKPROOF_RETURN_IF_ERROR(media::CheckOutput(options.output, inputs, overwrite));
  if (options.alpha_output.empty()) return {};
  std::error_code ignored;
  if (fs::weakly_canonical(options.alpha_output, ignored) == fs::weakly_canonical(options.output, ignored)) {
    return Bad("the alpha and the output are one file; give the alpha another name: " + options.output);
  }
  return media::CheckOutput(options.alpha_output, inputs, overwrite);
}

media::ReaderOptions ReaderOptionsOf(const ApplyOptions& options, const std::stop_token& stop) {
  media::ReaderOptions reader;
  reader.start_s = options.start_s;
  reader.end_s = options.end_s;
  reader.crop = options.crop;
  reader.threads = options.threads;
  reader.stop = stop;
  return reader;
}

/// Whether the container's usual encoder is libx264.
bool IsWrittenByX264(const std::string& path) {
  constexpr std::array<std::string_view, 7> kEndings = {".mp4", ".m4v", ".mov", ".mkv",
                                                        ".ts",  ".nut", ".avi"};
  return std::find(kEndings.begin(), kEndings.end(), fs::path(path).extension().string()) != kEndings.end();
}

/// The composite, or camera and composite beside each other.
class OutputPicture {
 public:
  OutputPicture(cv::Size frame, bool side_by_side) : side_by_side_(side_by_side) {
    if (side_by_side) both_.create(frame.height, 2 * frame.width);
  }

  cv::Size SizeFor(cv::Size frame) const { return side_by_side_ ? both_.size() : frame; }

  const cv::Mat3b& Of(const cv::Mat3b& camera, const cv::Mat3b& composite) {
    if (!side_by_side_) return composite;
    camera.copyTo(both_.colRange(0, camera.cols));
    composite.copyTo(both_.colRange(camera.cols, both_.cols));
    return both_;
  }

 private:
  bool side_by_side_;
  cv::Mat3b both_;
};

/// The files that are written.
class Outputs {
 public:
  static Result<std::unique_ptr<Outputs>> Open(const ApplyOptions& options, const media::VideoInfo& info,
                                               const media::ReaderOptions& reader) {
    std::unique_ptr<Outputs> outputs(new Outputs(info, options.side_by_side));
    media::WriterOptions writer = media::OptionsLike(info);
    writer.codec = options.codec;
    writer.crf = options.crf;
    writer.bit_rate = options.bit_rate;
    writer.preset = options.preset;
    writer.threads = options.threads > 0 ? options.threads : 0;
    outputs->frame_rate_ = writer.frame_rate;
    const cv::Size size = outputs->picture_.SizeFor(info.size);
    // Half-size chroma needs even sides.
    const bool is_odd = size.width % 2 != 0 || size.height % 2 != 0;
    if (is_odd && options.codec.empty() && IsWrittenByX264(options.output)) writer.pixel_format = "yuv444p";
    if (info.has_audio && !options.drop_audio) writer.audio = media::AudioOf(options.input, info, reader);
    PEEKPROOF_ASSIGN_OR_RETURN(outputs->video_, media::VideoWriter::Create(options.output, size, writer));
    if (!options.alpha_output.empty()) {
      media::WriterOptions grey = media::LosslessGrey(8);
      grey.frame_rate = writer.frame_rate;
      grey.ticks_per_second = writer.ticks_per_second;
      auto alpha = media::VideoWriter::Create(options.alpha_output, info.size, grey);
      if (!alpha.ok() && alpha.error().code == ErrorCode::kUnsupported) {
        return Error{
            ErrorCode::kUnsupported,
            "the alpha is lossless grey video; name it .mkv, or numbered pictures (alpha_%04d.png): " +
                options.alpha_output};
      }
      PEEKPROOF_ASSIGN_OR_RETURN(outputs->alpha_, std::move(alpha));
    }
    return outputs;
  }

  Result<void> Write(const image::Frame& camera, const engines::Composite& composite) {
    const double time_s = camera.time_s - first_time_s_;
    ++frames_;
    PEEKPROOF_RETURN_IF_ERROR(WriteTo(video_.get(), picture_.Of(camera.bgr, composite.bgr), time_s));
    if (alpha_ == nullptr) return {};
    composite.alpha.values.convertTo(grey_, CV_8U, 255.0);
    return WriteTo(alpha_.get(), grey_, time_s);
  }

  Result<void> Finish(bool early, Diagnostics* diagnostics) {
    if (alpha_ != nullptr) PEEKPROOF_RETURN_IF_ERROR(alpha_->Finish());
    PEEKPROOF_RETURN_IF_ERROR(early ? video_->FinishEarly() : video_->Finish());
    diagnostics->Merge(video_->diagnostics());
    if (moved_) {
      diagnostics->Add(ErrorCode::kUnsupported,
                       "this container has one frame rate, and the input's times vary; "
                       "write mkv, mp4 or webm to keep them");
    }
    return {};
  }

 private:
  Outputs(const media::VideoInfo& info, bool side_by_side)
      : picture_(info.size, side_by_side), first_time_s_(info.first_time_s) {}

  /// Containers with a fixed rate get every frame at that rate.
  Result<void> WriteTo(media::VideoWriter* writer, const cv::Mat& picture, double time_s) {
    if (!writer->has_fixed_rate()) return writer->WriteAt(picture, time_s);
    if (std::abs(static_cast<double>(frames_ - 1) / frame_rate_ - time_s) > 1.0 / frame_rate_) moved_ = true;
    return writer->Write(picture);
  }

  OutputPicture picture_;
  double first_time_s_;
  double frame_rate_ = 25;
  int64_t frames_ = 0;
  bool moved_ = false;  ///< Whether a frame had to leave its time.
  std::unique_ptr<media::VideoWriter> video_;
  std::unique_ptr<media::VideoWriter> alpha_;
  cv::Mat1b grey_;
};

void Count(const engines::Composite& composite, ApplyResult* result) {
  ++result->frames;
  ++result->shown[static_cast<size_t>(composite.shown)];
  result->oldest_mask = std::max(result->oldest_mask, composite.mask_age);
  result->caller_share += cv::mean(composite.alpha.values)[0];
  if (composite.failure.empty()) return;
  if (result->failures++ == 0) result->first_failure = composite.failure;
}

/// Shows engine and meter the empty room, if there is a picture of it.
Result<void> SetUp(const ApplyOptions& options, cv::Size size, const std::stop_token& stop,
                   engines::Engine* engine, engines::LeakMeter* meter) {
  if (options.plate.empty()) return {};
  return LearnRoom(options.plate, options.crop, size, stop, [&](const image::Frame& empty) {
    if (meter != nullptr) meter->LearnRoom(empty.bgr);
    return engine->LearnRoom(empty);
  });
}

}  // namespace

Result<void> ApplyOptions::Validate() const {
  if (input.empty() || output.empty()) return Bad("name an input and an output");
  if (!(start_s >= 0)) return Bad("the start must not be negative");
  if (end_s && !(*end_s > start_s)) return Bad("the end must lie behind the start");
  if (crf < 0 || crf > 63) return Bad("crf must be 0 to 63");
  if (bit_rate < 0) return Bad("the bit rate must not be negative");
  if (threads < 0 || threads > 1024) return Bad("threads must be 0 to 1024");
  return {};
}

Result<ApplyResult> ApplyVideo(const ApplyOptions& options, ProgressSink* progress, std::stop_token stop) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  PEEKPROOF_RETURN_IF_ERROR(CheckOutputs(options));
  const ThreadLimit limit(options.threads);
  PEEKPROOF_ASSIGN_OR_RETURN(const engines::EngineInfo engine_info, EngineInfoOf(options.engine));
  if (!options.plate.empty() && !options.meter && engine_info.name != "guard") {
    return Bad(
        fmt::format("{} learns nothing from the empty room; choose the engine guard, or meter the leak: {}",
                    engine_info.name, options.plate));
  }
  PEEKPROOF_ASSIGN_OR_RETURN(auto engine, OpenEngine(options.engine, options.model, options.background));
  const media::ReaderOptions reader_options = ReaderOptionsOf(options, stop);
  PEEKPROOF_ASSIGN_OR_RETURN(auto reader, media::VideoReader::Open(options.input, reader_options));
  const media::VideoInfo info = reader->info();
  PEEKPROOF_ASSIGN_OR_RETURN(auto background,
                             OpenBackground(options.background, engine_info, info.frame_rate));
  std::unique_ptr<engines::LeakMeter> meter;
  if (options.meter) meter = std::make_unique<engines::LeakMeter>();
  PEEKPROOF_RETURN_IF_ERROR(SetUp(options, info.size, stop, engine.get(), meter.get()));
  PEEKPROOF_ASSIGN_OR_RETURN(auto outputs, Outputs::Open(options, info, reader_options));
  PEEKPROOF_ASSIGN_OR_RETURN(auto frames, media::FramePrefetcher::Start(std::move(reader), {}));

  ApplyResult result;
  result.has_audio = info.has_audio && !options.drop_audio;
  engines::Composite composite;
  while (!stop.stop_requested()) {
    auto next = frames->Next();
    if (!next.ok() && next.error().code == ErrorCode::kInterrupted) break;
    if (!next.ok() && result.frames == 0) return next.error();
    if (!next.ok()) result.diagnostics.Add(next.error().code, next.error().message);
    if (!next.ok() || !next->has_value()) break;
    const image::Frame& camera = (*next)->frame;
    const auto composed = engine->Process(camera, background.get(), &composite);
    if (!composed.ok() && result.frames == 0) return composed.error();
    if (!composed.ok()) {  // A background that ends or breaks must not take with it what is written.
      result.diagnostics.Add(composed.error().code, composed.error().message, camera.time_s);
      break;
    }
    PEEKPROOF_RETURN_IF_ERROR(outputs->Write(camera, composite));
    Count(composite, &result);
    if (meter) meter->Add(camera, composite);
    if (progress != nullptr) progress->Report("apply", result.frames, info.frame_count_hint);
  }
  frames->Stop();
  result.interrupted = stop.stop_requested();
  if (result.frames == 0) return Error{ErrorCode::kInterrupted, "interrupted before the first frame"};
  if (meter) result.leak = meter->leak();
  result.caller_share /= static_cast<double>(result.frames);
  const bool early = result.interrupted || !result.diagnostics.empty();
  result.diagnostics.Merge(frames->diagnostics());
  result.diagnostics.Merge(background->diagnostics());
  PEEKPROOF_RETURN_IF_ERROR(outputs->Finish(early, &result.diagnostics));
  return result;
}

}  // namespace peekproof::apply
