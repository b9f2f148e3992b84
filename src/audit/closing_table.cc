// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/closing_table.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "audit/remedy.h"

namespace peekproof::audit {
namespace {

struct Measured {
  std::string_view engine;
  bool setup = false;
  double leak = 0;  ///< In percent of the room,
  double lost = 0;  ///< and of the caller.
};

// Means over 14 held-out calls of six persons in three rooms, 1280x720, columns "weighted %" and "lost %" of
//   build/release/defenses --matrix bench/sets/held_out.toml --files FOOTAGE --scenes 14 --set frames=75
//     --engines meet "meet(defend_choke=10)" ...
// and, of those marked true, with --set setup_frames=50; as in docs/guard.md, which has most of them. Of
// footage, since drawn callers put the services in another order (docs/advise.md).
constexpr std::array<Measured, 26> kMeasured = {{
    {"meet", false, 3.302, 7.0},
    {"meet(defend_choke=10)", false, 1.825, 13.1},
    {"meet(defend_clip=0.5)", false, 3.302, 7.0},
    {"meet(defend_matting=yes)", false, 3.209, 7.0},
    {"mediapipe", false, 5.958, 5.3},
    {"mediapipe(defend_choke=10)", false, 3.554, 11.1},
    {"mediapipe(defend_clip=0.5)", false, 3.476, 6.6},
    {"mediapipe(defend_matting=yes)", false, 6.487, 5.4},
    {"jitsi", false, 6.247, 5.8},
    {"jitsi(defend_choke=10)", false, 3.705, 12.1},
    {"jitsi(defend_clip=0.5)", false, 3.361, 7.3},
    {"jitsi(defend_matting=yes)", false, 6.770, 5.9},
    {"zoom", false, 5.849, 5.3},
    {"zoom(defend_choke=10)", false, 3.009, 11.7},
    {"zoom(defend_clip=0.5)", false, 3.299, 6.6},
    {"zoom(defend_matting=yes)", false, 6.296, 5.4},
    {"twilio", false, 5.207, 5.4},
    {"twilio(defend_choke=10)", false, 2.354, 12.7},
    {"twilio(defend_clip=0.5)", false, 3.007, 6.6},
    {"twilio(defend_matting=yes)", false, 5.367, 5.5},
    {"guard(strength=natural)", false, 1.362, 10.5},
    {"guard", false, 0.925, 13.9},
    {"guard(strength=strict)", false, 0.475, 24.6},
    {"guard(strength=natural)", true, 0.026, 4.7},
    {"guard", true, 0.019, 6.3},
    {"guard(strength=strict)", true, 0.006, 19.3},
}};

/// Null where it was not measured.
const Measured* Find(const Remedy& remedy) {
  const auto is_it = [&](const Measured& one) {
    return one.engine == remedy.engine && one.setup == remedy.setup;
  };
  const auto* found = std::find_if(kMeasured.begin(), kMeasured.end(), is_it);
  return found == kMeasured.end() ? nullptr : found;
}

/// Of settings by rising leak.
void MarkRecommended(std::vector<ClosingSetting>* settings) {
  std::vector<LeakAndLoss> choices;
  for (const ClosingSetting& one : *settings) {
    if (one.as_it_is) break;  // None behind it leaks less.
    choices.push_back({one.leak_share, one.lost_share});
  }
  const std::optional<size_t> best = Recommended(choices);
  if (best) (*settings)[*best].recommended = true;
}

}  // namespace

std::vector<ClosingSetting> ClosingSettings(const std::string& engine) {
  const auto remedies = RemediesFor(engine);
  std::vector<ClosingSetting> settings;
  if (!remedies.ok() || Find(remedies->front()) == nullptr) return settings;
  for (const Remedy& remedy : *remedies) {
    const Measured* measured = Find(remedy);
    if (measured == nullptr) continue;
    settings.push_back({remedy.setting, remedy.action, measured->leak / 100, measured->lost / 100});
    settings.back().as_it_is = remedy.setting == kAsItIs;
  }
  std::stable_sort(settings.begin(), settings.end(), [](const ClosingSetting& a, const ClosingSetting& b) {
    return a.leak_share < b.leak_share;
  });
  MarkRecommended(&settings);
  return settings;
}

void AddClosing(AuditResult* result) {
  if (!result->main_segment) return;
  if (result->verdict != Verdict::kRoomShown && result->verdict != Verdict::kLeaks) return;
  result->closing = ClosingSettings(result->segments[*result->main_segment].engine);
}

}  // namespace peekproof::audit
