// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/segmenter.h"

#include <fmt/format.h>

#include <utility>

#include "models/network.h"
#include "models/open_model.h"
#include "models/pixel_kernels.h"

namespace peekproof::models {
namespace {

/// Pascal VOC's number of the class person.
constexpr size_t kPascalPerson = 15;

class NetworkSegmenter : public Segmenter {
 public:
  NetworkSegmenter(Network network, ChosenOutput output, std::string label, std::string sha256)
      : network_(std::move(network)),
        output_(output),
        description_(fmt::format("{} on {}", label, network_.backend->name())),
        sha256_(std::move(sha256)) {}

  cv::Size input_size() const override { return {network_.input_shape[2], network_.input_shape[1]}; }

  Result<void> Segment(const cv::Mat3b& bgr, image::AlphaMask* caller) override {
    if (bgr.size() != input_size()) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("the segmenter wants {} x {} pixels, not {} x {}", input_size().width,
                               input_size().height, bgr.cols, bgr.rows)};
    }
    FillInput(bgr);
    PEEKPROOF_RETURN_IF_ERROR(network_.backend->Run());
    const std::vector<int>& shape = network_.outputs[output_.index].shape;
    caller->values.create(shape[1], shape[2]);
    if (!caller->values.isContinuous()) caller->values = cv::Mat1f(shape[1], shape[2]);
    TakeOutput(caller->values.ptr<float>(), caller->values.total());
    return {};
  }

  std::string description() const override { return description_; }
  std::string fallback() const override { return network_.fallback; }
  std::string model_sha256() const override { return sha256_; }

 private:
  void FillInput(const cv::Mat3b& bgr) {
    const bool centred = output_.traits.input == InputRange::kMinusOneToOne;
    const float scale = centred ? 1.0F / 127.5F : 1.0F / 255.0F;
    const float offset = centred ? -1.0F : 0.0F;
    const auto width = static_cast<size_t>(bgr.cols);
    float* rgb = network_.backend->input().data();
    for (int row = 0; row < bgr.rows; ++row) {
      NormaliseBgr(bgr.ptr<uint8_t>(row), width, scale, offset, rgb + 3 * width * static_cast<size_t>(row));
    }
  }

  void TakeOutput(float* caller, size_t pixels) const {
    const float* values = network_.backend->output(output_.index).data();
    switch (output_.traits.output) {
      case OutputKind::kProbability:
        return ClampProbabilities(values, pixels, caller);
      case OutputKind::kLogit:
        return SigmoidOfLogits(values, pixels, caller);
      case OutputKind::kTwoClassLogits:
        return SoftmaxOfClass(values, pixels, 2, 1, caller);
      case OutputKind::kPascalLogits:
        return SoftmaxOfClass(values, pixels, 21, kPascalPerson, caller);
    }
  }

  Network network_;
  ChosenOutput output_;
  std::string description_;
  std::string sha256_;
};

}  // namespace

Result<std::unique_ptr<Segmenter>> MakeSegmenter(const std::string& model) {
  return MakeSegmenter(model, BackendKind::kBest);
}

Result<std::unique_ptr<Segmenter>> MakeSegmenter(const std::string& model, BackendKind backend) {
  PEEKPROOF_ASSIGN_OR_RETURN(ModelFile file, OpenModel(model, ModelTask::kSegment));
  const auto located = [&](const Error& error) { return ErrorInModel(file, error); };
  Result<Network> network = LoadNetwork(file.bytes, backend);
  if (!network.ok()) return located(network.error());
  if (network->input_shape[3] != 3) {
    return located({ErrorCode::kUnsupported,
                    fmt::format("expected an input of 3 channels, found {}", network->input_shape[3])});
  }
  const Result<ChosenOutput> output = ChooseOutput(network->outputs, file.traits);
  if (!output.ok()) return located(output.error());
  return std::unique_ptr<Segmenter>(
      std::make_unique<NetworkSegmenter>(*std::move(network), *output, file.label, file.sha256));
}

}  // namespace peekproof::models
