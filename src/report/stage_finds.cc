// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/stage_finds.h"

#include <sstream>

namespace peekproof::report {
namespace {

StageFinds Count(const std::string& stage, const std::vector<audit::Finding>& findings) {
  StageFinds finds{.stage = stage};
  for (const audit::Finding& finding : findings) {
    if (finding.kind != audit::FindingKind::kText) {
      ++finds.objects;
      continue;
    }
    std::istringstream words(finding.label);
    for (std::string word; words >> word; ++finds.words) finds.word_confidence += finding.confidence;
  }
  if (finds.words > 0) finds.word_confidence /= finds.words;
  return finds;
}

}  // namespace

std::vector<StageFinds> CompareStages(const audit::BlurResult& blur) {
  std::vector<StageFinds> stages = {Count("single frame", blur.in_single_frame), Count("average", blur.seen),
                                    Count("restored", blur.findings)};
  if (blur.enhanced) {
    stages.push_back(Count("enhanced", blur.enhanced->findings));
    stages.back().is_evidence = false;
  }
  return stages;
}

}  // namespace peekproof::report
