// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "versions.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <opencv2/core/utility.hpp>

extern "C" {
#include <libavutil/avutil.h>
}

namespace peekproof::cli {

std::string VersionText() {
  return fmt::format(
      "peekproof {}\nFFmpeg {}\nOpenCV {}\nfmt {}.{}.{}\nnlohmann-json {}.{}.{}\nCLI11 {}\nXNNPACK: {}",
      PEEKPROOF_VERSION, av_version_info(), cv::getVersionString(), FMT_VERSION / 10000,
      FMT_VERSION / 100 % 100, FMT_VERSION % 100, NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
      NLOHMANN_JSON_VERSION_PATCH, CLI11_VERSION,
      PEEKPROOF_HAVE_XNNPACK ? "yes" : "no (OpenCV dnn runs all models)");
}

}  // namespace peekproof::cli
