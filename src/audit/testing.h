// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "audit/audit_result.h"

/// What several tests of this layer need.
namespace peekproof::audit {

/// Pixels of a recovered room.
struct Paint {
  int right = 0;
  int wrong = 0;
};

/// Of the first segment; right is what differs from the true room by less than 60 levels over all channels.
inline Paint PaintOf(const AuditResult& result, const cv::Mat3b& true_room) {
  constexpr double kAlike = 60;  // Sum over the channels.
  Paint paint;
  const image::Reconstruction& room = result.segments.at(0).room;
  for (int y = 0; y < room.bgr.rows; ++y) {
    for (int x = 0; x < room.bgr.cols; ++x) {
      if (room.evidence(y, x) == 0) continue;
      ++(cv::norm(room.bgr(y, x), true_room(y, x), cv::NORM_L1) < kAlike ? paint.right : paint.wrong);
    }
  }
  return paint;
}

}  // namespace peekproof::audit
