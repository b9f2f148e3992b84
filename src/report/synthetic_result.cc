// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/synthetic_result.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace peekproof::report {
namespace {

cv::Rect Scaled(cv::Size size, double x, double y, double w, double h) {
  return {static_cast<int>(x * size.width), static_cast<int>(y * size.height),
          std::max(1, static_cast<int>(w * size.width)), std::max(1, static_cast<int>(h * size.height))};
}

/// A wall with a window, a shelf of books and a poster.
cv::Mat3b DrawRoom(cv::Size size) {
  cv::Mat3b room(size, cv::Vec3b(176, 198, 208));
  cv::rectangle(room, Scaled(size, 0, 0.8, 1, 0.2), {70, 96, 130}, cv::FILLED);
  cv::rectangle(room, Scaled(size, 0.04, 0.08, 0.22, 0.4), {236, 220, 190}, cv::FILLED);
  cv::rectangle(room, Scaled(size, 0.145, 0.08, 0.01, 0.4), {250, 250, 250}, cv::FILLED);
  cv::rectangle(room, Scaled(size, 0.36, 0.06, 0.26, 0.22), {60, 60, 170}, cv::FILLED);
  cv::rectangle(room, Scaled(size, 0.38, 0.09, 0.22, 0.16), {90, 190, 240}, cv::FILLED);
  const double scale = size.height / 360.0;
  cv::putText(room, "ROADMAP", {static_cast<int>(0.39 * size.width), static_cast<int>(0.2 * size.height)},
              cv::FONT_HERSHEY_SIMPLEX, 1.1 * scale, {30, 20, 20}, std::max(1, static_cast<int>(3 * scale)));
  cv::rectangle(room, Scaled(size, 0.7, 0.05, 0.26, 0.72), {50, 80, 110}, cv::FILLED);
  for (int shelf = 0; shelf < 4; ++shelf) {
    for (int book = 0; book < 11; ++book) {
      const cv::Scalar colour(60 + 37 * book % 180, 50 + 71 * (book + shelf) % 190,
                              60 + 53 * (book + 3 * shelf) % 190);
      const double height = 0.11 + 0.01 * ((book * 7 + shelf * 3) % 4);
      cv::rectangle(room, Scaled(size, 0.715 + 0.021 * book, 0.22 - height + 0.175 * shelf, 0.018, height),
                    colour, cv::FILLED);
    }
  }
  return room;
}

cv::Mat3b DrawWallpaper(cv::Size size) {
  cv::Mat3b wallpaper(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double down = 1.0 * y / size.height;
      const double wave = std::sin(9.0 * x / size.width + 3 * down) * 14;
      wallpaper(y, x) = cv::Vec3b(cv::saturate_cast<uchar>(190 - 60 * down + wave),
                                  cv::saturate_cast<uchar>(150 - 30 * down + wave),
                                  cv::saturate_cast<uchar>(90 + 40 * down));
    }
  }
  return wallpaper;
}

/// Head and shoulders: 255 inside.
cv::Mat1b DrawCaller(cv::Size size, double shift, double grow) {
  cv::Mat1b caller(size, uchar{0});
  const auto ellipse = [&](double x, double y, double w, double h) {
    cv::ellipse(caller, {static_cast<int>((x + shift) * size.width), static_cast<int>(y * size.height)},
                {static_cast<int>((w + grow) * size.width), static_cast<int>((h + 1.6 * grow) * size.height)},
                0, 0, 360, 255, cv::FILLED);
  };
  ellipse(0.5, 0.42, 0.1, 0.22);
  ellipse(0.5, 1.0, 0.27, 0.38);
  return caller;
}

image::Reconstruction DrawReconstruction(const cv::Mat3b& colours, const cv::Mat1f& heat) {
  auto room = image::Reconstruction::Absent(colours.size());
  for (int y = 0; y < heat.rows; ++y) {
    for (int x = 0; x < heat.cols; ++x) {
      if (!(heat(y, x) > 0)) continue;
      room.bgr(y, x) = colours(y, x);
      room.evidence(y, x) = static_cast<uint16_t>(1 + heat(y, x) * 300);
      room.confidence(y, x) = std::min(0.98F, 0.25F + 3.0F * heat(y, x));
      room.first_seen_s(y, x) = 1;
      room.last_seen_s(y, x) = 60;
    }
  }
  return room;
}

/// Share of frames in which a rim around the swaying caller leaks.
cv::Mat1f SyntheticHeat(cv::Size size) {
  cv::Mat1f heat(size, 0.0F);
  constexpr int kSteps = 24;
  for (int i = 0; i < kSteps; ++i) {
    const double shift = 0.07 * std::sin(0.9 * i) + 0.02 * std::sin(2.3 * i);
    const cv::Mat1b inside = DrawCaller(size, shift, 0.0);
    const cv::Mat1b outside = DrawCaller(size, shift, 0.012 + 0.012 * (i % 4));
    cv::Mat1f rim;
    cv::Mat1b(outside & ~inside).convertTo(rim, CV_32F, 1.0 / 255 / kSteps);
    heat += rim;
  }
  return heat;
}

double MeanOf(const cv::Mat& values) { return cv::mean(values)[0]; }

audit::SegmentResult DrawSegment(cv::Size size) {
  audit::SegmentResult segment;
  segment.start_s = 0.6;
  segment.end_s = 74.2;
  segment.frames = 1840;
  segment.attacked_frames = 1216;
  segment.background = audit::BackgroundKind::kStaticWallpaper;
  segment.background_confidence = 0.97;
  segment.background_explanation = "93 % of the pixels beside the caller keep one colour";
  segment.engine = "jitsi";
  segment.engine_guesses = {
      {"jitsi", 0.72}, {"mediapipe", 0.2}, {"twilio", 0.05}, {"zoom", 0.02}, {"meet", 0.01}};
  segment.caller_share = 0.31;
  segment.moving_share = 0.03;
  segment.analysed = true;
  segment.heat = SyntheticHeat(size);
  segment.wallpaper = DrawWallpaper(size);
  const cv::Mat3b room = DrawRoom(size);
  segment.room = DrawReconstruction(room, segment.heat);
  segment.gathered = DrawReconstruction(cv::Mat3b(room * 0.55 + segment.wallpaper * 0.45), segment.heat);
  segment.recovered_share = MeanOf(segment.room.Present()) / 255;
  segment.confident_share = MeanOf(cv::Mat(segment.room.confidence >= 0.5F)) / 255;
  segment.expected_correct_share = MeanOf(segment.room.confidence);
  segment.findings = {{.kind = audit::FindingKind::kText,
                       .label = "ROADMAP",
                       .box = Scaled(size, 0.39, 0.12, 0.2, 0.09),
                       .confidence = 0.91,
                       .evidence_share = 0.84,
                       .pixel_confidence = 0.62,
                       .first_s = 1,
                       .last_s = 60,
                       .frames = 92}};
  return segment;
}

audit::SegmentResult PlainSegment(double start_s, double end_s, int64_t frames, const char* explanation) {
  audit::SegmentResult segment;
  segment.start_s = start_s;
  segment.end_s = end_s;
  segment.frames = frames;
  segment.background = audit::BackgroundKind::kNone;
  segment.background_confidence = 0.88;
  segment.background_explanation = explanation;
  segment.caller_share = 0.3;
  return segment;
}

audit::WorstMoment DrawMomentOf(const audit::SegmentResult& segment, double time_s, double shift) {
  const cv::Size size = segment.wallpaper.size();
  audit::WorstMoment moment;
  moment.time_s = time_s;
  moment.frame_index = static_cast<int64_t>(time_s * 25);
  const cv::Mat1b caller = DrawCaller(size, shift, 0);
  moment.leak = DrawCaller(size, shift + 0.02, 0.015) & ~caller;
  moment.picture = segment.wallpaper.clone();
  DrawRoom(size).copyTo(moment.picture, moment.leak);
  moment.picture.setTo(cv::Scalar::all(0), caller);
  moment.leak_share = MeanOf(moment.leak) / 255;
  return moment;
}

std::vector<audit::LeakSample> DrawTimeline(double revealed_share) {
  std::vector<audit::LeakSample> samples;
  for (int i = 0; i < 300; ++i) {
    const double time_s = i * 0.25;
    double leak = 0.006 + 0.004 * std::sin(0.21 * i) + 0.003 * std::sin(1.7 * i);
    if (i % 71 > 60) leak += 0.02 * std::sin((i % 71 - 60) * 0.3);
    if (i < 3) leak = 0.62;
    if (i == 212 || i == 213) leak = 0.31;
    samples.push_back({time_s, std::max(0.0, leak), revealed_share * (1 - std::exp(-time_s / 18))});
  }
  return samples;
}

}  // namespace

audit::AuditResult SyntheticLeak(cv::Size size) {
  audit::AuditResult result;
  result.input_name = "team call.mp4";
  result.frame_size = size;
  result.duration_s = 74.84;
  result.frames = 1871;
  result.frame_rate = 25;
  result.codec = "h264";
  result.attack = "unmix";
  result.options = {{"engine", "mediapipe"},
                    {"model", "landscape"},
                    {"caller model", "selfie"},
                    {"wallpaper", "estimated"}};
  result.versions = {{"peekproof", "0.1.0"}, {"landscape", "sha256 0123456789abcdef"}, {"OpenCV", "4.6.0"}};
  result.verdict = audit::Verdict::kLeaks;
  result.segments = {DrawSegment(size), PlainSegment(0, 0.56, 15, "no wallpaper around the caller")};
  const audit::SegmentResult& main = result.segments[0];
  result.main_segment = 0;
  result.recovered_share = main.recovered_share;
  result.confident_share = main.confident_share;
  result.expected_correct_share = main.expected_correct_share;
  result.verdict_sentence =
      "Your virtual background leaks: pieces of the room around your head and shoulders can be "
      "recovered, and for half a second the whole room was in view.";
  result.raw = {
      {.start_s = 0, .end_s = 0.56, .frames = 15, .room_share = 0.98, .reason = "start of the call"},
      {.start_s = 53.0, .end_s = 53.4, .frames = 11, .room_share = 0.37, .reason = "glitch"}};
  result.raw_views = {{.time_s = 0.2,
                       .picture = DrawRoom(size),
                       .findings = {{.kind = audit::FindingKind::kText,
                                     .label = "KEYS",
                                     .box = Scaled(size, 0.1, 0.12, 0.2, 0.2),
                                     .confidence = 0.95,
                                     .evidence_share = 1,
                                     .pixel_confidence = 1,
                                     .first_s = 0.2,
                                     .last_s = 0.2,
                                     .frames = 1}}}};
  result.timeline = DrawTimeline(result.recovered_share);
  for (const auto& [time_s, shift] :
       {std::pair{53.2, 0.09}, {17.0, -0.05}, {31.4, 0.03}, {66.0, 0.0}, {8.2, -0.08}}) {
    result.worst.push_back(DrawMomentOf(main, time_s, shift));
  }
  result.advice = {"Join with the camera off and switch it on once the virtual background is loaded.",
                   "Put a plain screen or a tidy wall behind you: what is not there cannot leak.",
                   "Light yourself from the front; a dark rim makes the service cut too wide."};
  result.closing = {
      {"guard, set-up shot", "Film your empty room before the call.", 0.0002, 0.03, false, true},
      {"as it is", "Change nothing.", 0.061, 0.012, true, false}};
  result.limits = {"The camera is assumed to stand still.",
                   "Room that has nearly the colour of the virtual background cannot be told from it."};
  result.diagnostics.Add(ErrorCode::kCorruptData, "a damaged frame was skipped", 12.4);
  result.diagnostics.Add(ErrorCode::kCorruptData, "a damaged frame was skipped", 12.48);
  result.elapsed_s = 14.23;
  return result;
}

audit::AuditResult SyntheticPlainRoom(cv::Size size) {
  audit::AuditResult result;
  result.input_name = "plain.webm";
  result.frame_size = size;
  result.duration_s = 10;
  result.frames = 300;
  result.frame_rate = 30;
  result.codec = "vp9";
  result.verdict = audit::Verdict::kNoVirtualBackground;
  result.verdict_sentence = "No virtual background was found: the recording shows the plain room.";
  result.segments = {PlainSegment(0, 9.97, 300, "nothing around the caller is composed")};
  result.limits = {"The camera is assumed to stand still."};
  return result;
}

audit::AuditResult SyntheticBlurredRoom(cv::Size size) {
  audit::AuditResult result = SyntheticPlainRoom(size);
  result.verdict = audit::Verdict::kBlurred;
  result.verdict_sentence = "The background is blurred, and a blur can be taken back.";
  result.main_segment = 0;
  audit::SegmentResult& segment = result.segments[0];
  segment.background = audit::BackgroundKind::kBlurred;
  audit::BlurResult& blur = segment.blur.emplace();
  blur.attack = "deblur";
  blur.family = "gaussian";
  blur.sigma_px = 8;
  blur.sigma_low_px = 7.5;
  blur.sigma_high_px = 8.5;
  blur.noise = 0.12;
  blur.seen_px = 52;
  blur.readable_px = 27;
  blur.has_halo = true;
  blur.frames = 300;
  blur.average = cv::Mat3b(size, cv::Vec3b(90, 100, 110));
  blur.restored = cv::Mat3b(size, cv::Vec3b(80, 100, 120));
  blur.support = cv::Mat1f(size, 1.0F);
  blur.findings = {{.kind = audit::FindingKind::kText,
                    .label = "DOOR 4711",
                    .box = {2, 3, 20, 8},
                    .confidence = 0.9,
                    .evidence_share = 1,
                    .pixel_confidence = 1,
                    .last_s = 10,
                    .frames = 300}};
  return result;
}

}  // namespace peekproof::report
