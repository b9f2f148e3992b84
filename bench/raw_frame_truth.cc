// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// How right an audit is of a real recording in which the virtual background failed for a few frames: what the
// masked frames alone give away is compared with the room that the raw frames show. The audit itself takes
// nothing from raw frames.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "audit/audit.h"
#include "image/ciede2000.h"
#include "image/mask.h"
#include "media/picture.h"
#include "media/video_reader.h"
#include "metrics/room_control.h"
#include "models/segmenter.h"

namespace peekproof::bench {
namespace {

/// The room as raw frames show it.
struct RawRoom {
  cv::Mat3b bgr;    ///< Per-channel median over the raw frames that show the pixel.
  cv::Mat1b known;  ///< 255 where at least one did: the caller hides the rest.
  int frames = 0;
};

bool IsRaw(const audit::AuditResult& result, double time_s) {
  constexpr double kSlack = 1e-3;
  return std::any_of(result.raw.begin(), result.raw.end(), [&](const audit::RawInterval& raw) {
    return time_s >= raw.start_s - kSlack && time_s <= raw.end_s + kSlack;
  });
}

Result<cv::Mat1b> CallerIn(const cv::Mat3b& frame, models::Segmenter* segmenter) {
  constexpr float kDoubtful = 0.05F;
  cv::Mat3b small;
  cv::resize(frame, small, segmenter->input_size(), 0, 0, cv::INTER_AREA);
  image::AlphaMask caller;
  PEEKPROOF_RETURN_IF_ERROR(segmenter->Segment(small, &caller));
  const image::BinaryMask wide = image::Dilate(image::GreaterThan(caller, kDoubtful), 5);
  cv::Mat1b mask;
  cv::resize(wide.values, mask, frame.size(), 0, 0, cv::INTER_NEAREST);
  return mask;
}

Result<RawRoom> RoomOf(const audit::AuditOptions& options, const audit::AuditResult& result) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto segmenter, models::MakeSegmenter(options.caller_model));
  PEEKPROOF_ASSIGN_OR_RETURN(auto video, media::VideoReader::Open(options.input, {}));
  std::vector<cv::Mat3b> frames;
  std::vector<cv::Mat1b> callers;
  while (true) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, video->Advance());
    if (!more) break;
    if (!IsRaw(result, video->time_s())) continue;
    cv::Mat3b frame;
    PEEKPROOF_RETURN_IF_ERROR(video->Convert(&frame));
    PEEKPROOF_ASSIGN_OR_RETURN(cv::Mat1b caller, CallerIn(frame, segmenter.get()));
    frames.push_back(frame);
    callers.push_back(caller);
  }
  if (frames.empty()) return Error{ErrorCode::kNotFound, "no raw frame was found: there is no truth"};
  RawRoom room{cv::Mat3b(frames[0].size(), cv::Vec3b::all(0)), cv::Mat1b(frames[0].size(), uchar{0}),
               static_cast<int>(frames.size())};
  for (int y = 0; y < room.bgr.rows; ++y) {
    for (int x = 0; x < room.bgr.cols; ++x) {
      for (int c = 0; c < 3; ++c) {
        std::vector<uchar> values;
        for (size_t i = 0; i < frames.size(); ++i)
          if (callers[i](y, x) == 0) values.push_back(frames[i](y, x)[c]);
        if (values.empty()) continue;
        std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                         values.end());
        room.bgr(y, x)[c] = values[values.size() / 2];
        room.known(y, x) = 255;
      }
    }
  }
  return room;
}

void Keep(const cv::Mat1b& where, image::Reconstruction* room) {
  room->evidence.setTo(0, where == 0);
  room->confidence.setTo(0, where == 0);
}

/// The control looks only at pixels whose mirror image is known, too.
double MirroredShare(image::Reconstruction painted, const RawRoom& room) {
  cv::Mat1b mirrored;
  cv::flip(room.known, mirrored, 1);
  Keep(cv::Mat1b(room.known & mirrored), &painted);
  return metrics::CompareWithWrongRooms(painted, room.bgr, {}).mirrored.at_10;
}

void Print(const char* name, image::Reconstruction painted, const RawRoom& room) {
  Keep(room.known, &painted);
  const metrics::RightShares right = metrics::CompareWithWrongRooms(painted, room.bgr, {}).room;
  const double share =
      cv::countNonZero(painted.Present()) / static_cast<double>(cv::countNonZero(room.known));
  fmt::print(
      "{:<10} painted {:5.1f} %  right within 4: {:4.1f} %  within 10: {:4.1f} %  mirrored {:4.1f} %  "
      "recovered {:4.1f} %\n",
      name, 100 * share, 100 * right.at_4, 100 * right.at_10, 100 * MirroredShare(painted, room),
      100 * share * right.at_10);
}

void PrintByConfidence(image::Reconstruction painted, const RawRoom& room) {
  Keep(room.known, &painted);
  const cv::Mat1f difference = image::Ciede2000Map(painted.bgr, room.bgr);
  for (int tenth = 1; tenth < 10; ++tenth) {
    const float low = static_cast<float>(tenth) / 10.0F;
    const cv::Mat1b in(cv::Mat1b(painted.confidence >= low) & cv::Mat1b(painted.confidence < low + 0.1F));
    const int count = cv::countNonZero(in);
    if (count == 0) continue;
    const int right = cv::countNonZero(in & cv::Mat1b(difference < 10.0F));
    fmt::print("  stated {:.1f} to {:.1f}: {:6} pixels, {:.2f} right\n", low, low + 0.1F, count,
               static_cast<double>(right) / count);
  }
}

/// Side by side: the room of the raw frames, what was recovered (grey: nothing), and the wallpaper.
cv::Mat3b PictureOf(const audit::SegmentResult& segment, const RawRoom& room) {
  cv::Mat3b truth = room.bgr.clone();
  truth.setTo(cv::Scalar::all(96), room.known == 0);
  cv::Mat3b recovered = segment.room.bgr.clone();
  recovered.setTo(cv::Scalar::all(96), segment.room.Present() == 0);
  cv::Mat3b picture;
  cv::hconcat(std::vector<cv::Mat>{truth, recovered, segment.wallpaper}, picture);
  return picture;
}

Result<void> Compare(const audit::AuditOptions& options, const std::string& picture) {
  PEEKPROOF_ASSIGN_OR_RETURN(const audit::AuditResult result, audit::RunAudit(options, nullptr, {}));
  if (!result.main_segment) return Error{ErrorCode::kNotFound, "no part of the recording could be attacked"};
  const audit::SegmentResult& segment = result.segments[*result.main_segment];
  PEEKPROOF_ASSIGN_OR_RETURN(const RawRoom room, RoomOf(options, result));
  fmt::print("{}: {} masked frames attacked, {} raw frames as truth, which show {:.1f} % of the room\n",
             options.input, segment.frames, room.frames,
             100.0 * cv::countNonZero(room.known) / static_cast<double>(room.known.total()));
  Print("unmix", segment.room, room);
  PrintByConfidence(segment.room, room);
  Print("gathered", segment.gathered, room);
  return picture.empty() ? Result<void>() : media::WritePng(picture, PictureOf(segment, room));
}

}  // namespace
}  // namespace peekproof::bench

int main(int argc, char** argv) {
  peekproof::audit::AuditOptions options;
  std::string picture;
  CLI::App app("Compares what masked frames give away with the room that a recording's raw frames show.");
  app.add_option("VIDEO", options.input, "Recording with raw frames")->required();
  app.add_option("--engine", options.engine, "Service whose matte is re-estimated");
  app.add_option("--picture", picture, "PNG to write: raw room, recovered room, wallpaper");
  CLI11_PARSE(app, argc, argv);
  const auto done = peekproof::bench::Compare(options, picture);
  if (done.ok()) return 0;
  fmt::print(stderr, "raw_frame_truth: {}\n", done.error().message);
  return 1;
}
