// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <numeric>

#include "base/check.h"
#include "base/random.h"
#include "testbed/scene_parameters.h"
#include "testbed/scene_set.h"

namespace peekproof::testbed {
namespace {

constexpr int64_t kMostCandidates = 2048;
constexpr size_t kLongestName = 120;

/// The number of a value on each axis.
using Choice = std::vector<size_t>;

int64_t CombinationsOf(const std::vector<Axis>& axes) {
  int64_t count = 1;
  for (const Axis& axis : axes) count *= static_cast<int64_t>(axis.values.size());
  return count;
}

/// The last axis runs fastest.
Choice CombinationAt(const std::vector<Axis>& axes, int64_t number) {
  Choice choice(axes.size());
  for (size_t i = axes.size(); i-- > 0;) {
    const auto values = static_cast<int64_t>(axes[i].values.size());
    choice[i] = static_cast<size_t>(number % values);
    number /= values;
  }
  return choice;
}

/// How often values and pairs of values were chosen so far.
class Usage {
 public:
  explicit Usage(const std::vector<Axis>& axes) : axes_(axes), pairs_(axes.size() * axes.size()) {
    for (size_t a = 0; a < axes.size(); ++a)
      for (size_t b = 0; b <= a; ++b)
        pairs_[a * axes.size() + b].resize(axes[a].values.size() * axes[b].values.size());
  }

  void Add(const Choice& choice) {
    ForEachPair(choice, [&](size_t table, size_t cell) { ++pairs_[table][cell]; });
  }

  /// How far the choice's values and pairs are ahead of a fair share; lower is better.
  double CostOf(const Choice& choice) {
    double cost = 0;
    ForEachPair(choice, [&](size_t table, size_t cell) {
      cost += static_cast<double>(pairs_[table][cell]) * static_cast<double>(pairs_[table].size());
    });
    return cost;
  }

 private:
  /// The diagonal, an axis with itself, counts single values.
  template <typename Visit>
  void ForEachPair(const Choice& choice, Visit&& visit) {
    const size_t count = axes_.size();
    for (size_t a = 0; a < count; ++a)
      for (size_t b = 0; b <= a; ++b) visit(a * count + b, choice[a] * axes_[b].values.size() + choice[b]);
  }

  const std::vector<Axis>& axes_;
  std::vector<std::vector<int64_t>> pairs_;
};

std::vector<Choice> CandidatesOf(const SceneSetPlan& plan, uint64_t round) {
  const int64_t combinations = CombinationsOf(plan.axes);
  std::vector<int64_t> numbers(static_cast<size_t>(std::min(combinations, kMostCandidates)));
  std::iota(numbers.begin(), numbers.end(), 0);
  RowRandom random(plan.seed, 0x5E7, round);
  if (combinations > kMostCandidates) {
    for (int64_t& number : numbers)
      number = static_cast<int64_t>(random.Next() % static_cast<uint64_t>(combinations));
  }
  for (size_t i = numbers.size(); i > 1; --i) std::swap(numbers[i - 1], numbers[random.Next() % i]);
  std::vector<Choice> candidates;
  candidates.reserve(numbers.size());
  for (const int64_t number : numbers) candidates.push_back(CombinationAt(plan.axes, number));
  return candidates;
}

std::vector<Choice> Thin(const SceneSetPlan& plan) {
  Usage usage(plan.axes);
  std::vector<Choice> chosen;
  for (int round = 0; round < plan.scenes; ++round) {
    const std::vector<Choice> candidates = CandidatesOf(plan, static_cast<uint64_t>(round));
    const Choice* best = nullptr;
    double best_cost = 0;
    for (const Choice& candidate : candidates) {
      if (std::find(chosen.begin(), chosen.end(), candidate) != chosen.end()) continue;
      const double cost = usage.CostOf(candidate);
      if (best != nullptr && cost >= best_cost) continue;
      best = &candidate;
      best_cost = cost;
    }
    if (best == nullptr) continue;  // All that were drawn are there already.
    usage.Add(*best);
    chosen.push_back(*best);
  }
  return chosen;
}

std::vector<Choice> All(const SceneSetPlan& plan) {
  std::vector<Choice> all;
  const int64_t combinations = CombinationsOf(plan.axes);
  for (int64_t number = 0; number < combinations; ++number) all.push_back(CombinationAt(plan.axes, number));
  return all;
}

/// A value as a part of a folder's name: file names without folder and ending, nothing but letters, digits,
/// '-' and '.'.
std::string SlugOf(const Axis& axis, const std::string& value) {
  std::string slug = IsFileOption(axis.option) ? std::filesystem::path(value).stem().string() : value;
  for (char& letter : slug) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte >= 128 || (std::isalnum(byte) == 0 && letter != '.' && letter != '-')) letter = '-';
  }
  slug.resize(std::min<size_t>(slug.size(), 24));
  return slug;
}

void SetChecked(const OptionValue& option, SceneOptions* options) {
  const auto set = SetOption(option.first, option.second, options);
  PEEKPROOF_CHECK(set.ok(), "value of an axis: {}", set.error().message);
}

PlannedScene SceneOf(const SceneSetPlan& plan, const Choice& choice, size_t number) {
  PlannedScene scene;
  scene.options = plan.common;
  scene.options.seed = plan.seed + number;
  scene.name = fmt::format("{:04}", number);
  for (size_t i = 0; i < plan.axes.size(); ++i) {
    const Axis& axis = plan.axes[i];
    const std::string& value = axis.values[choice[i]];
    SetChecked({axis.option, value}, &scene.options);
    if (!axis.along.empty())
      for (const OptionValue& along : axis.along[choice[i]]) SetChecked(along, &scene.options);
    scene.varied.emplace_back(axis.option, value);
    scene.name += fmt::format("_{}", SlugOf(axis, value));
  }
  scene.name.resize(std::min(scene.name.size(), kLongestName));
  return scene;
}

}  // namespace

std::vector<PlannedScene> ChooseScenes(const SceneSetPlan& plan) {
  const bool is_thinned = plan.scenes > 0 && plan.scenes < CombinationsOf(plan.axes);
  const std::vector<Choice> choices = is_thinned ? Thin(plan) : All(plan);
  std::vector<PlannedScene> scenes;
  for (size_t i = 0; i < choices.size(); ++i) scenes.push_back(SceneOf(plan, choices[i], i));
  return scenes;
}

}  // namespace peekproof::testbed
