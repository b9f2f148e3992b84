// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "legibility_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>
#include <regex>
#include <sstream>
#include <utility>

#include "report/curve_plot.h"
#include "report/text_file.h"
#include "testbed/room.h"

namespace peekproof {
namespace {

constexpr size_t kColumns = 7;  ///< Before the error rates.

/// The different values of what `of` tells, in the order of the rows.
template <typename Of>
std::vector<std::string> Different(const std::vector<LegibilityRow>& rows, const Of& of) {
  std::vector<std::string> values;
  for (const LegibilityRow& row : rows)
    if (std::find(values.begin(), values.end(), of(row)) == values.end()) values.push_back(of(row));
  return values;
}

std::vector<std::string> ChannelsOf(const std::vector<LegibilityRow>& rows) {
  return Different(rows, [](const LegibilityRow& row) { return row.channel; });
}

/// Mean over all calls of what `share_of` tells of a row, against sigma, a curve for each pipeline. Rows of
/// which it tells a number below 0 do not count.
template <typename ShareOf>
std::string Plot(const std::vector<LegibilityRow>& rows, const std::string& channel, const std::string& title,
                 const std::string& upwards, const ShareOf& share_of) {
  std::vector<std::string> pipelines;  // As they were named.
  std::map<std::string, std::map<double, std::vector<double>>> shares;
  for (const LegibilityRow& row : rows) {
    const double share = share_of(row);
    if (row.channel != channel || share < 0) continue;
    if (shares.count(row.pipeline) == 0) pipelines.push_back(row.pipeline);
    shares[row.pipeline][row.sigma].push_back(std::min(1.0, share));
  }
  report::CurvePlot plot{title, "sigma of the blur, pixels", upwards, {}, false};
  for (const std::string& pipeline : pipelines) {
    report::Curve curve{pipeline, {}};
    for (const auto& [sigma, values] : shares[pipeline]) {
      const double sum = std::accumulate(values.begin(), values.end(), 0.0);
      curve.points.emplace_back(sigma, sum / static_cast<double>(values.size()));
    }
    plot.curves.push_back(std::move(curve));
  }
  return report::CurvePlotSvg(plot);
}

/// Of one size: the largest sigma behind which it was read; 0: none.
double LargestReadable(const std::vector<const LegibilityRow*>& rows, size_t size) {
  constexpr double kMostWrong = 0.2;
  std::map<double, std::vector<double>> rates;
  for (const LegibilityRow* row : rows) rates[row->sigma].push_back(row->error_rates[size]);
  double readable = 0;
  for (const auto& [sigma, values] : rates) {
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    if (sum <= kMostWrong * static_cast<double>(values.size())) readable = sigma;
  }
  return readable;
}

Result<LegibilityRow> ParseRow(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  std::string field;
  while (std::getline(stream, field, ',')) fields.push_back(field);
  if (fields.size() < kColumns) return Error{ErrorCode::kCorruptData, "no row of legibility: " + line};
  LegibilityRow row;
  const auto number = [&](size_t i) { return std::strtod(fields[i].c_str(), nullptr); };
  row.seed = std::strtoull(fields[0].c_str(), nullptr, 10);
  row.channel = fields[1];
  row.sigma = number(2);
  row.pipeline = std::regex_replace(fields[3], std::regex("\""), "");
  row.told = number(4);
  row.noise = number(5);
  row.objects = number(6);
  for (size_t i = kColumns; i < fields.size(); ++i) row.error_rates.push_back(number(i));
  if (!row.error_rates.empty() && row.error_rates.size() != testbed::kChartSizesPx.size())
    return Error{ErrorCode::kCorruptData, "not the sizes of the chart: " + line};
  return row;
}

}  // namespace

void WriteLegibility(const std::vector<LegibilityRow>& rows, const std::string& path) {
  std::ofstream file(path);
  file << "seed,channel,sigma,pipeline,told,noise,objects";
  for (const int size : testbed::kChartSizesPx) file << ",cer_" << size;
  file << '\n';
  for (const LegibilityRow& row : rows) {
    file << fmt::format("{},{},{},\"{}\",{:.3f},{:.3f},{:.3f}", row.seed, row.channel, row.sigma,
                        row.pipeline, row.told, row.noise, row.objects);
    for (const double rate : row.error_rates) file << fmt::format(",{:.3f}", rate);
    file << '\n';
  }
}

Result<std::vector<LegibilityRow>> ReadLegibility(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Error{ErrorCode::kIo, path + ": cannot be read"};
  std::vector<LegibilityRow> rows;
  std::string line;
  std::getline(file, line);  // Names.
  while (std::getline(file, line)) {
    PEEKPROOF_ASSIGN_OR_RETURN(LegibilityRow row, ParseRow(line));
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<void> PlotLegibility(const std::vector<LegibilityRow>& rows, int size_px, const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return Error{ErrorCode::kIo, fmt::format("{}: {}", folder, failed.message())};
  const auto* const size = std::find(testbed::kChartSizesPx.begin(), testbed::kChartSizesPx.end(), size_px);
  const auto index = static_cast<size_t>(size - testbed::kChartSizesPx.begin());
  for (const std::string& channel : ChannelsOf(rows)) {
    const std::string start = folder + "/" + std::regex_replace(channel, std::regex(":"), "_");
    const std::string text =
        Plot(rows, channel, fmt::format("Capitals of {} pixels, {}", size_px, channel), "wrong characters",
             [&](const LegibilityRow& row) { return row.error_rates.empty() ? -1 : row.error_rates[index]; });
    PEEKPROOF_RETURN_IF_ERROR(report::WriteTextFile(start + "_text.svg", text));
    const std::string objects = Plot(rows, channel, "Objects, " + channel, "found again",
                                     [](const LegibilityRow& row) { return row.objects; });
    PEEKPROOF_RETURN_IF_ERROR(report::WriteTextFile(start + "_objects.svg", objects));
  }
  return {};
}

std::string LegibilityTable(const std::vector<LegibilityRow>& rows) {
  const auto has_writing = [](const LegibilityRow& row) { return !row.error_rates.empty(); };
  if (std::none_of(rows.begin(), rows.end(), has_writing)) return "";
  std::string table = "| capitals, pixels |";
  std::string line = "| --- |";
  for (const int size : testbed::kChartSizesPx) {
    table += fmt::format(" {} |", size);
    line += " --- |";
  }
  table += "\n" + line + "\n";
  for (const std::string& channel : ChannelsOf(rows)) {
    for (const std::string& pipeline :
         Different(rows, [](const LegibilityRow& row) { return row.pipeline; })) {
      std::vector<const LegibilityRow*> own;
      for (const LegibilityRow& row : rows)
        if (row.channel == channel && row.pipeline == pipeline && !row.error_rates.empty())
          own.push_back(&row);
      if (own.empty()) continue;
      table += fmt::format("| {}, `{}` |", channel, pipeline);
      for (size_t size = 0; size < testbed::kChartSizesPx.size(); ++size) {
        const double readable = LargestReadable(own, size);
        table += readable > 0 ? fmt::format(" {} |", readable) : " - |";
      }
      table += "\n";
    }
  }
  return table;
}

}  // namespace peekproof
