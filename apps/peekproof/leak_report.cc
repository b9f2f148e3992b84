// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "leak_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "metrics/box_stats.h"
#include "report/box_plot.h"
#include "report/text.h"
#include "report/text_file.h"
#include "testbed/scene_parameters.h"

namespace peekproof::cli {
namespace {

using metrics::BoxStats;
using metrics::BoxStatsOf;
using report::FormatPercent;
using testbed::SceneTruth;

double Share(double part, int64_t whole) { return whole > 0 ? part / static_cast<double>(whole) : 0.0; }

/// Leaked area as shares of the real environment.
struct Shares {
  double full = 0;
  double partial = 0;
  double weighted = 0;
};

Shares OfCall(const SceneTruth& truth) {
  if (truth.growth.empty()) return {};
  const testbed::CallLeak& leak = truth.growth.back();
  return {Share(double(leak.full_px), truth.uncovered_px), Share(double(leak.partial_px), truth.uncovered_px),
          Share(leak.weighted_px, truth.uncovered_px)};
}

Shares OfFrame(const testbed::FrameLeak& leak) {
  return {Share(double(leak.full_px), leak.room_px), Share(double(leak.partial_px), leak.room_px),
          Share(leak.weighted_px, leak.room_px)};
}

std::string ValueOf(const SceneTruth& truth, const std::string& option) {
  for (const auto& [name, value] : truth.options)
    if (name == option) return value;
  return "";
}

/// A value for people: of a file its name.
std::string LabelOf(const std::string& option, const std::string& value) {
  return testbed::IsFileOption(option) ? std::filesystem::path(value).filename().string() : value;
}

/// Options other than the seed that differ between scenes, in order.
std::vector<std::string> VariedOptions(const std::vector<NamedTruth>& truths) {
  std::vector<std::string> varied;
  if (truths.empty()) return varied;
  for (const auto& [option, first] : truths.front().second.options) {
    const auto differs = [&, &name = option, &value = first](const NamedTruth& truth) {
      return ValueOf(truth.second, name) != value;
    };
    if (option != "seed" && std::any_of(truths.begin(), truths.end(), differs)) varied.push_back(option);
  }
  return varied;
}

/// The three measures of a sample of calls or frames.
struct Sample {
  std::vector<double> full;
  std::vector<double> partial;
  std::vector<double> weighted;

  void Add(const Shares& shares) {
    full.push_back(shares.full);
    partial.push_back(shares.partial);
    weighted.push_back(shares.weighted);
  }
};

/// Samples of calls and of frames by the values of an option.
struct Groups {
  std::map<std::string, Sample> calls;
  std::map<std::string, Sample> frames;
};

Groups GroupsOf(const std::vector<NamedTruth>& truths, const std::string& option) {
  Groups groups;
  for (const auto& [name, truth] : truths) {
    const std::string label = LabelOf(option, ValueOf(truth, option));
    groups.calls[label].Add(OfCall(truth));
    for (const testbed::FrameLeak& leak : truth.leaks) groups.frames[label].Add(OfFrame(leak));
  }
  return groups;
}

std::string Svg(const std::string& title, const std::map<std::string, Sample>& samples) {
  report::BoxPlot plot{
      title, "share of the real environment", {"fully", "partially", "weighted by alpha"}, {}};
  for (const auto& [label, sample] : samples)
    plot.groups.push_back(
        {label, {BoxStatsOf(sample.full), BoxStatsOf(sample.partial), BoxStatsOf(sample.weighted)}});
  return report::BoxPlotSvg(plot);
}

Result<std::string> WriteInto(const std::string& directory, const char* name, const std::string& text) {
  const std::string path = (std::filesystem::path(directory) / name).string();
  PEEKPROOF_RETURN_IF_ERROR(report::WriteTextFile(path, text));
  return path;
}

}  // namespace

std::string GroupingOf(const std::vector<NamedTruth>& truths) {
  const std::vector<std::string> varied = VariedOptions(truths);
  const bool engine_varies = std::find(varied.begin(), varied.end(), "engine") != varied.end();
  return engine_varies || varied.empty() ? "engine" : varied.front();
}

std::string LeakCsv(const std::vector<NamedTruth>& truths) {
  const std::vector<std::string> varied = VariedOptions(truths);
  std::string csv = "scene";
  for (const std::string& option : varied) csv += fmt::format(",{}", option);
  csv += ",frames,raw_frames,lost_frames,environment_px,full,partial,weighted\n";
  for (const auto& [name, truth] : truths) {
    csv += report::CsvField(name);
    for (const std::string& option : varied)
      csv += fmt::format(",{}", report::CsvField(LabelOf(option, ValueOf(truth, option))));
    const Shares shares = OfCall(truth);
    csv += fmt::format(",{},{},{},{},{:.6f},{:.6f},{:.6f}\n", truth.frames, truth.raw_frames.size(),
                       truth.lost_frames.size(), truth.uncovered_px, shares.full, shares.partial,
                       shares.weighted);
  }
  return csv;
}

std::string LeakTable(const std::vector<NamedTruth>& truths, const std::string& option) {
  const Groups groups = GroupsOf(truths, option);
  std::string text = fmt::format("  {:<28}{:>7}{:>18}{:>18}{:>18}{:>20}\n", option, "calls", "full",
                                 "partial", "weighted", "weighted, a frame");
  text += fmt::format("  {:<28}{:>7}{:>18}{:>18}{:>18}{:>20}\n", "", "", "median  mean", "median  mean",
                      "median  mean", "median   most");
  const auto pair = [](double first, double second) {
    return fmt::format("{:>8}{:>8}", FormatPercent(first), FormatPercent(second));
  };
  for (const auto& [label, calls] : groups.calls) {
    const BoxStats frame = BoxStatsOf(groups.frames.at(label).weighted);
    text += fmt::format("  {:<28}{:>7}", report::CleanText(label), calls.full.size());
    for (const std::vector<double>* values : {&calls.full, &calls.partial, &calls.weighted}) {
      const BoxStats stats = BoxStatsOf(*values);
      text += fmt::format("{:>18}", pair(stats.median, stats.mean));
    }
    text += fmt::format("{:>20}\n", pair(frame.median, frame.largest));
  }
  return text;
}

std::string GrowthLine(const SceneTruth& truth) {
  if (truth.growth.empty()) return "";
  std::string line = "  weighted leak as the call goes on:";
  for (const double part : {0.1, 0.25, 0.5, 1.0}) {
    const auto frames = static_cast<size_t>(part * static_cast<double>(truth.growth.size()));
    const testbed::CallLeak& leak = truth.growth[std::max<size_t>(frames, 1) - 1];
    line += fmt::format("  {} after {:.0f} %", FormatPercent(Share(leak.weighted_px, truth.uncovered_px)),
                        100 * part);
  }
  return line + "\n";
}

Result<std::vector<std::string>> WriteLeakReport(const std::vector<NamedTruth>& truths,
                                                 const std::string& option, const std::string& directory) {
  const Groups groups = GroupsOf(truths, option);
  std::vector<std::string> paths(3);
  PEEKPROOF_ASSIGN_OR_RETURN(paths[0], WriteInto(directory, "leaks.csv", LeakCsv(truths)));
  PEEKPROOF_ASSIGN_OR_RETURN(
      paths[1], WriteInto(directory, "leaks_call.svg",
                          Svg(fmt::format("Leaked area of calls, by {}", option), groups.calls)));
  PEEKPROOF_ASSIGN_OR_RETURN(
      paths[2], WriteInto(directory, "leaks_frame.svg",
                          Svg(fmt::format("Leaked area of frames, by {}", option), groups.frames)));
  return paths;
}

}  // namespace peekproof::cli
