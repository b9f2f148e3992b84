// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/testing/graph_cases.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "base/random.h"
#include "models/testing/tflite_builder.h"
#include "models/tflite_shapes.h"

namespace peekproof::models::testing {
namespace {

constexpr int kConv = 3;
constexpr int kDepthwise = 4;

/// One sliding-window case.
struct Window {
  int height = 9;
  int width = 12;
  int kernel_h = 3;
  int kernel_w = 3;
  int stride = 1;
  int dilation = 1;
  int padding = 0;     ///< 0 same, 1 valid.
  int activation = 0;  ///< 0 none, 1 ReLU, 3 ReLU6.
};

class Weights {
 public:
  explicit Weights(uint64_t seed) : random_(seed, 0, 0) {}

  std::vector<float> Floats(const std::vector<int>& shape) {
    std::vector<float> values(ElementCount(shape));
    for (float& value : values) value = static_cast<float>(random_.Uniform(-1, 1));
    return values;
  }

 private:
  RowRandom random_;
};

/// A float16 number near `value`, and what it stands for does not matter: tests compare on the file.
uint16_t HalfOf(float value) {
  uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  const auto exponent = static_cast<int>((bits >> 23U) & 0xffU) - 112;
  if (exponent <= 0) return 0;
  return static_cast<uint16_t>(((bits >> 16U) & 0x8000U) | (static_cast<uint32_t>(exponent) << 10U) |
                               ((bits >> 13U) & 0x3ffU));
}

/// Adds float16 constants and the DEQUANTIZE that turns them into floats.
int HalfConstant(TfliteBuilder& builder, const std::vector<int>& shape, const std::vector<float>& values) {
  std::vector<uint8_t> bytes;
  for (const float value : values) {
    const uint16_t half = HalfOf(value);
    bytes.push_back(static_cast<uint8_t>(half & 0xffU));
    bytes.push_back(static_cast<uint8_t>(half >> 8U));
  }
  const int stored = builder.Raw(shape, 1, bytes);
  const int expanded = builder.Activation(shape);
  builder.Operator(6, {stored}, {expanded});
  return expanded;
}

TestOptions ConvolutionOptions(const Window& w) {
  return {1,
          {ByteField(0, w.padding), IntField(1, w.stride), IntField(2, w.stride), ByteField(3, w.activation),
           IntField(4, w.dilation), IntField(5, w.dilation)}};
}

TestOptions DepthwiseOptions(const Window& w, int multiplier) {
  return {2,
          {ByteField(0, w.padding), IntField(1, w.stride), IntField(2, w.stride), IntField(3, multiplier),
           ByteField(4, w.activation), IntField(5, w.dilation), IntField(6, w.dilation)}};
}

std::vector<int> Slid(const Window& w, int channels) {
  const Padding padding = w.padding == 0 ? Padding::kSame : Padding::kValid;
  return {1, SlideWindow(w.height, w.kernel_h, w.stride, w.dilation, padding).output,
          SlideWindow(w.width, w.kernel_w, w.stride, w.dilation, padding).output, channels};
}

std::string WindowName(const Window& w) {
  return fmt::format("{}x{}_k{}x{}_s{}_d{}_{}_a{}", w.height, w.width, w.kernel_h, w.kernel_w, w.stride,
                     w.dilation, w.padding == 0 ? "same" : "valid", w.activation);
}

std::vector<Window> Windows() {
  return {{},
          {.kernel_h = 1, .kernel_w = 1},
          {.kernel_h = 1, .kernel_w = 1, .stride = 2},
          {.padding = 1},
          {.height = 8, .width = 8, .stride = 2},
          {.height = 9, .width = 8, .stride = 2, .activation = 1},
          {.height = 9, .width = 7, .stride = 2, .padding = 1},
          {.kernel_h = 5, .kernel_w = 5, .stride = 2, .activation = 3},
          {.height = 11, .width = 10, .kernel_h = 4, .kernel_w = 4},
          {.height = 11, .width = 10, .kernel_h = 4, .kernel_w = 2, .stride = 2},
          {.kernel_h = 2, .kernel_w = 3, .dilation = 2},
          {.height = 13, .width = 13, .dilation = 2, .activation = 3},
          {.height = 13, .width = 13, .dilation = 4},
          {.height = 13, .width = 14, .kernel_h = 4, .kernel_w = 4, .dilation = 3, .activation = 1},
          {.height = 13, .width = 13, .dilation = 2, .padding = 1},
          {.height = 1, .width = 1}};
}

GraphCase ConvolutionCase(const Window& w, uint64_t seed) {
  Weights weights(seed);
  TfliteBuilder b;
  const int in = b.Activation({1, w.height, w.width, 3});
  const std::vector<int> filter{5, w.kernel_h, w.kernel_w, 3};
  const int f = b.Floats(filter, weights.Floats(filter));
  const int bias = b.Floats({5}, weights.Floats({5}));
  const int out = b.Activation(Slid(w, 5));
  b.Operator(kConv, {in, f, bias}, {out}, ConvolutionOptions(w));
  return {"conv_" + WindowName(w), b.Build({in}, {out})};
}

GraphCase DepthwiseCase(const Window& w, int multiplier, uint64_t seed) {
  Weights weights(seed);
  TfliteBuilder b;
  const int in = b.Activation({1, w.height, w.width, 4});
  const std::vector<int> filter{1, w.kernel_h, w.kernel_w, 4 * multiplier};
  const int f = b.Floats(filter, weights.Floats(filter));
  const int bias = b.Floats({4 * multiplier}, weights.Floats({4 * multiplier}));
  const int out = b.Activation(Slid(w, 4 * multiplier));
  b.Operator(kDepthwise, {in, f, bias}, {out}, DepthwiseOptions(w, multiplier));
  return {fmt::format("depthwise_m{}_{}", multiplier, WindowName(w)), b.Build({in}, {out})};
}

GraphCase PoolCase(const Window& w) {
  TfliteBuilder b;
  const int in = b.Activation({1, w.height, w.width, 4});
  const int out = b.Activation(Slid(w, 4));
  b.Operator(1, {in}, {out},
             {5,
              {ByteField(0, w.padding), IntField(1, w.stride), IntField(2, w.stride), IntField(3, w.kernel_w),
               IntField(4, w.kernel_h), ByteField(5, w.activation)}});
  return {"pool_" + WindowName(w), b.Build({in}, {out})};
}

/// padding: 1 same, 2 valid, as the custom operator counts.
GraphCase TransposedCase(int kernel, int stride, int padding, int channels, uint64_t seed) {
  Weights weights(seed);
  TfliteBuilder b;
  const int in = b.Activation({1, 5, 7, 4});
  const std::vector<int> filter{channels, kernel, kernel, 4};
  const int f = b.Floats(filter, weights.Floats(filter));
  const int bias = b.Floats({channels}, weights.Floats({channels}));
  const Padding scheme = padding == 1 ? Padding::kSame : Padding::kValid;
  const int out = b.Activation({1, SlideWindowTransposed(5, kernel, stride, scheme).output,
                                SlideWindowTransposed(7, kernel, stride, scheme).output, channels});
  std::vector<uint8_t> options(12, 0);
  options[0] = static_cast<uint8_t>(padding);
  options[4] = options[8] = static_cast<uint8_t>(stride);
  b.Custom("Convolution2DTransposeBias", {in, f, bias}, {out}, options);
  return {fmt::format("transposed_k{}_s{}_p{}_c{}", kernel, stride, padding, channels), b.Build({in}, {out})};
}

GraphCase UnaryCase(const std::string& name, int code, bool runs_on_xnnpack) {
  TfliteBuilder b;
  const int in = b.Activation({1, 6, 5, 4});
  const int out = b.Activation({1, 6, 5, 4});
  b.Operator(code, {in}, {out});
  return {name, b.Build({in}, {out}), runs_on_xnnpack};
}

GraphCase ResizeCase(int height, int width, int to_height, int to_width, int mode) {
  TfliteBuilder b;
  const int in = b.Activation({1, height, width, 3});
  const int size = b.Integers({to_height, to_width});
  const int out = b.Activation({1, to_height, to_width, 3});
  b.Operator(23, {in, size}, {out}, {15, {ByteField(2, mode == 1 ? 1 : 0), ByteField(3, mode == 2 ? 1 : 0)}});
  return {fmt::format("resize_{}x{}_to_{}x{}_mode{}", height, width, to_height, to_width, mode),
          b.Build({in}, {out})};
}

/// Several activations of the same picture, so that operators with two inputs have something to work on.
struct Fork {
  TfliteBuilder b;
  int in;
  int left;
  int right;

  Fork()
      : in(b.Activation({1, 6, 7, 4})), left(b.Activation({1, 6, 7, 4})), right(b.Activation({1, 6, 7, 4})) {
    b.Operator(19, {in}, {left});
    b.Operator(117, {in}, {right});
  }
};

GraphCase AddCase(int activation) {
  Fork fork;
  const int out = fork.b.Activation({1, 6, 7, 4});
  fork.b.Operator(0, {fork.left, fork.right}, {out}, {11, {ByteField(0, activation)}});
  return {fmt::format("add_a{}", activation), fork.b.Build({fork.in}, {out})};
}

GraphCase MultiplyCase(bool equal, bool swap) {
  Fork fork;
  int factor = fork.right;
  if (!equal) {
    factor = fork.b.Activation({1, 1, 1, 4});
    const int axes = fork.b.Integers({1, 2});
    fork.b.Operator(40, {fork.right, axes}, {factor}, {27, {ByteField(0, 1)}});
  }
  const int out = fork.b.Activation({1, 6, 7, 4});
  fork.b.Operator(18, swap ? std::vector<int>{factor, fork.left} : std::vector<int>{fork.left, factor}, {out},
                  {21, {ByteField(0, 0)}});
  return {fmt::format("multiply_equal{:d}_swap{:d}", equal, swap), fork.b.Build({fork.in}, {out})};
}

GraphCase ConcatenationCase(int count, int activation) {
  Fork fork;
  std::vector<int> inputs{fork.left, fork.right, fork.in, fork.left};
  inputs.resize(static_cast<size_t>(count));
  const int out = fork.b.Activation({1, 6, 7, 4 * count});
  fork.b.Operator(2, inputs, {out}, {10, {IntField(0, activation == 0 ? 3 : -1), ByteField(1, activation)}});
  return {fmt::format("concatenation_{}_a{}", count, activation), fork.b.Build({fork.in}, {out})};
}

GraphCase FullyConnectedCase() {
  Weights weights(77);
  TfliteBuilder b;
  const int in = b.Activation({1, 6, 5, 4});
  const int pooled = b.Activation({1, 1, 1, 4});
  b.Operator(1, {in}, {pooled},
             {5, {ByteField(0, 1), IntField(1, 5), IntField(2, 6), IntField(3, 5), IntField(4, 6)}});
  const int w = HalfConstant(b, {7, 4}, weights.Floats({7, 4}));
  const int bias = b.Floats({7}, weights.Floats({7}));
  const int out = b.Activation({1, 1, 1, 7});
  b.Operator(9, {pooled, w, bias}, {out}, {8, {ByteField(0, 1), ByteField(2, 1)}});
  return {"fully_connected", b.Build({in}, {out})};
}

GraphCase QuantisedWeightsCase(int type, bool per_channel) {
  TfliteBuilder b;
  const int in = b.Activation({1, 4, 4, 2});
  const std::vector<uint8_t> bytes{0, 255, 128, 127, 3, 200};
  const std::vector<float> scale =
      per_channel ? std::vector<float>{0.5F, 0.25F, 0.125F} : std::vector<float>{0.1F};
  const std::vector<int64_t> zero = per_channel ? std::vector<int64_t>{1, 2, 3} : std::vector<int64_t>{7};
  const int stored = b.Raw({3, 1, 1, 2}, type, bytes, scale, zero, 0);
  const int filter = b.Activation({3, 1, 1, 2});
  b.Operator(6, {stored}, {filter});
  const int bias = b.Floats({3}, {0.5F, -1, 2});
  const int out = b.Activation({1, 4, 4, 3});
  b.Operator(kConv, {in, filter, bias}, {out}, ConvolutionOptions({.kernel_h = 1, .kernel_w = 1}));
  return {fmt::format("quantised_type{}_per_channel{:d}", type, per_channel), b.Build({in}, {out})};
}

}  // namespace

std::vector<GraphCase> AllGraphCases() {
  std::vector<GraphCase> cases;
  uint64_t seed = 1;
  for (const Window& w : Windows()) {
    cases.push_back(ConvolutionCase(w, ++seed));
    cases.push_back(DepthwiseCase(w, 1, ++seed));
    if (w.kernel_h * w.kernel_w > 1 && w.dilation == 1 && w.height > 1) cases.push_back(PoolCase(w));
  }
  cases.push_back(DepthwiseCase({}, 2, ++seed));
  for (const int kernel : {2, 3, 4, 5}) {
    for (const int padding : {1, 2}) cases.push_back(TransposedCase(kernel, 2, padding, kernel - 1, ++seed));
  }
  cases.push_back(TransposedCase(3, 1, 1, 2, ++seed));
  for (int mode = 0; mode < 3; ++mode) {
    cases.push_back(ResizeCase(4, 6, 8, 12, mode));
    cases.push_back(ResizeCase(5, 5, 17, 13, mode));
    cases.push_back(ResizeCase(1, 1, 4, 5, mode));
    cases.push_back(ResizeCase(9, 8, 9, 8, mode));
  }
  cases.push_back(UnaryCase("relu", 19, true));
  cases.push_back(UnaryCase("relu6", 21, true));
  cases.push_back(UnaryCase("logistic", 14, true));
  cases.push_back(UnaryCase("hard_swish", 117, true));
  cases.push_back(UnaryCase("tanh", 28, false));
  for (const int activation : {0, 1, 3}) cases.push_back(AddCase(activation));
  for (const bool swap : {false, true}) cases.push_back(MultiplyCase(false, swap));
  cases.push_back(MultiplyCase(true, false));
  for (const int count : {2, 3, 4}) cases.push_back(ConcatenationCase(count, count == 3 ? 1 : 0));
  cases.push_back(FullyConnectedCase());
  for (const bool per_channel : {false, true}) {
    for (const int type : {3, 9}) cases.push_back(QuantisedWeightsCase(type, per_channel));
  }
  cases.push_back({"small_segmenter", SmallSegmenter(16, 24, 1, true)});
  cases.push_back({"small_two_class", SmallSegmenter(16, 16, 2, false)});
  return cases;
}

std::vector<uint8_t> SmallSegmenter(int height, int width, int output_channels, bool sigmoid) {
  Weights weights(4711);
  TfliteBuilder b;
  const auto conv = [&](int in, int in_channels, const std::vector<int>& shape, int kernel, int stride) {
    const std::vector<int> filter{shape[3], kernel, kernel, in_channels};
    const int f = HalfConstant(b, filter, weights.Floats(filter));
    const int bias = HalfConstant(b, {shape[3]}, weights.Floats({shape[3]}));
    const int out = b.Activation(shape);
    b.Operator(kConv, {in, f, bias}, {out}, ConvolutionOptions({.stride = stride}));
    return out;
  };
  const int in = b.Activation({1, height, width, 3}, "input");
  const int half = conv(in, 3, {1, height / 2, width / 2, 8}, 3, 2);
  const int swish = b.Activation({1, height / 2, width / 2, 8});
  b.Operator(117, {half}, {swish});
  const int quarter = conv(swish, 8, {1, height / 4, width / 4, 8}, 3, 2);
  const int pooled = b.Activation({1, 1, 1, 8});
  const int axes = b.Integers({1, 2});
  b.Operator(40, {quarter, axes}, {pooled}, {27, {ByteField(0, 1)}});
  const int squeezed = conv(pooled, 8, {1, 1, 1, 8}, 1, 1);
  const int gate = b.Activation({1, 1, 1, 8});
  b.Operator(14, {squeezed}, {gate});
  const int gated = b.Activation({1, height / 4, width / 4, 8});
  b.Operator(18, {quarter, gate}, {gated}, {21, {}});
  const int size = b.Integers({height / 2, width / 2});
  const int large = b.Activation({1, height / 2, width / 2, 8});
  b.Operator(23, {gated, size}, {large}, {15, {ByteField(3, 1)}});
  const int joined = b.Activation({1, height / 2, width / 2, 8});
  b.Operator(0, {large, swish}, {joined}, {11, {}});
  const std::vector<int> filter{output_channels, 2, 2, 8};
  const int f = HalfConstant(b, filter, weights.Floats(filter));
  const int bias = HalfConstant(b, {output_channels}, weights.Floats({output_channels}));
  const int logits = b.Activation({1, height, width, output_channels});
  b.Custom("Convolution2DTransposeBias", {joined, f, bias}, {logits}, {1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0});
  if (!sigmoid) return b.Build({in}, {logits});
  const int probability = b.Activation({1, height, width, output_channels}, "caller");
  b.Operator(14, {logits}, {probability});
  return b.Build({in}, {probability});
}

}  // namespace peekproof::models::testing
