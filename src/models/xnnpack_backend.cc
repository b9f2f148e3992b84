// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/xnnpack_backend.h"

#include <fmt/format.h>
#include <xnnpack.h>

#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "models/tflite_shapes.h"

namespace peekproof::models {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct SubgraphDeleter {
  void operator()(xnn_subgraph* subgraph) const { xnn_delete_subgraph(subgraph); }
};
struct RuntimeDeleter {
  void operator()(xnn_runtime* runtime) const { xnn_delete_runtime(runtime); }
};
using SubgraphPointer = std::unique_ptr<xnn_subgraph, SubgraphDeleter>;
using RuntimePointer = std::unique_ptr<xnn_runtime, RuntimeDeleter>;

/// Bounds of a fused activation.
struct Clamp {
  float low = -kInfinity;
  float high = kInfinity;
};

Clamp ClampOf(Activation activation) {
  switch (activation) {
    case Activation::kNone:
      return {};
    case Activation::kRelu:
      return {0, kInfinity};
    case Activation::kRelu6:
      return {0, 6};
  }
  return {};
}

/// Defines a graph's values and nodes in a subgraph.
class SubgraphBuilder {
 public:
  explicit SubgraphBuilder(const TfliteGraph& graph)
      : graph_(graph), ids_(graph.tensors.size(), XNN_INVALID_VALUE_ID) {}

  Result<SubgraphPointer> Build();

 private:
  xnn_status Define(const TfliteOperator& node);
  xnn_status DefineConvolution(const TfliteOperator& node);
  xnn_status DefineDepthwise(const TfliteOperator& node);
  xnn_status DefineTransposed(const TfliteOperator& node);
  xnn_status DefinePool(const TfliteOperator& node);
  xnn_status DefineGlobalPool(const TfliteOperator& node);
  xnn_status DefineConcatenation(const TfliteOperator& node);
  xnn_status DefineResize(const TfliteOperator& node);

  xnn_status DefineTensor(size_t index, uint32_t external_id, uint32_t flags);
  xnn_status DefineScratch(const std::vector<int>& shape, uint32_t* id);
  uint32_t Input(const TfliteOperator& node, size_t index) {
    return ids_[static_cast<size_t>(node.inputs[index])];
  }
  uint32_t Output(const TfliteOperator& node) { return ids_[static_cast<size_t>(node.outputs[0])]; }
  const std::vector<int>& InputShape(const TfliteOperator& node, size_t index) const {
    return graph_.tensors[static_cast<size_t>(node.inputs[index])].shape;
  }

  const TfliteGraph& graph_;
  std::vector<uint32_t> ids_;  ///< XNNPACK's value per tensor.
  xnn_subgraph_t subgraph_ = nullptr;
};

std::vector<size_t> Extents(const std::vector<int>& shape) { return {shape.begin(), shape.end()}; }

xnn_status SubgraphBuilder::DefineTensor(size_t index, uint32_t external_id, uint32_t flags) {
  if (ids_[index] != XNN_INVALID_VALUE_ID) return xnn_status_success;
  const TfliteTensor& tensor = graph_.tensors[index];
  const std::vector<size_t> extents = Extents(tensor.shape);
  const void* data = tensor.is_constant ? tensor.floats.data() : nullptr;
  return xnn_define_tensor_value(subgraph_, xnn_datatype_fp32, extents.size(), extents.data(), data,
                                 external_id, flags, &ids_[index]);
}

xnn_status SubgraphBuilder::DefineScratch(const std::vector<int>& shape, uint32_t* id) {
  const std::vector<size_t> extents = Extents(shape);
  return xnn_define_tensor_value(subgraph_, xnn_datatype_fp32, extents.size(), extents.data(), nullptr,
                                 XNN_INVALID_VALUE_ID, 0, id);
}

Result<SubgraphPointer> SubgraphBuilder::Build() {
  const size_t externals = 1 + graph_.outputs.size();
  xnn_status status = xnn_create_subgraph(static_cast<uint32_t>(externals), 0, &subgraph_);
  SubgraphPointer owner(subgraph_);
  if (status == xnn_status_success) {
    status = DefineTensor(static_cast<size_t>(graph_.inputs[0]), 0, XNN_VALUE_FLAG_EXTERNAL_INPUT);
  }
  for (size_t i = 0; i < graph_.outputs.size() && status == xnn_status_success; ++i) {
    const auto tensor = static_cast<size_t>(graph_.outputs[i]);
    status = DefineTensor(tensor, static_cast<uint32_t>(i + 1), XNN_VALUE_FLAG_EXTERNAL_OUTPUT);
  }
  if (status != xnn_status_success) {
    return Error{ErrorCode::kInternal, fmt::format("XNNPACK cannot make a graph (status {})", int{status})};
  }
  for (size_t i = 0; i < graph_.operators.size(); ++i) {
    const TfliteOperator& node = graph_.operators[i];
    status = Define(node);
    if (status == xnn_status_success) continue;
    return Error{ErrorCode::kUnsupported, fmt::format("XNNPACK does not run operator {}, {} (status {})", i,
                                                      OperatorName(node.kind), int{status})};
  }
  return owner;
}

xnn_status SubgraphBuilder::Define(const TfliteOperator& node) {
  for (const std::vector<int>* operands : {&node.inputs, &node.outputs}) {
    for (const int tensor : *operands) {
      const auto index = static_cast<size_t>(tensor);
      if (graph_.tensors[index].type != TensorType::kFloat32) continue;
      const xnn_status status = DefineTensor(index, XNN_INVALID_VALUE_ID, 0);
      if (status != xnn_status_success) return status;
    }
  }
  const auto [low, high] = ClampOf(node.options.activation);
  switch (node.kind) {
    case OperatorKind::kConvolution:
      return DefineConvolution(node);
    case OperatorKind::kDepthwiseConvolution:
      return DefineDepthwise(node);
    case OperatorKind::kTransposeConvolutionBias:
      return DefineTransposed(node);
    case OperatorKind::kAveragePool:
      return IsGlobalPool(graph_, node) ? DefineGlobalPool(node) : DefinePool(node);
    case OperatorKind::kMean:
      return DefineGlobalPool(node);
    case OperatorKind::kConcatenation:
      return DefineConcatenation(node);
    case OperatorKind::kResizeBilinear:
      return DefineResize(node);
    case OperatorKind::kFullyConnected:
      return xnn_define_fully_connected(subgraph_, low, high, Input(node, 0), Input(node, 1), Input(node, 2),
                                        Output(node), 0);
    case OperatorKind::kAdd:
      return xnn_define_add2(subgraph_, low, high, Input(node, 0), Input(node, 1), Output(node), 0);
    case OperatorKind::kMultiply:
      return xnn_define_multiply2(subgraph_, low, high, Input(node, 0), Input(node, 1), Output(node), 0);
    case OperatorKind::kHardSwish:
      return xnn_define_hardswish(subgraph_, Input(node, 0), Output(node), 0);
    case OperatorKind::kLogistic:
      return xnn_define_sigmoid(subgraph_, Input(node, 0), Output(node), 0);
    case OperatorKind::kRelu:
      return xnn_define_clamp(subgraph_, 0, kInfinity, Input(node, 0), Output(node), 0);
    case OperatorKind::kRelu6:
      return xnn_define_clamp(subgraph_, 0, 6, Input(node, 0), Output(node), 0);
    case OperatorKind::kTanh:  // Newer releases than Debian 12's have it.
      return xnn_status_unsupported_parameter;
  }
  return xnn_status_unsupported_parameter;
}

xnn_status SubgraphBuilder::DefineConvolution(const TfliteOperator& node) {
  const OperatorOptions& o = node.options;
  const std::vector<int>& input = InputShape(node, 0);
  const std::vector<int>& filter = InputShape(node, 1);
  const WindowAxis y = SlideWindow(input[1], filter[1], o.stride_y, o.dilation_y, o.padding);
  const WindowAxis x = SlideWindow(input[2], filter[2], o.stride_x, o.dilation_x, o.padding);
  const auto [low, high] = ClampOf(o.activation);
  const auto u = [](int value) { return static_cast<uint32_t>(value); };
  return xnn_define_convolution_2d(subgraph_, u(y.pad_begin), u(x.pad_end), u(y.pad_end), u(x.pad_begin),
                                   u(filter[1]), u(filter[2]), u(o.stride_y), u(o.stride_x), u(o.dilation_y),
                                   u(o.dilation_x), 1, u(filter[3]), u(filter[0]), low, high, Input(node, 0),
                                   Input(node, 1), Input(node, 2), Output(node), 0);
}

xnn_status SubgraphBuilder::DefineDepthwise(const TfliteOperator& node) {
  const OperatorOptions& o = node.options;
  const std::vector<int>& input = InputShape(node, 0);
  const std::vector<int>& filter = InputShape(node, 1);
  const WindowAxis y = SlideWindow(input[1], filter[1], o.stride_y, o.dilation_y, o.padding);
  const WindowAxis x = SlideWindow(input[2], filter[2], o.stride_x, o.dilation_x, o.padding);
  const auto [low, high] = ClampOf(o.activation);
  const auto u = [](int value) { return static_cast<uint32_t>(value); };
  return xnn_define_depthwise_convolution_2d(
      subgraph_, u(y.pad_begin), u(x.pad_end), u(y.pad_end), u(x.pad_begin), u(filter[1]), u(filter[2]),
      u(o.stride_y), u(o.stride_x), u(o.dilation_y), u(o.dilation_x), u(filter[3] / input[3]), u(input[3]),
      low, high, Input(node, 0), Input(node, 1), Input(node, 2), Output(node), 0);
}

xnn_status SubgraphBuilder::DefineTransposed(const TfliteOperator& node) {
  const OperatorOptions& o = node.options;
  const std::vector<int>& input = InputShape(node, 0);
  const std::vector<int>& filter = InputShape(node, 1);
  const WindowAxis y = SlideWindowTransposed(input[1], filter[1], o.stride_y, o.padding);
  const WindowAxis x = SlideWindowTransposed(input[2], filter[2], o.stride_x, o.padding);
  const auto [low, high] = ClampOf(o.activation);
  const auto u = [](int value) { return static_cast<uint32_t>(value); };
  return xnn_define_deconvolution_2d(subgraph_, u(y.pad_begin), u(x.pad_end), u(y.pad_end), u(x.pad_begin), 0,
                                     0, u(filter[1]), u(filter[2]), u(o.stride_y), u(o.stride_x), 1, 1, 1,
                                     u(filter[3]), u(filter[0]), low, high, Input(node, 0), Input(node, 1),
                                     Input(node, 2), Output(node), 0);
}

xnn_status SubgraphBuilder::DefinePool(const TfliteOperator& node) {
  const OperatorOptions& o = node.options;
  const auto [low, high] = ClampOf(o.activation);
  const uint32_t flags = o.padding == Padding::kSame ? XNN_FLAG_TENSORFLOW_SAME_PADDING : 0;
  const auto u = [](int value) { return static_cast<uint32_t>(value); };
  return xnn_define_average_pooling_2d(subgraph_, 0, 0, 0, 0, u(o.filter_height), u(o.filter_width),
                                       u(o.stride_y), u(o.stride_x), low, high, Input(node, 0), Output(node),
                                       flags);
}

xnn_status SubgraphBuilder::DefineGlobalPool(const TfliteOperator& node) {
  const auto [low, high] = ClampOf(node.options.activation);
#ifdef XNN_FLAG_KEEP_DIMS  // Newer releases drop height and width otherwise; older ones always keep them.
  constexpr uint32_t kFlags = XNN_FLAG_KEEP_DIMS;
#else
  constexpr uint32_t kFlags = 0;
#endif
  return xnn_define_global_average_pooling_2d(subgraph_, low, high, Input(node, 0), Output(node), kFlags);
}

xnn_status SubgraphBuilder::DefineConcatenation(const TfliteOperator& node) {
  const std::vector<int>& joined = graph_.tensors[static_cast<size_t>(node.outputs[0])].shape;
  const size_t count = node.inputs.size();
  if (count < 2) return xnn_status_unsupported_parameter;
  const auto [low, high] = ClampOf(node.options.activation);
  uint32_t sum = XNN_INVALID_VALUE_ID;
  int first_channel = 0;
  for (size_t i = 0; i < count; ++i) {
    const int channels = InputShape(node, i)[3];
    const std::array<size_t, 4> before{0, 0, 0, static_cast<size_t>(first_channel)};
    const std::array<size_t, 4> behind{0, 0, 0, static_cast<size_t>(joined[3] - first_channel - channels)};
    first_channel += channels;
    uint32_t padded = XNN_INVALID_VALUE_ID;
    xnn_status status = DefineScratch(joined, &padded);
    if (status == xnn_status_success) {
      status = xnn_define_static_constant_pad(subgraph_, before.data(), behind.data(), 0.0F, Input(node, i),
                                              padded, 0);
    }
    if (status == xnn_status_success && i > 0) {
      const bool last = i + 1 == count;
      uint32_t next = Output(node);
      if (!last) status = DefineScratch(joined, &next);
      if (status == xnn_status_success) {
        status = xnn_define_add2(subgraph_, last ? low : -kInfinity, last ? high : kInfinity, sum, padded,
                                 next, 0);
      }
      padded = next;
    }
    if (status != xnn_status_success) return status;
    sum = padded;
  }
  return xnn_status_success;
}

xnn_status SubgraphBuilder::DefineResize(const TfliteOperator& node) {
  const std::vector<int>& output = graph_.tensors[static_cast<size_t>(node.outputs[0])].shape;
  uint32_t flags = XNN_FLAG_TENSORFLOW_LEGACY_MODE;
  if (node.options.align_corners) flags = XNN_FLAG_ALIGN_CORNERS;
  if (node.options.half_pixel_centers) flags = 0;
  return xnn_define_static_resize_bilinear_2d(subgraph_, static_cast<size_t>(output[1]),
                                              static_cast<size_t>(output[2]), Input(node, 0), Output(node),
                                              flags);
}

class XnnpackBackend : public InferenceBackend {
 public:
  explicit XnnpackBackend(std::shared_ptr<const TfliteGraph> graph) : graph_(std::move(graph)) {}

  Result<void> Prepare() {
    if (xnn_initialize(nullptr) != xnn_status_success) {
      return Error{ErrorCode::kUnsupported, "XNNPACK does not run on this processor"};
    }
    PEEKPROOF_ASSIGN_OR_RETURN(const SubgraphPointer subgraph, SubgraphBuilder(*graph_).Build());
    xnn_runtime_t runtime = nullptr;
    xnn_status status = xnn_create_runtime_v2(subgraph.get(), nullptr, 0, &runtime);
    runtime_.reset(runtime);
    AllocateValues();
    if (status == xnn_status_success) {
      status = xnn_setup_runtime(runtime_.get(), externals_.size(), externals_.data());
    }
    if (status == xnn_status_success) return {};
    return Error{ErrorCode::kUnsupported,
                 fmt::format("XNNPACK does not run this network (status {})", int{status})};
  }

  std::span<float> input() override { return {values_[0].data(), Elements(graph_->inputs[0])}; }

  Result<void> Run() override {
    const xnn_status status = xnn_invoke_runtime(runtime_.get());
    if (status == xnn_status_success) return {};
    return Error{ErrorCode::kInternal, fmt::format("XNNPACK failed (status {})", int{status})};
  }

  std::span<const float> output(size_t index) const override {
    return {values_[index + 1].data(), Elements(graph_->outputs[index])};
  }

  const char* name() const override { return "XNNPACK"; }

 private:
  size_t Elements(int tensor) const {
    return ElementCount(graph_->tensors[static_cast<size_t>(tensor)].shape);
  }

  void AllocateValues() {
    values_.emplace_back(Elements(graph_->inputs[0]) + XNN_EXTRA_BYTES);
    for (const int output : graph_->outputs) values_.emplace_back(Elements(output) + XNN_EXTRA_BYTES);
    for (size_t i = 0; i < values_.size(); ++i) {
      externals_.push_back({static_cast<uint32_t>(i), values_[i].data()});
    }
  }

  std::shared_ptr<const TfliteGraph> graph_;  ///< XNNPACK reads constants from it.
  std::vector<std::vector<float>> values_;    ///< The input, then the outputs, with XNNPACK's slack behind.
  std::vector<xnn_external_value> externals_;
  RuntimePointer runtime_;
};

}  // namespace

bool HaveXnnpack() { return true; }

Result<std::unique_ptr<InferenceBackend>> MakeXnnpackBackend(std::shared_ptr<const TfliteGraph> graph) {
  auto backend = std::make_unique<XnnpackBackend>(std::move(graph));
  PEEKPROOF_RETURN_IF_ERROR(backend->Prepare());
  return std::unique_ptr<InferenceBackend>(std::move(backend));
}

}  // namespace peekproof::models
