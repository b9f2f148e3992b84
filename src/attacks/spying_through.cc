// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/spying_through.h"

#include <opencv2/imgproc.hpp>
#include <opencv2/photo.hpp>

#include "attacks/attack_entry.h"
#include "attacks/knn_motion.h"

namespace peekproof::attacks {
namespace {

constexpr int kSkippedFrames = 8;
constexpr int kSetAbove = 5;
constexpr int kSkinHalo = 25;

cv::Mat Ellipse(int size) { return cv::getStructuringElement(cv::MORPH_ELLIPSE, {size, size}); }

void OpenAndClose(int first, int second, const cv::Mat& element, int times, cv::Mat1b* mask) {
  cv::morphologyEx(*mask, *mask, first, element, {-1, -1}, times);
  cv::morphologyEx(*mask, *mask, second, element, {-1, -1}, times);
}

/// GrabCut from "probable foreground" inside `mask`; what is left of it in `mask`.
void Cut(const cv::Mat3b& bgr, const cv::Mat1b& possible, int iterations, cv::Mat1b* mask) {
  cv::Mat1b labels(bgr.size(), uint8_t{cv::GC_BGD});
  labels.setTo(cv::GC_PR_BGD, possible);
  labels.setTo(cv::GC_PR_FGD, *mask);
  // It needs samples of both kinds.
  const int inside = cv::countNonZero(*mask);
  if (inside == 0 || inside == static_cast<int>(mask->total())) return;
  cv::Mat background;
  cv::Mat foreground;
  cv::theRNG().state = 0x5EED;
  cv::grabCut(bgr, labels, {}, background, foreground, iterations, cv::GC_INIT_WITH_MASK);
  *mask = (labels == cv::GC_FGD) | (labels == cv::GC_PR_FGD);
}

/// Cuts out wallpaper and skin, frame by frame.
class SpyingThroughRule : public LeakRule {
 public:
  explicit SpyingThroughRule(const SpyingThroughOptions& options) : options_(options) {}

  void Find(FrameEvidence* evidence) override {
    const cv::Mat3b& full = evidence->frame.bgr;
    const cv::Size size(std::max(1, cvRound(full.cols * options_.scale)),
                        std::max(1, cvRound(full.rows * options_.scale)));
    cv::Mat3b bgr = full;
    cv::Mat1f caller = evidence->caller.values;
    if (size != full.size()) {
      cv::resize(full, bgr, size, 0, 0, cv::INTER_AREA);
      cv::resize(evidence->caller.values, caller, size, 0, 0, cv::INTER_AREA);
    }
    cv::Mat1b kept(caller > options_.salient_above);
    OpenAndClose(cv::MORPH_OPEN, cv::MORPH_CLOSE, Ellipse(10), 2, &kept);
    Cut(bgr, {}, 2, &kept);
    kept.setTo(0, SkinOf(bgr, kept));
    cv::resize(kept, evidence->leak.values, full.size(), 0, 0, cv::INTER_NEAREST);
    evidence->leak_px = cv::countNonZero(evidence->leak.values);
  }

 private:
  static cv::Mat1b SkinOf(const cv::Mat3b& bgr, const cv::Mat1b& kept) {
    cv::Mat hsv;
    cv::cvtColor(bgr, hsv, cv::COLOR_RGB2HSV);  // Of BGR: the published box is meant for it.
    cv::Mat1b skin;
    cv::inRange(hsv, cv::Scalar(108, 23, 82), cv::Scalar(179, 200, 255), skin);
    skin &= kept;
    cv::morphologyEx(skin, skin, cv::MORPH_CLOSE, Ellipse(5));
    cv::morphologyEx(skin, skin, cv::MORPH_OPEN, Ellipse(3), {-1, -1}, 2);
    cv::Mat1b halo;
    cv::dilate(skin, halo, cv::getStructuringElement(cv::MORPH_RECT, {2 * kSkinHalo, 2 * kSkinHalo}));
    Cut(bgr, halo, 5, &skin);
    OpenAndClose(cv::MORPH_OPEN, cv::MORPH_CLOSE, Ellipse(3), 1, &skin);
    return skin;
  }

  SpyingThroughOptions options_;
};

/// Keeps what moves, and takes its running mean.
class MovingMean : public Gatherer {
 public:
  MovingMean(const SpyingThroughOptions& options, cv::Size size)
      : options_(options),
        motion_(size),
        mean_(size, cv::Vec3f()),
        room_(image::Reconstruction::Absent(size)) {}

  void Add(const FrameEvidence& evidence) override {
    kept_.create(evidence.frame.bgr.size());
    kept_.setTo(cv::Scalar::all(0));
    evidence.frame.bgr.copyTo(kept_, evidence.leak.values);
    motion_.Apply(kept_, &moving_);
    if (++frames_ <= kSkippedFrames) return;
    cv::cvtColor(kept_, grey_, cv::COLOR_BGR2GRAY);
    const auto time_s = static_cast<float>(evidence.frame.time_s);
    for (int y = 0; y < kept_.rows; ++y) {
      for (int x = 0; x < kept_.cols; ++x) {
        if (moving_(y, x) == 0 || grey_(y, x) <= kSetAbove) continue;
        uint16_t& count = room_.evidence(y, x);
        if (count == 0) room_.first_seen_s(y, x) = time_s;
        room_.last_seen_s(y, x) = time_s;
        count = cv::saturate_cast<uint16_t>(count + 1);
        mean_(y, x) += (cv::Vec3f(kept_(y, x)) - mean_(y, x)) * (1.0F / static_cast<float>(count));
      }
    }
  }

  image::Reconstruction Finish() override {
    image::Reconstruction room = image::Reconstruction::Absent(room_.size());
    room_.evidence.copyTo(room.evidence);
    room_.first_seen_s.copyTo(room.first_seen_s);
    room_.last_seen_s.copyTo(room.last_seen_s);
    mean_.convertTo(room.bgr, CV_8U);
    if (options_.denoise) cv::fastNlMeansDenoisingColored(room.bgr.clone(), room.bgr, 10, 10, 7, 21);
    room.confidence.setTo(0.5, room.evidence > 0);
    return room;
  }

 private:
  SpyingThroughOptions options_;
  KnnMotion motion_;
  int frames_ = 0;
  cv::Mat3f mean_;
  image::Reconstruction room_;
  cv::Mat3b kept_;
  cv::Mat1b moving_;
  cv::Mat1b grey_;
};

engines::ParameterSet Bind(SpyingThroughOptions* options) {
  engines::ParameterSet set("attack");
  set.Number("salient_above", &options->salient_above, 0.0F, 1.0F,
             "The segmentation counts as the salient part above this");
  set.Number("scale", &options->scale, 0.05, 1.0, "Share of the frame's size at which GrabCut cuts");
  set.Flag("denoise", &options->denoise, "Non-local means over the finished picture");
  return set;
}

}  // namespace

std::unique_ptr<LeakRule> SpyingThrough::MakeRule() const {
  return std::make_unique<SpyingThroughRule>(options_);
}

std::unique_ptr<Gatherer> SpyingThrough::MakeGatherer() const {
  return std::make_unique<MovingMean>(options_, size_);
}

AttackEntry SpyingThroughEntry() {
  SpyingThroughOptions defaults;
  return {
      {.name = "spying-through",
       .description = "GrabCut cuts wallpaper and skin away; what moves of the rest, averaged",
       .source = "Spying through Virtual Backgrounds, AISec 2021, as the artifact of Seeing Through has it",
       .parameters = Bind(&defaults).Describe()},
      [](const engines::Spec& spec, const AttackSetting* setting) -> Result<std::unique_ptr<Attack>> {
        SpyingThroughOptions options;
        PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
        if (setting == nullptr) return std::unique_ptr<Attack>();
        return std::unique_ptr<Attack>(
            std::make_unique<SpyingThrough>(options, setting->wallpaper->bgr.size()));
      }};
}

}  // namespace peekproof::attacks
