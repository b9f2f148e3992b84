// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "media/video_reader.h"

namespace peekproof::media {

Result<void> ReaderOptions::Validate() const {
  const auto invalid = [](const char* message) { return Error{ErrorCode::kInvalidArgument, message}; };
  if (!(start_s >= 0) || !std::isfinite(start_s)) return invalid("the start time must be 0 or more seconds");
  if (end_s && !(*end_s > start_s)) return invalid("the end time must lie behind the start time");
  if (crop && (crop->x < 0 || crop->y < 0 || crop->width <= 0 || crop->height <= 0)) {
    return invalid("the crop must have a corner of 0 or more and a size of 1 or more pixels");
  }
  if (threads < 0) return invalid("the number of threads must be 0 (as many as cores) or more");
  if (max_pixels <= 0) return invalid("the largest number of pixels must be 1 or more");
  if (!(sequence_frame_rate > 0 && sequence_frame_rate <= 1000)) {
    return invalid("the frame rate of a picture sequence must be over 0 and at most 1000");
  }
  return {};
}

}  // namespace peekproof::media
