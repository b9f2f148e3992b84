// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/opencv_backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/opencv_net_builder.h"

namespace peekproof::models {
namespace {

/// Copies height x width x channels (pixels) into channels x height x width (planes).
void PlanesFromPixels(const float* pixels, size_t area, size_t channels, float* planes) {
  for (size_t channel = 0; channel < channels; ++channel) {
    const float* source = pixels + channel;
    float* target = planes + channel * area;
    for (size_t i = 0; i < area; ++i) target[i] = source[i * channels];
  }
}

/// The inverse of PlanesFromPixels.
void PixelsFromPlanes(const float* planes, size_t area, size_t channels, float* pixels) {
  for (size_t channel = 0; channel < channels; ++channel) {
    const float* source = planes + channel * area;
    float* target = pixels + channel;
    for (size_t i = 0; i < area; ++i) target[i * channels] = source[i];
  }
}

/// First line of what OpenCV says, for a message.
std::string Reason(const cv::Exception& exception) {
  std::string text = exception.err.empty() ? exception.what() : exception.err;
  text = text.substr(0, text.find('\n'));
  return text;
}

class OpenCvBackend : public InferenceBackend {
 public:
  OpenCvBackend(const cv::dnn::Net& net, std::string input_name, std::vector<std::string> output_names,
                const std::vector<int>& input_shape)
      : net_(net), input_name_(std::move(input_name)), output_names_(std::move(output_names)) {
    channels_ = static_cast<size_t>(input_shape[3]);
    pixels_.resize(ElementCount(input_shape));
    planes_.create(std::vector<int>{1, input_shape[3], input_shape[1], input_shape[2]}, CV_32F);
    planes_.setTo(0);
    outputs_.resize(output_names_.size());
  }

  std::span<float> input() override { return pixels_; }

  Result<void> Run() override {
    PlanesFromPixels(pixels_.data(), pixels_.size() / channels_, channels_, planes_.ptr<float>());
    try {
      // OpenCV runs loops inside of a parallel loop serially: that keeps this network on this thread.
      cv::parallel_for_(cv::Range(0, 1), [this](const cv::Range&) {
        net_.setInput(planes_, input_name_);
        net_.forward(blobs_, output_names_);
      });
    } catch (const cv::Exception& exception) {
      return Error{ErrorCode::kInternal, "OpenCV dnn failed: " + Reason(exception)};
    }
    for (size_t i = 0; i < outputs_.size(); ++i) PEEKPROOF_RETURN_IF_ERROR(TakeOutput(i));
    return {};
  }

  std::span<const float> output(size_t index) const override { return outputs_[index]; }

  const char* name() const override { return "OpenCV dnn"; }

  /// Shape of output `index` after a run, 1 x height x width x channels.
  std::vector<int> output_shape(size_t index) const {
    const cv::Mat& blob = blobs_[index];
    return {1, blob.size[2], blob.size[3], blob.size[1]};
  }

 private:
  Result<void> TakeOutput(size_t index) {
    const cv::Mat& blob = blobs_[index];
    if (blob.dims != 4 || blob.size[0] != 1 || blob.type() != CV_32F || !blob.isContinuous()) {
      return Error{ErrorCode::kUnsupported,
                   fmt::format("its output has {} axes instead of 1 x channels x height x width", blob.dims)};
    }
    const auto channels = static_cast<size_t>(blob.size[1]);
    outputs_[index].resize(blob.total());
    PixelsFromPlanes(blob.ptr<float>(), blob.total() / channels, channels, outputs_[index].data());
    return {};
  }

  cv::dnn::Net net_;
  std::string input_name_;
  std::vector<std::string> output_names_;
  size_t channels_ = 0;
  std::vector<float> pixels_;
  cv::Mat planes_;
  std::vector<cv::Mat> blobs_;
  std::vector<std::vector<float>> outputs_;
};

}  // namespace

Result<std::unique_ptr<InferenceBackend>> MakeOpenCvBackend(const TfliteGraph& graph) {
  std::vector<std::string> outputs;
  for (const int tensor : graph.outputs) outputs.push_back(LayerNameOf(tensor));
  const std::vector<int>& input_shape = graph.tensors[static_cast<size_t>(graph.inputs[0])].shape;
  std::unique_ptr<OpenCvBackend> backend;
  try {
    backend = std::make_unique<OpenCvBackend>(BuildOpenCvNet(graph), "input", outputs, input_shape);
  } catch (const cv::Exception& exception) {
    return Error{ErrorCode::kUnsupported, "OpenCV dnn does not run this network: " + Reason(exception)};
  }
  PEEKPROOF_RETURN_IF_ERROR(backend->Run());
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    const std::vector<int>& expected = graph.tensors[static_cast<size_t>(graph.outputs[i])].shape;
    if (backend->output_shape(i) == expected) continue;
    return Error{ErrorCode::kUnsupported,
                 fmt::format("OpenCV dnn computes an output of [{}] where [{}] is expected",
                             ShapeText(backend->output_shape(i)), ShapeText(expected))};
  }
  return std::unique_ptr<InferenceBackend>(std::move(backend));
}

Result<std::unique_ptr<InferenceBackend>> WrapOpenCvNet(const cv::dnn::Net& net,
                                                        const std::string& input_name,
                                                        const std::vector<int>& input_shape,
                                                        std::vector<int>* output_shape) {
  std::unique_ptr<OpenCvBackend> backend;
  try {
    const std::vector<std::string> outputs{net.getUnconnectedOutLayersNames().at(0)};
    backend = std::make_unique<OpenCvBackend>(net, input_name, outputs, input_shape);
  } catch (const std::exception&) {
    return Error{ErrorCode::kUnsupported, "the network has no output"};
  }
  const Result<void> run = backend->Run();
  if (!run.ok()) return Error{ErrorCode::kUnsupported, run.error().message};
  *output_shape = backend->output_shape(0);
  return std::unique_ptr<InferenceBackend>(std::move(backend));
}

}  // namespace peekproof::models
