// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/finding_view.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "report/pictures.h"
#include "report/text.h"

namespace peekproof::report {
namespace {

using nlohmann::json;

constexpr size_t kMaxFindings = 24;
constexpr int kFindingWidth = 320;

/// Part of the recovered room around a find, a quarter of its size wider on each side.
cv::Rect Surroundings(const cv::Rect& box, cv::Size size) {
  const cv::Size more(box.width / 4 + 4, box.height / 4 + 4);
  return cv::Rect(box.x - more.width, box.y - more.height, box.width + 2 * more.width,
                  box.height + 2 * more.height) &
         cv::Rect({0, 0}, size);
}

}  // namespace

Result<json> FindingsView(const std::vector<audit::Finding>& findings, const cv::Mat& picture) {
  if (findings.empty()) return json(nullptr);
  json rows = json::array();
  for (const audit::Finding& finding : findings) {
    if (rows.size() == kMaxFindings) break;
    const cv::Rect around = Surroundings(finding.box, picture.size());
    PEEKPROOF_ASSIGN_OR_RETURN(json uri, PngUri(ShrinkToWidth(picture(around).clone(), kFindingWidth)));
    rows.push_back({{"uri", std::move(uri)},
                    {"width", around.width},
                    {"height", around.height},
                    {"kind", Identifier(finding.kind)},
                    {"label", finding.label},
                    {"place", fmt::format("{}, {}", finding.box.x, finding.box.y)},
                    {"evidence", FormatPercent(finding.evidence_share)},
                    {"frames", FormatCount(finding.frames, "frame")},
                    {"time", FormatTime(finding.first_s) + " to " + FormatTime(finding.last_s)},
                    {"confidence", FormatPercent(finding.confidence)},
                    {"pixels", FormatPercent(finding.pixel_confidence)}});
  }
  const size_t left = findings.size() - rows.size();
  return json{{"finds", std::move(rows)},
              {"more_finds", left > 0 ? json(std::to_string(left)) : json(nullptr)}};
}

}  // namespace peekproof::report
