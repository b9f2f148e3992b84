// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/onnx_net.h"

#include <algorithm>
#include <exception>
#include <opencv2/core/utils/logger.hpp>
#include <string>

namespace peekproof::models {
namespace {

/// Keeps OpenCV from printing what the returned error says anyway.
class QuietOpenCv {
 public:
  QuietOpenCv() : level_(cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT)) {}
  ~QuietOpenCv() { cv::utils::logging::setLogLevel(level_); }
  QuietOpenCv(const QuietOpenCv&) = delete;
  QuietOpenCv& operator=(const QuietOpenCv&) = delete;

 private:
  cv::utils::logging::LogLevel level_;
};

}  // namespace

Result<cv::dnn::Net> ReadQuietly(const std::string& format, const std::function<cv::dnn::Net()>& read) {
  const QuietOpenCv quiet;
  try {
    cv::dnn::Net net = read();
    if (!net.empty()) return net;
  } catch (const std::exception& exception) {
    std::string reason = exception.what();
    std::replace(reason.begin(), reason.end(), '\n', ' ');
    return Error{ErrorCode::kUnsupported,
                 "OpenCV dnn does not read this " + format + " file: " + reason.substr(0, 200)};
  }
  return Error{ErrorCode::kUnsupported, "OpenCV dnn finds no network in this " + format + " file"};
}

Result<cv::dnn::Net> ReadOnnxNet(std::span<const uint8_t> bytes) {
  return ReadQuietly("ONNX", [&] {
    return cv::dnn::readNetFromONNX(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
}

}  // namespace peekproof::models
