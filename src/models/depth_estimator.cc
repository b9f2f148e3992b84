// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/depth_estimator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "models/network.h"
#include "models/open_model.h"
#include "models/pixel_kernels.h"
#include "models/tflite_graph.h"

namespace peekproof::models {
namespace {

/// Inverse depth to relative distance, as DepthEstimator documents.
void DistanceOfInverse(const float* inverse, size_t pixels, float* distance) {
  float low = std::numeric_limits<float>::infinity();
  float high = -low;
  for (size_t i = 0; i < pixels; ++i) {
    if (!std::isfinite(inverse[i])) continue;
    low = std::min(low, inverse[i]);
    high = std::max(high, inverse[i]);
  }
  const float range = high - low;
  for (size_t i = 0; i < pixels; ++i) {
    const bool known = std::isfinite(inverse[i]) && range > 0.0F && std::isfinite(range);
    distance[i] = known ? std::clamp((high - inverse[i]) / range, 0.0F, 1.0F) : 1.0F;
  }
}

class NetworkDepthEstimator : public DepthEstimator {
 public:
  NetworkDepthEstimator(Network network, const std::string& label)
      : network_(std::move(network)),
        description_(fmt::format("{} on {}", label, network_.backend->name())) {}

  cv::Size input_size() const override { return {network_.input_shape[2], network_.input_shape[1]}; }

  Result<void> Estimate(const cv::Mat3b& bgr, cv::Mat1f* distance) override {
    if (bgr.size() != input_size()) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("the depth network wants {} x {} pixels, not {} x {}", input_size().width,
                               input_size().height, bgr.cols, bgr.rows)};
    }
    const auto width = static_cast<size_t>(bgr.cols);
    float* rgb = network_.backend->input().data();
    for (int row = 0; row < bgr.rows; ++row) {
      NormaliseBgr(bgr.ptr<uint8_t>(row), width, 1.0F, 0.0F, rgb + 3 * width * static_cast<size_t>(row));
    }
    PEEKPROOF_RETURN_IF_ERROR(network_.backend->Run());
    const std::vector<int>& shape = network_.outputs[0].shape;
    distance->create(shape[1], shape[2]);
    if (!distance->isContinuous()) *distance = cv::Mat1f(shape[1], shape[2]);
    DistanceOfInverse(network_.backend->output(0).data(), distance->total(), distance->ptr<float>());
    return {};
  }

  std::string description() const override { return description_; }

 private:
  Network network_;
  std::string description_;
};

Result<void> CheckShapes(const Network& network) {
  if (network.input_shape.size() != 4 || network.input_shape[3] != 3) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("expected an input of 1 x height x width x 3 channels, found [{}]",
                             ShapeText(network.input_shape))};
  }
  const std::vector<int>& output = network.outputs[0].shape;
  if (network.outputs.size() != 1 || output.size() != 4 || output[3] != 1) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("not a depth network: expected one output of 1 x height x width x 1 channel, "
                             "found {}, the first [{}]",
                             network.outputs.size(), ShapeText(output))};
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<DepthEstimator>> MakeDepthEstimator(const std::string& model) {
  PEEKPROOF_ASSIGN_OR_RETURN(const ModelFile file, OpenModel(model, ModelTask::kDepth));
  Result<Network> network = LoadNetwork(file.bytes, BackendKind::kBest);
  if (!network.ok()) return ErrorInModel(file, network.error());
  const Result<void> shapes = CheckShapes(*network);
  if (!shapes.ok()) return ErrorInModel(file, shapes.error());
  return std::unique_ptr<DepthEstimator>(
      std::make_unique<NetworkDepthEstimator>(*std::move(network), file.label));
}

}  // namespace peekproof::models
