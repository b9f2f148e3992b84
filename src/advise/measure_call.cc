// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "advise/measure_call.h"

#include <opencv2/imgproc.hpp>

#include "media/prefetcher.h"
#include "models/segmenter.h"

namespace peekproof::advise {

Result<CallTraits> MeasureCall(const std::string& path, const media::ReaderOptions& reader,
                               const std::string& model, ProgressSink* progress,
                               const std::stop_token& stop) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto segmenter, models::MakeSegmenter(model));
  PEEKPROOF_ASSIGN_OR_RETURN(auto video, media::VideoReader::Open(path, reader));
  const int64_t total = video->info().frame_count_hint;
  media::PrefetchOptions prefetch;
  prefetch.thumbnail_size = segmenter->input_size();
  prefetch.wants_full = [](int64_t, double, const cv::Mat3b&) { return false; };
  PEEKPROOF_ASSIGN_OR_RETURN(auto frames, media::FramePrefetcher::Start(std::move(video), prefetch));
  CallerMotionMeter meter;
  image::AlphaMask caller;
  while (!stop.stop_requested()) {
    auto next = frames->Next();
    if (!next.ok() || !next->has_value()) break;  // Damage is the audit's to report; it has read all this.
    const media::DecodedFrame& decoded = **next;
    if (progress != nullptr) progress->Report("measure", decoded.frame.index + 1, total);
    if (!meter.Wants(decoded.frame.time_s)) continue;
    PEEKPROOF_RETURN_IF_ERROR(segmenter->Segment(decoded.thumbnail, &caller));
    meter.Add(caller.values, decoded.frame.time_s);
  }
  frames->Stop();
  return meter.Traits();
}

}  // namespace peekproof::advise
