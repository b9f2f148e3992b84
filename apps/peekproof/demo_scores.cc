// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "demo_scores.h"

#include <fmt/format.h>

#include "report/text.h"
#include "study/scene_scores.h"

namespace peekproof::cli {
namespace {

using report::FormatPercent;

constexpr const char* kMeaning = R"(
  recall     of what leaked, how much was recovered in the room's true colour. 0 %: nothing; 100 %: all of it,
             which no attack reaches on a compressed call, because faint leaks drown in noise.
  precision  of what was painted, how much has the true colour. A picture of another room scores 1 to 7 % at 10.
  dE         CIEDE2000 colour difference: 4 is the same colour to the eye, 10 recognisably the same.
  legacy     the published score: fidelity to the recorded blend, not to the room, so that a better room can
             score lower, and the bare wallpaper scores above zero. For comparison with the paper only.
)";

/// A tenth, a quarter, half and all of the call.
std::vector<double> TimesOf(const testbed::SceneTruth& truth) {
  const double duration_s = truth.frame_rate > 0 ? static_cast<double>(truth.frames) / truth.frame_rate : 0;
  return {0.1 * duration_s, 0.25 * duration_s, 0.5 * duration_s, duration_s};
}

/// One line: a name and a value for each column.
template <typename Value>
std::string Row(const char* name, const DemoScores& scores, Value&& value) {
  return fmt::format("  {:<34}{:>14}{:>17}{:>13}\n", name, FormatPercent(value(scores.wallpaper)),
                     FormatPercent(value(scores.gathered)), FormatPercent(value(scores.unblended)));
}

}  // namespace

DemoScores ScoreDemo(const audit::SegmentResult& segment, const testbed::SceneTruth& truth) {
  const metrics::LeakTruth leak = study::LeakTruthOf(truth);
  return {.wallpaper = metrics::ScoreReconstruction(study::WallpaperAlone(truth), leak),
          .gathered = metrics::ScoreReconstruction(segment.gathered, leak),
          .unblended = metrics::ScoreReconstruction(segment.room, leak),
          .growth = metrics::RecoveryGrowth(segment.room, leak, TimesOf(truth))};
}

std::string FormatScores(const DemoScores& scores) {
  using metrics::Scores;
  const metrics::LeakArea& area = scores.unblended.area;
  std::string text = fmt::format(
      "Truth: of the room that the caller left uncovered, {} leaked in part and {} in full ({} of it "
      "weighted\n"
      "by how strongly it showed); raw frames are not counted.\n\n",
      FormatPercent(area.partial_of_environment()), FormatPercent(area.full_of_environment()),
      FormatPercent(area.weighted_of_environment()));
  text += fmt::format("  {:<34}{:>14}{:>17}{:>13}\n", "", "wallpaper only", "plain gathering", "un-blending");
  text += Row("recall at dE 4", scores, [](const Scores& s) { return s.at_4.recall; });
  text += Row("recall at dE 10", scores, [](const Scores& s) { return s.at_10.recall; });
  text += Row("recall at dE 10, by leak strength", scores,
              [](const Scores& s) { return s.at_10.weighted_recall; });
  text += Row("precision at dE 4", scores, [](const Scores& s) { return s.at_4.precision; });
  text += Row("precision at dE 10", scores, [](const Scores& s) { return s.at_10.precision; });
  text += Row("leaked area covered, right or wrong", scores, [](const Scores& s) { return s.coverage; });
  text += Row("painted where nothing leaked", scores, [](const Scores& s) { return s.false_paint.total; });
  text += Row("legacy score", scores, [](const Scores& s) { return s.legacy.painted; });
  text += "  un-blending, recall at dE 10 as the call goes on:";
  for (const metrics::GrowthPoint& point : scores.growth)
    text += fmt::format("  {} at {:.1f} s", FormatPercent(point.recall_10), point.time_s);
  return text + "\n" + kMeaning;
}

}  // namespace peekproof::cli
