// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/raw_view.h"

#include <algorithm>
#include <utility>

#include "audit/moment.h"
#include "image/reconstruction.h"

namespace peekproof::audit {
namespace {

constexpr size_t kMostViews = 2;  // Raw frames of one call show the same room.

// Runs that show most of the room, longest first where they show as much; then by time.
std::vector<RawInterval> MostTelling(std::vector<RawInterval> raw) {
  std::stable_sort(raw.begin(), raw.end(), [](const RawInterval& a, const RawInterval& b) {
    return a.room_share != b.room_share ? a.room_share > b.room_share : a.frames > b.frames;
  });
  raw.resize(std::min(raw.size(), kMostViews));
  std::sort(raw.begin(), raw.end(),
            [](const RawInterval& a, const RawInterval& b) { return a.start_s < b.start_s; });
  return raw;
}

// The frame as a room of which all is known but what the caller hides.
image::Reconstruction RoomOf(const WorstMoment& moment) {
  image::Reconstruction room = image::Reconstruction::Absent(moment.picture.size());
  moment.picture.copyTo(room.bgr, moment.leak);
  room.confidence.setTo(1.0, moment.leak);
  room.evidence.setTo(1, moment.leak);
  room.first_seen_s.setTo(moment.time_s, moment.leak);
  room.last_seen_s.setTo(moment.time_s, moment.leak);
  return room;
}

}  // namespace

Result<std::vector<RawView>> LookIntoRawFrames(const AuditOptions& options,
                                               const std::vector<RawInterval>& raw, FindingSearch* search,
                                               const std::stop_token& stop) {
  std::vector<RawView> views;
  for (const RawInterval& interval : MostTelling(raw)) {
    if (stop.stop_requested()) break;
    PEEKPROOF_ASSIGN_OR_RETURN(WorstMoment moment, CaptureMoment(options, interval));
    cv::Mat1f caller;
    moment.leak.convertTo(caller, CV_32F, -1.0 / 255, 1.0);
    PEEKPROOF_ASSIGN_OR_RETURN(auto findings, search->Find(RoomOf(moment), caller));
    views.push_back({moment.time_s, std::move(moment.picture), std::move(findings)});
  }
  return views;
}

}  // namespace peekproof::audit
