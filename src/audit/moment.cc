// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/moment.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "audit/redact.h"
#include "audit/survey.h"
#include "media/video_reader.h"
#include "models/segmenter.h"

namespace peekproof::audit {

Result<WorstMoment> CaptureMoment(const AuditOptions& options, const RawInterval& interval) {
  media::ReaderOptions reader_options = ReaderOptionsOf(options);
  reader_options.start_s = std::max(options.start_s, interval.start_s);
  PEEKPROOF_ASSIGN_OR_RETURN(auto reader, media::VideoReader::Open(options.input, reader_options));
  PEEKPROOF_ASSIGN_OR_RETURN(const bool has_frame, reader->Advance());
  if (!has_frame) return Error{ErrorCode::kInternal, "a frame that was there in the survey is gone"};
  WorstMoment moment{
      .time_s = interval.start_s, .frame_index = interval.first_frame, .leak_share = interval.room_share};
  PEEKPROOF_RETURN_IF_ERROR(reader->Convert(&moment.picture));

  PEEKPROOF_ASSIGN_OR_RETURN(auto segmenter, models::MakeSegmenter(options.caller_model));
  cv::Mat3b input;
  cv::resize(moment.picture, input, segmenter->input_size(), 0, 0, cv::INTER_AREA);
  image::AlphaMask small;
  PEEKPROOF_RETURN_IF_ERROR(segmenter->Segment(input, &small));
  image::AlphaMask caller;
  cv::resize(small.values, caller.values, moment.picture.size(), 0, 0, cv::INTER_LINEAR);
  moment.leak = cv::Mat1b(caller.values < 0.5F);
  if (!options.show_caller) moment.picture = BlackOutCaller(moment.picture, caller, {});
  return moment;
}

}  // namespace peekproof::audit
