// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/blur_view.h"

#include <fmt/format.h>

#include <string>

#include "report/finding_view.h"
#include "report/pictures.h"
#include "report/text.h"

namespace peekproof::report {
namespace {

using nlohmann::json;

constexpr int kWidth = 1280;

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
  PEEKPROOF_ASSIGN_OR_RETURN(view["average_uri"], JpegUri(ShrinkToWidth(blur.average, kWidth)));
  PEEKPROOF_ASSIGN_OR_RETURN(view["restored_uri"], JpegUri(ShrinkToWidth(blur.restored, kWidth)));
  PEEKPROOF_ASSIGN_OR_RETURN(view["blur_findings"], FindingsView(blur.findings, blur.restored));
  return view;
}

}  // namespace peekproof::report
