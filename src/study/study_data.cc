// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/study_data.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <opencv2/core/utility.hpp>

#include "base/parallel.h"

namespace peekproof::study {
namespace {

/// The processor's name, as Linux tells it.
std::string CpuName() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string CompilerName() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#else
  return "GCC " __VERSION__;
#endif
}

}  // namespace

bool IsReference(const std::string& attack) {
  return std::any_of(kReferences.begin(), kReferences.end(),
                     [&](const char* name) { return attack == name; });
}

StudyRun DescribeRun(int threads) {
  StudyRun run;
  run.version = PEEKPROOF_VERSION;
  run.cpu = CpuName();
  run.cores = HardwareThreads();
  run.threads = threads > 0 ? threads : run.cores;
  run.compiler = CompilerName();
  run.libraries = fmt::format("OpenCV {}", cv::getVersionString());
  run.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  return run;
}

}  // namespace peekproof::study
