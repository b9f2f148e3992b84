// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/depth_to_space.h"

#include <opencv2/dnn/layer.details.hpp>
#include <vector>

#include "models/onnx_net.h"

namespace peekproof::models {
namespace {

/// A run of channels of 1 x (block^2 channels) x H x W becomes 1 x channels x (block H) x (block W).
class DepthToSpace : public cv::dnn::Layer {
 public:
  explicit DepthToSpace(const cv::dnn::LayerParams& params)
      : cv::dnn::Layer(params), block_(params.get<int>("block_size", 0)) {}
  static cv::Ptr<cv::dnn::Layer> Make(cv::dnn::LayerParams& params) {
    return cv::makePtr<DepthToSpace>(params);
  }

  bool getMemoryShapes(const std::vector<cv::dnn::MatShape>& inputs, int /*outputs*/,
                       std::vector<cv::dnn::MatShape>& outputs,
                       std::vector<cv::dnn::MatShape>& /*internals*/) const override {
    CV_Assert(inputs.size() == 1 && inputs[0].size() == 4 && block_ >= 1 && block_ <= 8);
    const cv::dnn::MatShape& in = inputs[0];
    CV_Assert(in[1] % (block_ * block_) == 0);
    outputs.assign(1, {in[0], in[1] / (block_ * block_), in[2] * block_, in[3] * block_});
    return false;
  }

  void forward(cv::InputArrayOfArrays inputs, cv::OutputArrayOfArrays outputs,
               cv::OutputArrayOfArrays /*internals*/) override {
    std::vector<cv::Mat> in;
    std::vector<cv::Mat> out;
    inputs.getMatVector(in);
    outputs.getMatVector(out);
    CV_Assert(in.size() == 1 && in[0].type() == CV_32F);
    for (int c = 0; c < out[0].size[1]; ++c) {
      for (int y = 0; y < out[0].size[2]; ++y) CopyRow(in[0], c, y, &out[0]);
    }
  }

 private:
  void CopyRow(const cv::Mat& in, int channel, int y, cv::Mat* out) const {
    float* to = out->ptr<float>(0, channel) + static_cast<std::ptrdiff_t>(y) * out->size[3];
    for (int dx = 0; dx < block_; ++dx) {
      const int from_channel = ((y % block_) * block_ + dx) * out->size[1] + channel;
      const float* from =
          in.ptr<float>(0, from_channel) + static_cast<std::ptrdiff_t>(y / block_) * in.size[3];
      for (int x = 0; x < in.size[3]; ++x) to[x * block_ + dx] = from[x];
    }
  }

  int block_;
};

void RegisterOnce() {
  static const bool done = [] {
    cv::dnn::LayerFactory::registerLayer("DepthToSpace", DepthToSpace::Make);
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace

Result<cv::dnn::Net> ReadTensorFlowNet(std::span<const uint8_t> bytes) {
  RegisterOnce();
  return ReadQuietly("TensorFlow", [&] {
    return cv::dnn::readNetFromTensorflow(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
}

}  // namespace peekproof::models
