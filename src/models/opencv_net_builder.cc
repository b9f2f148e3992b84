// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/opencv_net_builder.h"

#include <fmt/format.h>

#include <array>

#include "models/tflite_shapes.h"

namespace peekproof::models {
namespace {

using cv::dnn::LayerParams;

/// Weights [out, height, width, in] as OpenCV's [out, in, height, width].
cv::Mat PlanesFromPixels(const TfliteTensor& weights) {
  const std::vector<int>& s = weights.shape;
  cv::Mat planes(std::vector<int>{s[0], s[3], s[1], s[2]}, CV_32F);
  auto* target = planes.ptr<float>();
  const auto at = [&](int out, int y, int x, int in) {
    return weights.floats[((static_cast<size_t>(out) * s[1] + y) * s[2] + x) * s[3] + in];
  };
  for (int out = 0; out < s[0]; ++out) {
    for (int in = 0; in < s[3]; ++in) {
      for (int y = 0; y < s[1]; ++y) {
        for (int x = 0; x < s[2]; ++x) *target++ = at(out, y, x, in);
      }
    }
  }
  return planes;
}

/// Weights [1, height, width, channels] of a depthwise convolution as [channels, 1, height, width].
cv::Mat PlanesFromDepthwise(const TfliteTensor& weights) {
  const int pixels = weights.shape[1] * weights.shape[2];
  const cv::Mat interleaved(pixels, weights.shape[3], CV_32F, const_cast<float*>(weights.floats.data()));
  cv::Mat planes;
  cv::transpose(interleaved, planes);
  return planes.reshape(1, std::vector<int>{weights.shape[3], 1, weights.shape[1], weights.shape[2]}).clone();
}

/// Weights [out, in, height, width] as a Deconvolution's [in, out, height, width].
cv::Mat SwapChannels(const cv::Mat& planes) {
  const int out = planes.size[0];
  const int in = planes.size[1];
  cv::Mat swapped(std::vector<int>{in, out, planes.size[2], planes.size[3]}, CV_32F);
  const cv::Mat wide = planes.reshape(1, out);
  const size_t plane = static_cast<size_t>(planes.size[2]) * planes.size[3];
  for (int i = 0; i < in; ++i) {
    for (int o = 0; o < out; ++o) {
      const float* source = wide.ptr<float>(o) + plane * i;
      std::copy(source, source + plane, swapped.ptr<float>(i) + plane * o);
    }
  }
  return swapped;
}

cv::Mat BiasOf(const TfliteTensor& bias) {
  return cv::Mat(1, bias.shape[0], CV_32F, const_cast<float*>(bias.floats.data())).clone();
}

LayerParams Layer(const std::string& name, const std::string& type) {
  LayerParams params;
  params.name = name;
  params.type = type;
  return params;
}

class NetBuilder {
 public:
  explicit NetBuilder(const TfliteGraph& graph) : graph_(graph), layers_(graph.tensors.size(), -1) {}

  cv::dnn::Net Build() {
    net_.setInputsNames({"input"});
    layers_[static_cast<size_t>(graph_.inputs[0])] = 0;
    for (const TfliteOperator& node : graph_.operators) Add(node);
    return net_;
  }

 private:
  const TfliteTensor& Operand(const TfliteOperator& node, size_t index) const {
    return graph_.tensors[static_cast<size_t>(node.inputs[index])];
  }
  const TfliteTensor& Target(const TfliteOperator& node) const {
    return graph_.tensors[static_cast<size_t>(node.outputs[0])];
  }
  int InputLayer(const TfliteOperator& node, size_t index) const {
    return layers_[static_cast<size_t>(node.inputs[index])];
  }

  int Connect(LayerParams params, const std::vector<int>& inputs) {
    const int id = net_.addLayer(params.name, params.type, params);
    for (size_t i = 0; i < inputs.size(); ++i) net_.connect(inputs[i], 0, id, static_cast<int>(i));
    return id;
  }

  void Add(const TfliteOperator& node);
  int AddConvolution(const TfliteOperator& node, const std::string& name);
  int AddTransposed(const TfliteOperator& node, const std::string& name);
  int AddFullyConnected(const TfliteOperator& node, const std::string& name);
  int AddPool(const TfliteOperator& node, const std::string& name);
  int AddArithmetic(const TfliteOperator& node, const std::string& name);
  int AddConcatenation(const TfliteOperator& node, const std::string& name);
  int AddResize(const TfliteOperator& node, const std::string& name);
  int AddUnary(const TfliteOperator& node, const std::string& name);
  int AddOperator(const TfliteOperator& node, const std::string& name);
  int Pad(int layer, const std::string& name, const WindowAxis& y, const WindowAxis& x);

  const TfliteGraph& graph_;
  std::vector<int> layers_;  ///< OpenCV's layer per tensor, -1 where there is none.
  cv::dnn::Net net_;
};

void SetWindow(LayerParams* params, int height, int width, const OperatorOptions& options) {
  params->set("kernel_h", height);
  params->set("kernel_w", width);
  params->set("stride_h", options.stride_y);
  params->set("stride_w", options.stride_x);
  params->set("dilation_h", options.dilation_y);
  params->set("dilation_w", options.dilation_x);
}

void NetBuilder::Add(const TfliteOperator& node) {
  const std::string name = LayerNameOf(node.outputs[0]);
  const bool fused = node.options.activation != Activation::kNone;
  int layer = AddOperator(node, fused ? name + "/linear" : name);
  if (fused) {
    layer = Connect(Layer(name, node.options.activation == Activation::kRelu ? "ReLU" : "ReLU6"), {layer});
  }
  layers_[static_cast<size_t>(node.outputs[0])] = layer;
}

int NetBuilder::AddOperator(const TfliteOperator& node, const std::string& name) {
  switch (node.kind) {
    case OperatorKind::kConvolution:
    case OperatorKind::kDepthwiseConvolution:
      return AddConvolution(node, name);
    case OperatorKind::kTransposeConvolutionBias:
      return AddTransposed(node, name);
    case OperatorKind::kFullyConnected:
      return AddFullyConnected(node, name);
    case OperatorKind::kAveragePool:
    case OperatorKind::kMean:
      return AddPool(node, name);
    case OperatorKind::kAdd:
    case OperatorKind::kMultiply:
      return AddArithmetic(node, name);
    case OperatorKind::kConcatenation:
      return AddConcatenation(node, name);
    case OperatorKind::kResizeBilinear:
      return AddResize(node, name);
    case OperatorKind::kHardSwish:
    case OperatorKind::kLogistic:
    case OperatorKind::kRelu:
    case OperatorKind::kRelu6:
    case OperatorKind::kTanh:
      return AddUnary(node, name);
  }
  CV_Error(cv::Error::StsNotImplemented, OperatorName(node.kind));
}

int NetBuilder::Pad(int layer, const std::string& name, const WindowAxis& y, const WindowAxis& x) {
  LayerParams params = Layer(name + "/pad", "Padding");
  const std::array<int, 8> paddings{0, 0, 0, 0, y.pad_begin, y.pad_end, x.pad_begin, x.pad_end};
  params.set("paddings", cv::dnn::DictValue::arrayInt(paddings.data(), static_cast<int>(paddings.size())));
  params.set("value", 0);
  return Connect(params, {layer});
}

/// OpenCV's Convolution refuses explicit pads that differ between the sides, and its pad_mode SAME ignores
/// dilation: so equal pads are given, else SAME where there is no dilation, else a Padding layer goes before.
int NetBuilder::AddConvolution(const TfliteOperator& node, const std::string& name) {
  const OperatorOptions& o = node.options;
  const TfliteTensor& weights = Operand(node, 1);
  const std::vector<int>& input = Operand(node, 0).shape;
  const bool depthwise = node.kind == OperatorKind::kDepthwiseConvolution;
  LayerParams params = Layer(name, "Convolution");
  SetWindow(&params, weights.shape[1], weights.shape[2], o);
  params.set("num_output", Target(node).shape[3]);
  params.set("group", depthwise ? input[3] : 1);
  params.set("bias_term", true);
  params.blobs = {depthwise ? PlanesFromDepthwise(weights) : PlanesFromPixels(weights),
                  BiasOf(Operand(node, 2))};

  const WindowAxis y = SlideWindow(input[1], weights.shape[1], o.stride_y, o.dilation_y, o.padding);
  const WindowAxis x = SlideWindow(input[2], weights.shape[2], o.stride_x, o.dilation_x, o.padding);
  int source = InputLayer(node, 0);
  if (y.pad_begin == y.pad_end && x.pad_begin == x.pad_end) {
    params.set("pad_h", y.pad_begin);
    params.set("pad_w", x.pad_begin);
  } else if (o.dilation_x == 1 && o.dilation_y == 1) {
    params.set("pad_mode", "SAME");
  } else {
    source = Pad(source, name, y, x);
  }
  return Connect(params, {source});
}

/// Deconvolution refuses pads that differ, too: the full result is computed, and a Slice cuts it.
int NetBuilder::AddTransposed(const TfliteOperator& node, const std::string& name) {
  const OperatorOptions& o = node.options;
  const TfliteTensor& weights = Operand(node, 1);
  const std::vector<int>& input = Operand(node, 0).shape;
  const WindowAxis y = SlideWindowTransposed(input[1], weights.shape[1], o.stride_y, o.padding);
  const WindowAxis x = SlideWindowTransposed(input[2], weights.shape[2], o.stride_x, o.padding);
  const bool cut = y.pad_begin + y.pad_end + x.pad_begin + x.pad_end > 0;
  LayerParams params = Layer(cut ? name + "/full" : name, "Deconvolution");
  SetWindow(&params, weights.shape[1], weights.shape[2], o);
  params.set("num_output", weights.shape[0]);
  params.set("bias_term", true);
  params.blobs = {SwapChannels(PlanesFromPixels(weights)), BiasOf(Operand(node, 2))};
  const int full = Connect(params, {InputLayer(node, 0)});
  if (!cut) return full;
  LayerParams slice = Layer(name, "Slice");
  const std::array<int, 4> begin{0, 0, y.pad_begin, x.pad_begin};
  const std::array<int, 4> size{1, weights.shape[0], y.output, x.output};
  slice.set("begin", cv::dnn::DictValue::arrayInt(begin.data(), 4));
  slice.set("size", cv::dnn::DictValue::arrayInt(size.data(), 4));
  return Connect(slice, {full});
}

/// Over one pixel, a fully connected layer is a 1 x 1 convolution.
int NetBuilder::AddFullyConnected(const TfliteOperator& node, const std::string& name) {
  const TfliteTensor& weights = Operand(node, 1);
  LayerParams params = Layer(name, "Convolution");
  SetWindow(&params, 1, 1, {});
  params.set("num_output", weights.shape[0]);
  params.set("bias_term", true);
  const std::vector<int> shape{weights.shape[0], weights.shape[1], 1, 1};
  params.blobs = {cv::Mat(shape, CV_32F, const_cast<float*>(weights.floats.data())).clone(),
                  BiasOf(Operand(node, 2))};
  return Connect(params, {InputLayer(node, 0)});
}

int NetBuilder::AddPool(const TfliteOperator& node, const std::string& name) {
  LayerParams params = Layer(name, "Pooling");
  params.set("pool", "ave");
  if (node.kind == OperatorKind::kMean || IsGlobalPool(graph_, node)) {
    params.set("global_pooling", true);
    return Connect(params, {InputLayer(node, 0)});
  }
  SetWindow(&params, node.options.filter_height, node.options.filter_width, node.options);
  params.set("pad_mode", node.options.padding == Padding::kSame ? "SAME" : "VALID");
  params.set("ave_pool_padded_area", false);  // TensorFlow leaves the padding out of the average.
  return Connect(params, {InputLayer(node, 0)});
}

/// One factor per channel is a Scale layer whose second input is the factors; equal shapes are Eltwise.
int NetBuilder::AddArithmetic(const TfliteOperator& node, const std::string& name) {
  const bool left_is_whole = Operand(node, 0).shape == Target(node).shape;
  if (Operand(node, 0).shape == Operand(node, 1).shape) {
    LayerParams params = Layer(name, "Eltwise");
    params.set("operation", node.kind == OperatorKind::kAdd ? "sum" : "prod");
    return Connect(params, {InputLayer(node, 0), InputLayer(node, 1)});
  }
  LayerParams params = Layer(name, "Scale");
  params.set("axis", 1);
  params.set("bias_term", false);
  return Connect(params, {InputLayer(node, left_is_whole ? 0 : 1), InputLayer(node, left_is_whole ? 1 : 0)});
}

int NetBuilder::AddConcatenation(const TfliteOperator& node, const std::string& name) {
  LayerParams params = Layer(name, "Concat");
  params.set("axis", 1);
  std::vector<int> inputs;
  for (size_t i = 0; i < node.inputs.size(); ++i) inputs.push_back(InputLayer(node, i));
  return Connect(params, inputs);
}

int NetBuilder::AddResize(const TfliteOperator& node, const std::string& name) {
  LayerParams params = Layer(name, "Resize");
  params.set("interpolation", "bilinear");
  params.set("height", Target(node).shape[1]);
  params.set("width", Target(node).shape[2]);
  params.set("align_corners", node.options.align_corners);
  params.set("half_pixel_centers", node.options.half_pixel_centers);
  return Connect(params, {InputLayer(node, 0)});
}

int NetBuilder::AddUnary(const TfliteOperator& node, const std::string& name) {
  const char* type = "TanH";
  if (node.kind == OperatorKind::kHardSwish) type = "HardSwish";
  if (node.kind == OperatorKind::kLogistic) type = "Sigmoid";
  if (node.kind == OperatorKind::kRelu) type = "ReLU";
  if (node.kind == OperatorKind::kRelu6) type = "ReLU6";
  return Connect(Layer(name, type), {InputLayer(node, 0)});
}

}  // namespace

std::string LayerNameOf(int tensor) { return fmt::format("tensor{}", tensor); }

cv::dnn::Net BuildOpenCvNet(const TfliteGraph& graph) { return NetBuilder(graph).Build(); }

}  // namespace peekproof::models
