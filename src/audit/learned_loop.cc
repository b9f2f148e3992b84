// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/learned_loop.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "audit/caller_zone.h"
#include "audit/settled_picture.h"
#include "base/temporary_folder.h"
#include "media/prefetcher.h"
#include "media/video_writer.h"
#include "models/segmenter.h"

namespace peekproof::audit {
namespace {

constexpr size_t kMostBytes = size_t{256} << 20;

// The colours that are most frequent over all, for places that are unknown in a picture.
cv::Mat3b UsualPicture(const Survey& survey) {
  const SurveyedScene* longest = nullptr;
  for (const SurveyedScene& scene : survey.scenes) {
    if (scene.wallpaper.empty()) continue;
    if (longest == nullptr || scene.scene.frames > longest->scene.frames) longest = &scene;
  }
  return longest != nullptr ? longest->wallpaper : cv::Mat3b(survey.info.size, cv::Vec3b());
}

// Where at least nine tenths of a thumbnail's pixel are known.
cv::Mat1b KnownThumbnail(const cv::Mat1b& known) {
  constexpr double kMostly = 0.9 * 255;
  cv::Mat1b scaled;
  cv::resize(known, scaled, kThumbnailSize, 0, 0, cv::INTER_AREA);
  cv::compare(scaled, kMostly, scaled, cv::CMP_GE);
  return scaled;
}

// The learning in progress: pictures from `first` to `end` in one reading.
class LoopLearner {
 public:
  LoopLearner(const AuditOptions& options, const Survey& survey, const BackgroundLoop& loop,
              std::unique_ptr<models::Segmenter> segmenter, media::VideoWriter* writer)
      : options_(options),
        loop_(loop),
        usual_(UsualPicture(survey)),
        segmenter_(std::move(segmenter)),
        writer_(writer) {}

  Result<void> Learn(ProgressSink* progress, const std::stop_token& stop);
  std::vector<cv::Mat1b> TakeKnown() { return std::move(known_); }

 private:
  bool IsWanted(int64_t frame, int first, int end) const {
    if (frame >= static_cast<int64_t>(loop_.picture_of.size())) return false;
    const int picture = loop_.picture_of[static_cast<size_t>(frame)];
    return picture >= first && picture < end;
  }
  Result<void> LearnSome(int first, int end, ProgressSink* progress, const std::stop_token& stop);
  Result<void> AddFrame(const media::DecodedFrame& decoded, SettledPicture* picture);
  Result<void> Keep(const SettledPicture& picture);

  const AuditOptions& options_;
  const BackgroundLoop& loop_;
  cv::Mat3b usual_;
  std::unique_ptr<models::Segmenter> segmenter_;
  media::VideoWriter* writer_;
  std::vector<cv::Mat1b> known_;
  int64_t done_ = 0;
};

Result<void> LoopLearner::Learn(ProgressSink* progress, const std::stop_token& stop) {
  const auto per_picture = static_cast<size_t>(SettledPicture::kBytesPerPixel) * usual_.total();
  const int at_once = std::max(1, static_cast<int>(kMostBytes / per_picture));
  for (int first = 0; first < loop_.pictures && !stop.stop_requested(); first += at_once) {
    PEEKPROOF_RETURN_IF_ERROR(LearnSome(first, std::min(loop_.pictures, first + at_once), progress, stop));
  }
  return {};
}

Result<void> LoopLearner::LearnSome(int first, int end, ProgressSink* progress, const std::stop_token& stop) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto reader,
                             media::VideoReader::Open(options_.input, ReaderOptionsOf(options_)));
  media::PrefetchOptions prefetch;
  prefetch.thumbnail_size = kThumbnailSize;
  prefetch.wants_full = [this, first, end](int64_t index, double, const cv::Mat3b&) {
    return IsWanted(index, first, end);
  };
  PEEKPROOF_ASSIGN_OR_RETURN(auto frames, media::FramePrefetcher::Start(std::move(reader), prefetch));
  std::vector<SettledPicture> pictures;
  for (int i = first; i < end; ++i) pictures.emplace_back(usual_.size());
  const auto total = static_cast<int64_t>(loop_.picture_of.size());
  for (int64_t index = 0; index < total && !stop.stop_requested(); ++index) {
    PEEKPROOF_ASSIGN_OR_RETURN(const std::optional<media::DecodedFrame> decoded, frames->Next());
    if (!decoded) break;
    if (!decoded->has_full) continue;
    const int picture = loop_.picture_of[static_cast<size_t>(index)];
    PEEKPROOF_RETURN_IF_ERROR(AddFrame(*decoded, &pictures[static_cast<size_t>(picture - first)]));
    if (progress != nullptr) progress->Report("learn the background's video", ++done_, total);
  }
  frames->Stop();
  if (stop.stop_requested()) return {};
  for (const SettledPicture& picture : pictures) PEEKPROOF_RETURN_IF_ERROR(Keep(picture));
  return {};
}

Result<void> LoopLearner::AddFrame(const media::DecodedFrame& decoded, SettledPicture* picture) {
  // What leaks lies nearer to the caller than the rims that other surveys keep clear of, but not in most
  // frames: the vote leaves it out.
  const int reach = kThumbnailSize.height / 48;
  cv::Mat3b input;
  cv::resize(decoded.thumbnail, input, segmenter_->input_size(), 0, 0, cv::INTER_AREA);
  image::AlphaMask caller;
  PEEKPROOF_RETURN_IF_ERROR(segmenter_->Segment(input, &caller));
  cv::Mat1f enlarged;
  cv::resize(caller.values, enlarged, kThumbnailSize, 0, 0, cv::INTER_LINEAR);
  picture->Add(decoded.frame.bgr, FarFromCaller({enlarged}, kHintOfCaller, reach, decoded.frame.bgr.size()));
  return {};
}

Result<void> LoopLearner::Keep(const SettledPicture& picture) {
  cv::Mat3b colour = usual_.clone();
  const cv::Mat1b known = picture.Known();
  picture.Colour().copyTo(colour, known);
  known_.push_back(KnownThumbnail(known));
  return writer_->Write(colour);
}

}  // namespace

Result<std::shared_ptr<WallpaperVideo>> LearnLoop(const AuditOptions& options, const Survey& survey,
                                                  const BackgroundLoop& loop, ProgressSink* progress,
                                                  const std::stop_token& stop) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto folder, TemporaryFolder::Make());
  const std::string path = *folder / "loop.mkv";
  PEEKPROOF_ASSIGN_OR_RETURN(
      auto writer, media::VideoWriter::Create(path, survey.info.size,
                                              {.crf = 10, .key_frame_interval = 12, .preset = "ultrafast"}));
  PEEKPROOF_ASSIGN_OR_RETURN(auto segmenter, models::MakeSegmenter(SurveyModel(options)));
  LoopLearner learner(options, survey, loop, std::move(segmenter), writer.get());
  PEEKPROOF_RETURN_IF_ERROR(learner.Learn(progress, stop));
  if (stop.stop_requested()) return std::shared_ptr<WallpaperVideo>();
  PEEKPROOF_RETURN_IF_ERROR(writer->Finish());
  PEEKPROOF_ASSIGN_OR_RETURN(auto video, WallpaperVideo::OpenLearned(std::move(folder), path,
                                                                     survey.info.size, learner.TakeKnown()));
  return std::shared_ptr<WallpaperVideo>(std::move(video));
}

}  // namespace peekproof::audit
