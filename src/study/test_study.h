// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "study/study_data.h"

// What tests of studies share.

namespace peekproof::study {

/// A folder that goes with its owner.
class TestFolder {
 public:
  explicit TestFolder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / fmt::format("peekproof_{}_{}", name, ::getpid())) {
    Remove();
    std::filesystem::create_directories(path_);
  }
  ~TestFolder() { Remove(); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }

 private:
  void Remove() const {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path path_;
};

/// A row of which every metric has one value, but the leak of the scene.
inline StudyRow RowOf(const std::string& scene, const std::string& attack, double value) {
  StudyRow row;
  row.scene = scene;
  row.key = {attack, IsReference(attack) ? "" : "selfie"};
  row.seconds = value;
  row.frames = IsReference(attack) ? 0 : 10;
  row.scores.values.assign(ListMetrics().size(), value);
  row.scores.values[MetricIndex("leak_partial")] = 0.5;
  row.scores.curve = {{0, value, value}, {0.5, value / 2, 1}};
  row.scores.calibration[9] = {100, 0.95, value};
  return row;
}

}  // namespace peekproof::study
