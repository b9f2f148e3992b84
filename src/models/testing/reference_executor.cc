// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/testing/reference_executor.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/check.h"

namespace peekproof::models::testing {
namespace {

/// A picture of doubles, height x width x channels.
struct Image {
  int height = 0;
  int width = 0;
  int channels = 0;
  std::vector<double> values;

  double& At(int y, int x, int c) { return values[(static_cast<size_t>(y) * width + x) * channels + c]; }
  double At(int y, int x, int c) const { return values[(static_cast<size_t>(y) * width + x) * channels + c]; }
  bool Contains(int y, int x) const { return y >= 0 && x >= 0 && y < height && x < width; }
};

Image Blank(const std::vector<int>& shape) {
  Image image{shape[1], shape[2], shape[3], {}};
  image.values.assign(static_cast<size_t>(shape[1]) * shape[2] * shape[3], 0.0);
  return image;
}

/// Fills every element of an image of the given shape with f(y, x, c).
Image Generate(const std::vector<int>& shape, const std::function<double(int, int, int)>& f) {
  Image image = Blank(shape);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      for (int c = 0; c < image.channels; ++c) image.At(y, x, c) = f(y, x, c);
    }
  }
  return image;
}

/// Zeros that TensorFlow's SAME puts before the input (tf.nn.convolution's documentation).
int PadBefore(int input, int output, int kernel, int stride, int dilation, Padding padding) {
  if (padding == Padding::kValid) return 0;
  return std::max(0, (output - 1) * stride + (kernel - 1) * dilation + 1 - input) / 2;
}

class Executor {
 public:
  Executor(const TfliteGraph& graph, const std::vector<float>& input)
      : graph_(graph), images_(graph.tensors.size()) {
    const auto index = static_cast<size_t>(graph.inputs[0]);
    images_[index] = Blank(graph.tensors[index].shape);
    PEEKPROOF_CHECK(input.size() == images_[index].values.size(), "input of {} numbers", input.size());
    images_[index].values.assign(input.begin(), input.end());
  }

  std::vector<std::vector<float>> Run() {
    for (const TfliteOperator& node : graph_.operators) {
      Image result = Compute(node);
      for (double& value : result.values) value = Activate(value, node.options.activation);
      images_[static_cast<size_t>(node.outputs[0])] = std::move(result);
    }
    std::vector<std::vector<float>> outputs;
    for (const int output : graph_.outputs) {
      const std::vector<double>& values = images_[static_cast<size_t>(output)].values;
      outputs.emplace_back(values.begin(), values.end());
    }
    return outputs;
  }

 private:
  static double Activate(double value, Activation activation) {
    if (activation == Activation::kNone) return value;
    return std::clamp(value, 0.0, activation == Activation::kRelu6 ? 6.0 : 1e300);
  }

  const Image& In(const TfliteOperator& node, size_t i) const {
    return images_[static_cast<size_t>(node.inputs[i])];
  }
  const TfliteTensor& Constant(const TfliteOperator& node, size_t i) const {
    return graph_.tensors[static_cast<size_t>(node.inputs[i])];
  }
  const std::vector<int>& OutShape(const TfliteOperator& node) const {
    return graph_.tensors[static_cast<size_t>(node.outputs[0])].shape;
  }

  Image Compute(const TfliteOperator& node) const;
  Image Convolve(const TfliteOperator& node, bool depthwise) const;
  Image ConvolveTransposed(const TfliteOperator& node) const;
  Image FullyConnect(const TfliteOperator& node) const;
  Image Average(const TfliteOperator& node) const;
  Image Mean(const TfliteOperator& node) const;
  Image Combine(const TfliteOperator& node) const;
  Image Concatenate(const TfliteOperator& node) const;
  Image Resize(const TfliteOperator& node) const;
  Image Map(const TfliteOperator& node, const std::function<double(double)>& f) const {
    const Image& in = In(node, 0);
    return Generate(OutShape(node), [&](int y, int x, int c) { return f(in.At(y, x, c)); });
  }

  const TfliteGraph& graph_;
  std::vector<Image> images_;
};

Image Executor::Compute(const TfliteOperator& node) const {
  switch (node.kind) {
    case OperatorKind::kConvolution:
      return Convolve(node, false);
    case OperatorKind::kDepthwiseConvolution:
      return Convolve(node, true);
    case OperatorKind::kTransposeConvolutionBias:
      return ConvolveTransposed(node);
    case OperatorKind::kFullyConnected:
      return FullyConnect(node);
    case OperatorKind::kAveragePool:
      return Average(node);
    case OperatorKind::kMean:
      return Mean(node);
    case OperatorKind::kAdd:
    case OperatorKind::kMultiply:
      return Combine(node);
    case OperatorKind::kConcatenation:
      return Concatenate(node);
    case OperatorKind::kResizeBilinear:
      return Resize(node);
    case OperatorKind::kRelu:
      return Map(node, [](double v) { return std::max(v, 0.0); });
    case OperatorKind::kRelu6:
      return Map(node, [](double v) { return std::clamp(v, 0.0, 6.0); });
    case OperatorKind::kHardSwish:
      return Map(node, [](double v) { return v * std::clamp(v + 3, 0.0, 6.0) / 6; });
    case OperatorKind::kLogistic:
      return Map(node, [](double v) { return 1 / (1 + std::exp(-v)); });
    case OperatorKind::kTanh:
      return Map(node, [](double v) { return std::tanh(v); });
  }
  PEEKPROOF_CHECK(false, "operator {}", static_cast<int>(node.kind));
}

Image Executor::Convolve(const TfliteOperator& node, bool depthwise) const {
  const Image& in = In(node, 0);
  const TfliteTensor& filter = Constant(node, 1);
  const std::vector<float>& bias = Constant(node, 2).floats;
  const OperatorOptions& o = node.options;
  const int kernel_h = filter.shape[1];
  const int kernel_w = filter.shape[2];
  const int top = PadBefore(in.height, OutShape(node)[1], kernel_h, o.stride_y, o.dilation_y, o.padding);
  const int left = PadBefore(in.width, OutShape(node)[2], kernel_w, o.stride_x, o.dilation_x, o.padding);
  const int multiplier = depthwise ? filter.shape[3] / in.channels : 1;
  return Generate(OutShape(node), [&](int y, int x, int c) {
    double sum = bias[static_cast<size_t>(c)];
    for (int ky = 0; ky < kernel_h; ++ky) {
      for (int kx = 0; kx < kernel_w; ++kx) {
        const int sy = y * o.stride_y + ky * o.dilation_y - top;
        const int sx = x * o.stride_x + kx * o.dilation_x - left;
        if (!in.Contains(sy, sx)) continue;
        const size_t tap = static_cast<size_t>(ky) * kernel_w + kx;
        if (depthwise) {
          sum += in.At(sy, sx, c / multiplier) * filter.floats[tap * filter.shape[3] + c];
          continue;
        }
        const size_t first = (static_cast<size_t>(c) * kernel_h * kernel_w + tap) * in.channels;
        for (int i = 0; i < in.channels; ++i) sum += in.At(sy, sx, i) * filter.floats[first + i];
      }
    }
    return sum;
  });
}

/// Scatters each input pixel times the filter into the output, as the gradient of a convolution with the same
/// padding would (tf.nn.conv2d_transpose).
Image Executor::ConvolveTransposed(const TfliteOperator& node) const {
  const Image& in = In(node, 0);
  const TfliteTensor& filter = Constant(node, 1);
  const OperatorOptions& o = node.options;
  const int top = PadBefore(OutShape(node)[1], in.height, filter.shape[1], o.stride_y, 1, o.padding);
  const int left = PadBefore(OutShape(node)[2], in.width, filter.shape[2], o.stride_x, 1, o.padding);
  Image out = Generate(OutShape(node),
                       [&](int, int, int c) { return Constant(node, 2).floats[static_cast<size_t>(c)]; });
  for (int y = 0; y < in.height; ++y) {
    for (int x = 0; x < in.width; ++x) {
      for (int ky = 0; ky < filter.shape[1]; ++ky) {
        for (int kx = 0; kx < filter.shape[2]; ++kx) {
          const int ty = y * o.stride_y + ky - top;
          const int tx = x * o.stride_x + kx - left;
          if (!out.Contains(ty, tx)) continue;
          for (int c = 0; c < out.channels; ++c) {
            const size_t first =
                ((static_cast<size_t>(c) * filter.shape[1] + ky) * filter.shape[2] + kx) * in.channels;
            for (int i = 0; i < in.channels; ++i)
              out.At(ty, tx, c) += in.At(y, x, i) * filter.floats[first + i];
          }
        }
      }
    }
  }
  return out;
}

Image Executor::FullyConnect(const TfliteOperator& node) const {
  const Image& in = In(node, 0);
  return Generate(OutShape(node), [&](int, int, int c) {
    double sum = Constant(node, 2).floats[static_cast<size_t>(c)];
    for (int i = 0; i < in.channels; ++i) {
      sum += in.At(0, 0, i) * Constant(node, 1).floats[static_cast<size_t>(c) * in.channels + i];
    }
    return sum;
  });
}

/// The average leaves out what lies in the padding.
Image Executor::Average(const TfliteOperator& node) const {
  const Image& in = In(node, 0);
  const OperatorOptions& o = node.options;
  const int top = PadBefore(in.height, OutShape(node)[1], o.filter_height, o.stride_y, 1, o.padding);
  const int left = PadBefore(in.width, OutShape(node)[2], o.filter_width, o.stride_x, 1, o.padding);
  return Generate(OutShape(node), [&](int y, int x, int c) {
    double sum = 0;
    int count = 0;
    for (int ky = 0; ky < o.filter_height; ++ky) {
      for (int kx = 0; kx < o.filter_width; ++kx) {
        const int sy = y * o.stride_y + ky - top;
        const int sx = x * o.stride_x + kx - left;
        if (!in.Contains(sy, sx)) continue;
        sum += in.At(sy, sx, c);
        ++count;
      }
    }
    return sum / count;
  });
}

Image Executor::Mean(const TfliteOperator& node) const {
  const Image& in = In(node, 0);
  return Generate(OutShape(node), [&](int, int, int c) {
    double sum = 0;
    for (int y = 0; y < in.height; ++y) {
      for (int x = 0; x < in.width; ++x) sum += in.At(y, x, c);
    }
    return sum / (in.height * in.width);
  });
}

Image Executor::Combine(const TfliteOperator& node) const {
  const auto value = [&](size_t operand, int y, int x, int c) {
    const Image& in = In(node, operand);
    return in.At(in.height == 1 ? 0 : y, in.width == 1 ? 0 : x, c);
  };
  return Generate(OutShape(node), [&](int y, int x, int c) {
    const double left = value(0, y, x, c);
    const double right = value(1, y, x, c);
    return node.kind == OperatorKind::kAdd ? left + right : left * right;
  });
}

Image Executor::Concatenate(const TfliteOperator& node) const {
  return Generate(OutShape(node), [&](int y, int x, int c) {
    size_t operand = 0;
    while (c >= In(node, operand).channels) c -= In(node, operand++).channels;
    return In(node, operand).At(y, x, c);
  });
}

/// tf.image.resize's three coordinate conventions.
Image Executor::Resize(const TfliteOperator& node) const {
  const Image& in = In(node, 0);
  const OperatorOptions& o = node.options;
  const auto source = [&](int target, int input, int output) {
    if (o.half_pixel_centers) return std::max(0.0, (target + 0.5) * input / output - 0.5);
    if (o.align_corners && output > 1) return static_cast<double>(target) * (input - 1) / (output - 1);
    return static_cast<double>(target) * input / output;
  };
  return Generate(OutShape(node), [&](int y, int x, int c) {
    const double sy = source(y, in.height, OutShape(node)[1]);
    const double sx = source(x, in.width, OutShape(node)[2]);
    const int y0 = std::min(static_cast<int>(sy), in.height - 1);
    const int x0 = std::min(static_cast<int>(sx), in.width - 1);
    const int y1 = std::min(y0 + 1, in.height - 1);
    const int x1 = std::min(x0 + 1, in.width - 1);
    const double fy = std::min(sy - y0, 1.0);
    const double fx = std::min(sx - x0, 1.0);
    return (in.At(y0, x0, c) * (1 - fx) + in.At(y0, x1, c) * fx) * (1 - fy) +
           (in.At(y1, x0, c) * (1 - fx) + in.At(y1, x1, c) * fx) * fy;
  });
}

}  // namespace

std::vector<std::vector<float>> RunReference(const TfliteGraph& graph, const std::vector<float>& input) {
  return Executor(graph, input).Run();
}

}  // namespace peekproof::models::testing
