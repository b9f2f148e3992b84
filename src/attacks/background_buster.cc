// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/background_buster.h"

#include <cmath>
#include <cstdlib>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "attacks/attack_entry.h"
#include "attacks/largest_leak_first.h"

namespace peekproof::attacks {
namespace {

bool IsNear(const cv::Vec3b& a, const cv::Vec3b& b, int within) {
  return std::abs(a[0] - b[0]) <= within && std::abs(a[1] - b[1]) <= within &&
         std::abs(a[2] - b[2]) <= within;
}

/// The masks of one frame, as the paper names them.
class BackgroundBusterRule : public LeakRule {
 public:
  BackgroundBusterRule(const BackgroundBusterOptions& options, const Wallpaper& wallpaper,
                       const FrequentColours& colours)
      : options_(options),
        wallpaper_(wallpaper),
        colours_(colours),
        frequent_from_(options.released_below * static_cast<float>(colours.frames())),
        collar_(cv::getStructuringElement(cv::MORPH_ELLIPSE, {options.blending_px, options.blending_px})) {}

  void Find(FrameEvidence* evidence) override {
    const cv::Mat3b& bgr = evidence->frame.bgr;
    near_.create(bgr.size());
    for (int y = 0; y < bgr.rows; ++y)
      for (int x = 0; x < bgr.cols; ++x)
        near_(y, x) = IsNear(bgr(y, x), wallpaper_.bgr(y, x), options_.wallpaper_within) ? 255 : 0;
    cv::dilate(near_, blending_, collar_);
    cv::Mat1b& leak = evidence->leak.values;
    leak.create(bgr.size());
    evidence->leak_px = 0;
    for (int y = 0; y < bgr.rows; ++y) {
      for (int x = 0; x < bgr.cols; ++x) {
        const bool beside = blending_(y, x) == 0 && wallpaper_.known(y, x) != 0;
        leak(y, x) = beside && !IsCaller(*evidence, y, x) ? 255 : 0;
        evidence->leak_px += leak(y, x) & 1;
      }
    }
  }

 private:
  bool IsCaller(const FrameEvidence& evidence, int y, int x) const {
    return evidence.caller.values(y, x) > options_.caller_above &&
           static_cast<float>(colours_.CountOf(y, x, evidence.frame.bgr(y, x))) >= frequent_from_;
  }

  BackgroundBusterOptions options_;
  const Wallpaper& wallpaper_;
  const FrequentColours& colours_;
  float frequent_from_;
  cv::Mat collar_;
  cv::Mat1b near_;
  cv::Mat1b blending_;
};

/// Every colour in a 20th of the frames is among so many.
constexpr int kSlots = 21;

engines::ParameterSet Bind(BackgroundBusterOptions* options) {
  engines::ParameterSet set("attack");
  set.Integer("wallpaper_within", &options->wallpaper_within, 0, 255,
              "Largest difference of any channel to the wallpaper that still is wallpaper (the paper: 0)");
  set.Integer("blending", &options->blending_px, 1, 255, "Diameter of the collar around it, pixels");
  set.Number("released_below", &options->released_below, 0.0F, 0.05F,
             "Share of frames below which a caller's pixel of a colour is released");
  return set;
}

}  // namespace

BackgroundBuster::BackgroundBuster(const BackgroundBusterOptions& options,
                                   std::shared_ptr<const Wallpaper> wallpaper)
    : options_(options), wallpaper_(std::move(wallpaper)), colours_(wallpaper_->bgr.size(), kSlots) {}

void BackgroundBuster::Survey(int survey, const image::Frame& frame) {
  if (survey == 0) colours_.Add(frame.bgr);
  if (survey == 1) colours_.AddAgain(frame.bgr);
}

std::unique_ptr<LeakRule> BackgroundBuster::MakeRule() const {
  return std::make_unique<BackgroundBusterRule>(options_, *wallpaper_, colours_);
}

std::unique_ptr<Gatherer> BackgroundBuster::MakeGatherer() const {
  return std::make_unique<LargestLeakFirst>(wallpaper_->bgr.size());
}

AttackEntry BackgroundBusterEntry() {
  BackgroundBusterOptions defaults;
  return {{.name = "background-buster",
           .description = "what is neither wallpaper, its collar, nor a caller's pixel of a frequent colour",
           .source = "Background Buster, DSN 2022, as the artifact of Seeing Through rebuilt it",
           .parameters = Bind(&defaults).Describe()},
          [](const engines::Spec& spec, const AttackSetting* setting) -> Result<std::unique_ptr<Attack>> {
            BackgroundBusterOptions options;
            PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
            if (setting == nullptr) return std::unique_ptr<Attack>();
            return std::unique_ptr<Attack>(std::make_unique<BackgroundBuster>(options, setting->wallpaper));
          }};
}

}  // namespace peekproof::attacks
