// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/background_swap.h"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "audit/scene_tracker.h"
#include "image/ciede2000.h"

namespace peekproof::audit {
namespace {

constexpr float kSameColour = 12.0F;
constexpr float kEnoughRoom = 0.2F;  // Share of a thumbnail pixel's area that must be recovered.

struct SmallRoom {
  cv::Mat3b bgr;
  cv::Mat1b present;
};

SmallRoom Shrink(const image::Reconstruction& room, cv::Size size) {
  cv::Mat1f weight;
  room.Present().convertTo(weight, CV_32F, 1.0 / 255.0);
  cv::Mat3f weighted;
  room.bgr.convertTo(weighted, CV_32F);
  cv::Mat3f weights;
  cv::merge(std::vector<cv::Mat>{weight, weight, weight}, weights);
  cv::multiply(weighted, weights, weighted);
  cv::Mat3f small;
  cv::resize(weighted, small, size, 0, 0, cv::INTER_AREA);
  cv::Mat3f small_weights;
  cv::resize(weights, small_weights, size, 0, 0, cv::INTER_AREA);
  SmallRoom result{cv::Mat3b(size), cv::Mat1b(size)};
  for (int row = 0; row < size.height; ++row) {
    for (int column = 0; column < size.width; ++column) {
      const float share = small_weights(row, column)[0];
      result.present(row, column) = share >= kEnoughRoom ? 255 : 0;
      result.bgr(row, column) = share > 0 ? cv::Vec3b(small(row, column) / share) : cv::Vec3b(0, 0, 0);
    }
  }
  return result;
}

double MatchingShare(const SmallRoom& room, const cv::Mat3b& plate) {
  const cv::Mat1f difference = image::Ciede2000Map(room.bgr, plate);
  const cv::Mat1b same(difference < kSameColour);
  const int pixels = cv::countNonZero(room.present);
  return pixels > 0 ? cv::countNonZero(same & room.present) / static_cast<double>(pixels) : 0.0;
}

// Which of two swapped scenes is the plain camera; none when neither or both look like it.
struct PlainScene {
  int plain = 0;
  int replaced = 0;
  bool confirmed = false;
};

bool ShowsWallpaper(const SegmentResult& segment) {
  return segment.background == BackgroundKind::kStaticWallpaper;
}

bool ShowsRoomOf(const SegmentResult& replaced, const SurveyedScene& other) {
  return replaced.analysed && (MatchRoom(replaced.room, other.scene.plate).Confirms() ||
                               MatchRoom(replaced.gathered, other.scene.plate).Confirms());
}

std::optional<PlainScene> Decide(const Survey& survey, const std::vector<SegmentResult>& results, int a,
                                 int b) {
  const SurveyedScene& scene_a = survey.scenes[static_cast<size_t>(a)];
  const SurveyedScene& scene_b = survey.scenes[static_cast<size_t>(b)];
  const SegmentResult& result_a = results[static_cast<size_t>(a)];
  const SegmentResult& result_b = results[static_cast<size_t>(b)];
  if (!ShowsWallpaper(result_a) && !ShowsWallpaper(result_b)) return {};
  const bool b_is_room_of_a = ShowsRoomOf(result_a, scene_b);
  const bool a_is_room_of_b = ShowsRoomOf(result_b, scene_a);
  if (b_is_room_of_a != a_is_room_of_b) {
    return b_is_room_of_a ? PlainScene{b, a, true} : PlainScene{a, b, true};
  }
  if (ShowsWallpaper(result_a) != ShowsWallpaper(result_b)) {
    return ShowsWallpaper(result_a) ? PlainScene{b, a, false} : PlainScene{a, b, false};
  }
  constexpr int64_t kMuchShorter = 4;
  if (kMuchShorter * scene_b.scene.frames <= scene_a.scene.frames) return PlainScene{b, a, false};
  if (kMuchShorter * scene_a.scene.frames <= scene_b.scene.frames) return PlainScene{a, b, false};
  return {};
}

std::string Reason(const PlainScene& decided) {
  return decided.confirmed ? "plain camera scene; it matches the room recovered from the rest of the call"
                           : "background swapped while the caller stayed; most likely the plain camera";
}

std::vector<RawInterval> ShotsOf(const Survey& survey, const PlainScene& decided) {
  const cv::Mat3b& plain = survey.scenes[static_cast<size_t>(decided.plain)].scene.plate;
  const cv::Mat3b& replaced = survey.scenes[static_cast<size_t>(decided.replaced)].scene.plate;
  std::vector<RawInterval> intervals;
  for (const Shot& shot : survey.shots) {
    if (shot.scene != decided.plain) continue;
    intervals.push_back({.first_frame = shot.first_frame,
                         .start_s = shot.start_s,
                         .end_s = shot.last_s,
                         .frames = shot.end_frame - shot.first_frame,
                         .room_share = 1.0 - AgreeingShare(plain, replaced, 24),
                         .reason = Reason(decided)});
  }
  return intervals;
}

}  // namespace

RoomMatch MatchRoom(const image::Reconstruction& room, const cv::Mat3b& plate) {
  const SmallRoom small = Shrink(room, plate.size());
  cv::Mat3b mirrored;
  cv::flip(plate, mirrored, 1);
  return {.share = MatchingShare(small, plate),
          .control = MatchingShare(small, mirrored),
          .pixels = cv::countNonZero(small.present)};
}

std::vector<RawInterval> FindRawScenes(const Survey& survey, std::vector<SegmentResult>* results) {
  std::vector<RawInterval> raw;
  std::vector<bool> done(survey.scenes.size(), false);
  for (const BackgroundSwap& swap : survey.swaps) {
    const std::optional<PlainScene> decided = Decide(survey, *results, swap.scene_before, swap.scene_after);
    if (!decided || done[static_cast<size_t>(decided->plain)]) continue;
    done[static_cast<size_t>(decided->plain)] = true;
    SegmentResult& plain = (*results)[static_cast<size_t>(decided->plain)];
    plain.background = BackgroundKind::kNone;
    plain.background_confidence = decided->confirmed ? 0.95 : 0.6;
    plain.background_explanation = "The " + Reason(*decided) + ".";
    plain.analysed = false;
    for (RawInterval& interval : ShotsOf(survey, *decided)) raw.push_back(std::move(interval));
  }
  return raw;
}

}  // namespace peekproof::audit
