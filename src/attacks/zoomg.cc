// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/zoomg.h"

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "attacks/attack_entry.h"
#include "base/check.h"
#include "base/parallel.h"

namespace peekproof::attacks {
namespace {

double Cosine(const cv::Vec3b& a, const cv::Vec3b& b) {
  int dot = 0;
  int length_a = 0;
  int length_b = 0;
  for (int c = 0; c < 3; ++c) {
    dot += a[c] * b[c];
    length_a += a[c] * a[c];
    length_b += b[c] * b[c];
  }
  return length_a == 0 || length_b == 0 ? 1.0 : dot / std::sqrt(double(length_a) * double(length_b));
}

int SumDifference(const cv::Vec3b& a, const cv::Vec3b& b) {
  return std::abs(a[0] + a[1] + a[2] - b[0] - b[1] - b[2]);
}

struct ZoomgChoices {
  std::string comparison = "ciede2000";
  std::string threshold = "own";
  int noise_frame = 0;
};

engines::ParameterSet Bind(ZoomgChoices* choices) {
  engines::ParameterSet set("attack");
  set.Choice("comparison", &choices->comparison, {"ciede2000", "cosine", "sum"},
             "How colours are told from the wallpaper: zoomg's two, or roomg's difference of sums");
  set.Text("threshold", &choices->threshold, "A number, or own: 5.06, 0.75 (cosine), 20 (sum)");
  set.Integer("noise_frame", &choices->noise_frame, 0, 1'000'000,
              "Colours seen in so many frames or fewer are noise");
  return set;
}

Result<ZoomgOptions> OptionsOf(const ZoomgChoices& choices) {
  ZoomgOptions options;
  options.noise_frame = choices.noise_frame;
  if (choices.comparison == "cosine") options = {RareColourRule::kCosine, 0.75, choices.noise_frame};
  if (choices.comparison == "sum") options = {RareColourRule::kSum, 20, choices.noise_frame};
  if (choices.threshold == "own") return options;
  double most = 765;
  if (options.rule == RareColourRule::kCosine) most = 1;
  if (options.rule == RareColourRule::kCiede2000) most = 120;
  engines::ParameterSet number("attack");
  number.Number("threshold", &options.threshold, options.rule == RareColourRule::kCiede2000 ? 0.01 : 0, most,
                "");
  PEEKPROOF_RETURN_IF_ERROR(number.Assign({"zoomg", {{"threshold", choices.threshold}}}));
  return options;
}

}  // namespace

void Zoomg::Survey(int survey, const image::Frame& frame) {
  const cv::Mat3b& bgr = frame.bgr;
  if (!frequent_ && !wallpaper_) {
    size_ = bgr.size();
    frequent_ = std::make_unique<FrequentColours>(size_, kFrequent);
  }
  if (survey == 0) return frequent_->Add(bgr);
  if (survey == 1) return frequent_->AddAgain(bgr);
  if (!wallpaper_) {
    const FrequentColours::Mode mode = frequent_->Finish();
    frequent_.reset();
    wallpaper_ = Wallpaper::Of(mode.colour);
    proven_ = mode.proven;
    last_.resize(static_cast<size_t>(size_.area()) * kLast);
    forgot_ = cv::Mat1b(size_, uint8_t{0});
  }
  RememberLast(bgr);
}

void Zoomg::RememberLast(const cv::Mat3b& bgr) {
  PEEKPROOF_CHECK(bgr.size() == size_, "frames of different sizes");
  ++frame_;
  MarkDifferent(bgr);
  ParallelRows(bgr.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < bgr.cols; ++x) {
        if (classes_(y, x) != static_cast<uint8_t>(ColourClass::kFar)) continue;
        if (Remember(PackColour(bgr(y, x)), frame_, std::span(&last_[IndexOf(y, x)], kLast)))
          forgot_(y, x) = 255;
      }
    }
  });
}

void Zoomg::MarkDifferent(const cv::Mat3b& bgr) {
  if (options_.rule == RareColourRule::kCiede2000) {
    const auto threshold = static_cast<float>(options_.threshold);
    if (!classifier_) classifier_ = std::make_unique<ColourClassifier>(threshold, threshold);
    return classifier_->Classify(bgr, *wallpaper_, cv::Mat1b(size_, uint8_t{0}), &classes_);
  }
  classes_.create(size_);
  ParallelRows(bgr.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < bgr.cols; ++x) {
        const cv::Vec3b& wallpaper = wallpaper_->bgr(y, x);
        const bool differs = options_.rule == RareColourRule::kCosine
                                 ? Cosine(bgr(y, x), wallpaper) < options_.threshold
                                 : SumDifference(bgr(y, x), wallpaper) > options_.threshold;
        classes_(y, x) = static_cast<uint8_t>(differs ? ColourClass::kFar : ColourClass::kNear);
      }
    }
  });
}

std::unique_ptr<Gatherer> Zoomg::MakeGatherer() const { return std::make_unique<ZoomgGatherer>(*this); }

ZoomgGatherer::ZoomgGatherer(const Zoomg& zoomg)
    : zoomg_(zoomg), counts_(zoomg.last_.size()), firsts_(zoomg.last_.size()), times_s_(zoomg.last_.size()) {}

void ZoomgGatherer::Add(const FrameEvidence& evidence) {
  const cv::Mat3b& bgr = evidence.frame.bgr;
  PEEKPROOF_CHECK(bgr.size() == zoomg_.size_, "another size than in the surveys");
  ++frame_;
  ParallelRows(bgr.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < bgr.cols; ++x) {
        const uint32_t colour = PackColour(bgr(y, x));
        const size_t end = zoomg_.IndexOf(y, x) + Zoomg::kLast;
        size_t i = end - Zoomg::kLast;
        while (i < end && zoomg_.last_[i].frame != 0 && zoomg_.last_[i].colour != colour) ++i;
        if (i == end || zoomg_.last_[i].frame == 0 || counts_[i]++ > 0) continue;
        firsts_[i] = frame_;
        times_s_[i] = static_cast<float>(evidence.frame.time_s);
      }
    }
  });
}

std::optional<size_t> ZoomgGatherer::AnswerAt(int y, int x) const {
  const size_t base = zoomg_.IndexOf(y, x);
  std::optional<size_t> best;
  for (size_t i = base; i < base + Zoomg::kLast; ++i) {
    if (counts_[i] <= static_cast<uint32_t>(zoomg_.options_.noise_frame)) continue;
    const bool rarer =
        !best || counts_[i] < counts_[*best] || (counts_[i] == counts_[*best] && firsts_[i] > firsts_[*best]);
    if (rarer) best = i;
  }
  return best;
}

image::Reconstruction ZoomgGatherer::Finish() {
  auto room = image::Reconstruction::Absent(zoomg_.size_);
  for (int y = 0; y < room.bgr.rows; ++y) {
    for (int x = 0; x < room.bgr.cols; ++x) {
      const std::optional<size_t> answer = AnswerAt(y, x);
      if (!answer) continue;
      room.bgr(y, x) = UnpackColour(zoomg_.last_[*answer].colour);
      room.confidence(y, x) = 0.5F;
      room.evidence(y, x) = cv::saturate_cast<uint16_t>(counts_[*answer]);
      room.first_seen_s(y, x) = times_s_[*answer];
      room.last_seen_s(y, x) = times_s_[*answer];
    }
  }
  return room;
}

cv::Mat1b ZoomgGatherer::Proven() const {
  cv::Mat1b proven = zoomg_.proven_.clone();
  const auto rarest = static_cast<uint32_t>(zoomg_.options_.noise_frame) + 1;
  for (int y = 0; y < proven.rows; ++y) {
    for (int x = 0; x < proven.cols; ++x) {
      if (zoomg_.forgot_(y, x) == 0) continue;
      const std::optional<size_t> answer = AnswerAt(y, x);
      const uint32_t oldest = zoomg_.last_[zoomg_.IndexOf(y, x) + Zoomg::kLast - 1].frame;
      if (!answer || counts_[*answer] != rarest || firsts_[*answer] < oldest) proven(y, x) = 0;
    }
  }
  return proven;
}

AttackEntry ZoomgEntry() {
  ZoomgChoices defaults;
  return {{.name = "zoomg",
           .description = "the rarest exact colour of a pixel that differs from its most frequent one",
           .source = "zoomg 2.0.5; its predecessor roomg with comparison=sum",
           .parameters = Bind(&defaults).Describe()},
          [](const engines::Spec& spec, const AttackSetting* setting) -> Result<std::unique_ptr<Attack>> {
            ZoomgChoices choices;
            PEEKPROOF_RETURN_IF_ERROR(Bind(&choices).Assign(spec));
            PEEKPROOF_ASSIGN_OR_RETURN(const ZoomgOptions options, OptionsOf(choices));
            if (setting == nullptr) return std::unique_ptr<Attack>();
            return std::unique_ptr<Attack>(std::make_unique<Zoomg>(options));
          }};
}

}  // namespace peekproof::attacks
