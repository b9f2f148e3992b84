// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/blur_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "report/finding_view.h"
#include "report/pictures.h"
#include "report/stage_finds.h"
#include "report/text.h"

namespace peekproof::report {
namespace {

using nlohmann::json;

constexpr int kPictureWidth = 1280;

std::string SigmaSentence(const audit::BlurResult& blur) {
  if (blur.sigma_px <= 0) return "How far it is blurred could not be told, so nothing was taken back.";
  return fmt::format(
      "Its kernel is told as {} with a standard deviation of {:.1f} pixels ({:.1f} to {:.1f}).", blur.family,
      blur.sigma_px, blur.sigma_low_px, blur.sigma_high_px);
}

// What the blur is made of; empty where that was not told.
std::string HaloSentence(const audit::BlurResult& blur) {
  if (!blur.has_halo) return {};
  return *blur.has_halo ? " It is made of the whole frame: the caller's colours bleed into it."
                        : " It is made without the caller's pixels.";
}

std::string LimitSentence(const audit::BlurResult& blur) {
  if (blur.sigma_px <= 0) return {};
  return fmt::format(
      "Writing with capitals of about {:.0f} pixels or more can be read in a single frame as it is, and of "
      "about {:.0f} pixels or more in the restored picture. Structures finer than half of that come from the "
      "method, not from the recording.",
      blur.seen_px, blur.readable_px);
}

// How much can be named at each stage.
json StageRows(const audit::BlurResult& blur) {
  json rows = json::array();
  for (const StageFinds& stage : CompareStages(blur)) {
    rows.push_back({{"stage", stage.stage + (stage.is_evidence ? "" : " (no evidence)")},
                    {"words", stage.words},
                    {"confidence", stage.words > 0 ? FormatPercent(stage.word_confidence) : "–"},
                    {"objects", stage.objects}});
  }
  return rows;
}

bool HasFinds(const audit::BlurResult& blur) {
  const auto stages = CompareStages(blur);
  return std::any_of(stages.begin(), stages.end(),
                     [](const auto& stage) { return stage.words + stage.objects > 0; });
}

// Null where there is none. What was named in it is listed by name alone, without pictures that would look
// like evidence.
Result<json> EnhancedView(const audit::BlurResult& blur) {
  if (!blur.enhanced) return json(nullptr);
  const audit::Enhancement& enhanced = *blur.enhanced;
  json view = {{"network", enhanced.network}, {"width", enhanced.bgr.cols}, {"height", enhanced.bgr.rows}};
  PEEKPROOF_ASSIGN_OR_RETURN(view["uri"], JpegUri(ShrinkToWidth(enhanced.bgr, kPictureWidth)));
  std::string names;
  for (const audit::Finding& finding : enhanced.findings)
    names += (names.empty() ? "" : ", ") + finding.label;
  view["named"] = names.empty() ? json(nullptr) : json{{"names", names}};
  return view;
}

}  // namespace

Result<json> BlurView(const audit::AuditResult& result) {
  const audit::BlurResult* main = MainBlur(result);
  if (main == nullptr) return json(nullptr);
  const audit::BlurResult& blur = *main;
  json view = {{"width", blur.restored.cols},
               {"height", blur.restored.rows},
               {"sigma_sentence", SigmaSentence(blur) + HaloSentence(blur)},
               {"limit_sentence", LimitSentence(blur)},
               {"taken_from", FormatCount(blur.frames, "frame")}};
  PEEKPROOF_ASSIGN_OR_RETURN(view["average_uri"], JpegUri(ShrinkToWidth(blur.average, kPictureWidth)));
  PEEKPROOF_ASSIGN_OR_RETURN(view["restored_uri"], JpegUri(ShrinkToWidth(blur.restored, kPictureWidth)));
  PEEKPROOF_ASSIGN_OR_RETURN(view["blur_findings"], FindingsView(blur.findings, blur.restored));
  PEEKPROOF_ASSIGN_OR_RETURN(view["enhanced"], EnhancedView(blur));
  view["stages"] = HasFinds(blur) ? json{{"rows", StageRows(blur)}} : json(nullptr);
  return view;
}

}  // namespace peekproof::report
