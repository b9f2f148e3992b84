// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "advise/try_on_test_bed.h"

#include <algorithm>
#include <utility>

#include "testbed/defense_trial.h"
#include "testbed/studio.h"

namespace peekproof::advise {
namespace {

using testbed::DefenseTrial;
using testbed::TrialScore;

/// One drawn call and every setting on it.
class CallTrial {
 public:
  static Result<CallTrial> Create(const testbed::SceneOptions& scene,
                                  const std::vector<audit::Remedy>& remedies, const std::stop_token& stop) {
    PEEKPROOF_ASSIGN_OR_RETURN(testbed::Studio studio, testbed::Studio::Create(scene));
    CallTrial call(scene, remedies, std::move(studio), stop);
    for (const audit::Remedy& remedy : remedies) {
      testbed::SceneOptions own = scene;
      own.engine = remedy.engine;
      own.wallpaper_noise = remedy.background_noise;
      PEEKPROOF_ASSIGN_OR_RETURN(DefenseTrial trial,
                                 DefenseTrial::Create(own, testbed::Metering::kOff, stop));
      call.trials_.push_back(std::move(trial));
    }
    return call;
  }

  /// Shoots the empty room for those that learn from it. Ends early on a stop.
  Result<void> SetUp() {
    image::Frame empty;
    const auto learns = [](const audit::Remedy& remedy) { return remedy.setup; };
    if (std::none_of(remedies_.begin(), remedies_.end(), learns)) return {};
    for (int i = -scene_.setup_frames; i < 0 && !stop_.stop_requested(); ++i) {
      studio_.ShootEmpty(i, &empty);
      for (size_t k = 0; k < trials_.size(); ++k) {
        if (remedies_[k].setup) PEEKPROOF_RETURN_IF_ERROR(trials_[k].LearnRoom(empty));
      }
    }
    return {};
  }

  Result<void> Take(int index) {
    PEEKPROOF_RETURN_IF_ERROR(studio_.Fetch(index, &footage_));
    camera_.index = index;
    camera_.time_s = scene_.TimeOf(index);
    studio_.Shoot(index, footage_, &camera_.bgr, &caller_);
    for (DefenseTrial& trial : trials_) PEEKPROOF_RETURN_IF_ERROR(trial.Take(camera_, caller_));
    return {};
  }

  TrialScore Score(size_t setting) const { return trials_[setting].Score(); }

 private:
  CallTrial(testbed::SceneOptions scene, const std::vector<audit::Remedy>& remedies, testbed::Studio studio,
            std::stop_token stop)
      : scene_(std::move(scene)), remedies_(remedies), studio_(std::move(studio)), stop_(std::move(stop)) {}

  testbed::SceneOptions scene_;
  const std::vector<audit::Remedy>& remedies_;
  testbed::Studio studio_;
  std::stop_token stop_;
  std::vector<DefenseTrial> trials_;
  cv::Mat footage_;
  image::Frame camera_;
  image::AlphaMask caller_;
};

/// Sums up the scores of the calls: of each call one score a setting.
std::vector<SettingResult> SumUp(const std::vector<audit::Remedy>& remedies,
                                 const std::vector<std::vector<TrialScore>>& calls) {
  std::vector<SettingResult> results;
  const auto count = static_cast<double>(calls.size());
  for (size_t i = 0; i < remedies.size(); ++i) {
    SettingResult result{.remedy = remedies[i], .least = 1, .lost = 0};
    for (const std::vector<TrialScore>& call : calls) {
      const TrialScore& score = call[i];
      result.leak += score.weighted / count;
      result.least = std::min(result.least, score.weighted);
      result.largest = std::max(result.largest, score.weighted);
      *result.lost += score.lost / count;
      result.closed += score.closed / count;
      result.ms += score.ms / count;
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace

Result<TrialResults> TryOnTestBed(const testbed::SceneOptions& scene,
                                  const std::vector<audit::Remedy>& remedies, int seeds,
                                  ProgressSink* progress, const std::stop_token& stop) {
  PEEKPROOF_RETURN_IF_ERROR(scene.Validate());
  TrialResults results;
  std::vector<std::vector<TrialScore>> calls;
  for (int seed = 1; seed <= seeds && !stop.stop_requested(); ++seed) {
    testbed::SceneOptions seeded = scene;
    seeded.seed = static_cast<uint64_t>(seed);
    PEEKPROOF_ASSIGN_OR_RETURN(CallTrial call, CallTrial::Create(seeded, remedies, stop));
    PEEKPROOF_RETURN_IF_ERROR(call.SetUp());
    int taken = 0;
    for (; taken < scene.frames && !stop.stop_requested(); ++taken) {
      PEEKPROOF_RETURN_IF_ERROR(call.Take(taken));
      if (progress != nullptr)
        progress->Report("try", (seed - 1) * scene.frames + taken + 1, int64_t{seeds} * scene.frames);
    }
    // A call that was cut short leaks less: it counts only where there is no other.
    if (taken == 0 || (taken < scene.frames && !calls.empty())) break;
    results.frames = taken;
    calls.emplace_back();
    for (size_t i = 0; i < remedies.size(); ++i) calls.back().push_back(call.Score(i));
  }
  results.interrupted = stop.stop_requested();
  if (calls.empty()) return Error{ErrorCode::kInterrupted, "interrupted before any setting was tried"};
  results.calls = static_cast<int>(calls.size());
  results.settings = SumUp(remedies, calls);
  return results;
}

}  // namespace peekproof::advise
