// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/read_study.h"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <nlohmann/json.hpp>

namespace peekproof::study {
namespace {

/// Runs a query and hands each of its rows over.
Result<void> ForEach(const Database& database, std::string_view sql,
                     const std::function<void(const Statement&)>& take) {
  PEEKPROOF_ASSIGN_OR_RETURN(Statement select, database.Prepare(sql));
  while (true) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return {};
    take(select);
  }
}

Result<std::vector<std::pair<std::string, std::string>>> OptionsOf(const std::string& text) {
  const auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!json.is_object())
    return Error{ErrorCode::kCorruptData, "the study's database: options of a scene are no JSON object"};
  std::vector<std::pair<std::string, std::string>> options;
  for (const auto& [name, value] : json.items())
    options.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  return options;
}

Result<void> ReadRuns(const Database& database, StudyData* data) {
  return ForEach(
      database, "SELECT id, version, cpu, cores, threads, compiler, libraries, started FROM runs ORDER BY id",
      [&](const Statement& row) {
        data->runs.push_back({row.Integer(0), row.Text(1), row.Text(2), static_cast<int>(row.Integer(3)),
                              static_cast<int>(row.Integer(4)), row.Text(5), row.Text(6), row.Text(7)});
      });
}

Result<void> ReadScenes(const Database& database, StudyData* data) {
  std::vector<std::string> options;
  PEEKPROOF_RETURN_IF_ERROR(
      ForEach(database, "SELECT name, path, engine, seed, options FROM scenes ORDER BY id",
              [&](const Statement& row) {
                data->scenes.push_back(
                    {row.Text(0), row.Text(1), row.Text(2), static_cast<uint64_t>(row.Integer(3)), {}});
                options.push_back(row.Text(4));
              }));
  for (size_t i = 0; i < options.size(); ++i) {
    PEEKPROOF_ASSIGN_OR_RETURN(data->scenes[i].options, OptionsOf(options[i]));
  }
  return {};
}

/// The rows, by id, without their scores.
Result<std::map<int64_t, StudyRow*>> ReadRows(const Database& database, StudyData* data) {
  PEEKPROOF_RETURN_IF_ERROR(ForEach(
      database,
      "SELECT rows.id, rows.run, scenes.name, attacks.spec, rows.caller_model, rows.status, rows.error, "
      "rows.seconds, rows.frames FROM rows JOIN scenes ON scenes.id = rows.scene "
      "JOIN attacks ON attacks.id = rows.attack ORDER BY rows.id",
      [&](const Statement& row) {
        StudyRow one;
        one.id = row.Integer(0);
        one.run = row.Integer(1);
        one.scene = row.Text(2);
        one.key = {row.Text(3), row.Text(4)};
        if (row.Text(5) != "done") one.error = row.Text(6).empty() ? "unknown" : row.Text(6);
        one.seconds = row.Number(7);
        one.frames = row.Integer(8);
        if (one.done())
          one.scores.values.assign(ListMetrics().size(), std::numeric_limits<double>::quiet_NaN());
        data->rows.push_back(std::move(one));
      }));
  std::map<int64_t, StudyRow*> by_id;
  for (StudyRow& row : data->rows) by_id[row.id] = &row;
  return by_id;
}

Result<void> ReadScores(const Database& database, const std::map<int64_t, StudyRow*>& rows) {
  std::map<std::string, size_t> metrics;
  for (size_t i = 0; i < ListMetrics().size(); ++i) metrics[ListMetrics()[i].name] = i;
  const auto row_of = [&](const Statement& statement) -> StudyRow* {
    const auto found = rows.find(statement.Integer(0));
    return found != rows.end() && found->second->done() ? found->second : nullptr;
  };
  PEEKPROOF_RETURN_IF_ERROR(
      ForEach(database, "SELECT row, name, value FROM scores", [&](const Statement& one) {
        StudyRow* const row = row_of(one);
        const auto metric = metrics.find(one.Text(1));
        if (row != nullptr && metric != metrics.end()) row->scores.values[metric->second] = one.Number(2);
      }));
  PEEKPROOF_RETURN_IF_ERROR(
      ForEach(database, "SELECT row, threshold, recall_10, precision_10 FROM curve ORDER BY row, threshold",
              [&](const Statement& one) {
                if (StudyRow* const row = row_of(one); row != nullptr)
                  row->scores.curve.push_back({one.Number(1), one.Number(2), one.Number(3)});
              }));
  return ForEach(database, "SELECT row, bin, stated, right_share, painted_px FROM calibration",
                 [&](const Statement& one) {
                   StudyRow* const row = row_of(one);
                   const auto bin = static_cast<size_t>(one.Integer(1));
                   if (row != nullptr && bin < row->scores.calibration.size())
                     row->scores.calibration[bin] = {one.Integer(4), one.Number(2), one.Number(3)};
                 });
}

}  // namespace

std::string OptionsJson(const std::vector<std::pair<std::string, std::string>>& options) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [name, value] : options) json[name] = value;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<StudyData> ReadStudyData(const Database& database) {
  StudyData data;
  PEEKPROOF_RETURN_IF_ERROR(ForEach(database, "SELECT value FROM study WHERE key = 'settings'",
                                    [&](const Statement& row) { data.settings = row.Text(0); }));
  PEEKPROOF_RETURN_IF_ERROR(ReadRuns(database, &data));
  PEEKPROOF_RETURN_IF_ERROR(ReadScenes(database, &data));
  PEEKPROOF_ASSIGN_OR_RETURN(const auto rows, ReadRows(database, &data));
  PEEKPROOF_RETURN_IF_ERROR(ReadScores(database, rows));
  return data;
}

}  // namespace peekproof::study
