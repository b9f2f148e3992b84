// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/enhancer.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "models/depth_to_space.h"
#include "models/onnx_net.h"
#include "models/onnx_signature.h"
#include "models/open_model.h"

namespace peekproof::models {
namespace {

constexpr int kOpenSide = 160;  // Of a tile, where the network leaves it open; a multiple of 32.
constexpr int kOverlap = 16;    // Of a tile with each neighbour's core.
constexpr int kLargestScale = 8;

/// A network that maps a tile to a tile.
struct TileNetwork {
  cv::dnn::Net net;
  int channels = 3;  ///< 3: RGB; 1: luma.
  cv::Size tile{kOpenSide, kOpenSide};
  int scale = 1;
};

/// In  tile: float in [0, 1] of the network's channels. Out  the same, scaled and clamped.
Result<cv::Mat> RunTile(TileNetwork* network, const cv::Mat& tile) {
  cv::Mat output;
  try {
    network->net.setInput(cv::dnn::blobFromImage(tile));
    output = network->net.forward();
  } catch (const std::exception& exception) {
    std::string reason = exception.what();
    std::replace(reason.begin(), reason.end(), '\n', ' ');
    return Error{ErrorCode::kInternal, "OpenCV dnn fails: " + reason.substr(0, 200)};
  }
  if (!cv::checkRange(output)) return Error{ErrorCode::kInternal, "the network gives what is no number"};
  return output;
}

std::string ShapeOf(const cv::Mat& blob) {
  std::string text;
  for (int i = 0; i < blob.dims; ++i) text += fmt::format("{}{}", i > 0 ? " x " : "", blob.size[i]);
  return text;
}

/// Learns the scale from a grey tile.
Result<void> Try(TileNetwork* network) {
  const cv::Mat grey(network->tile, CV_32FC(network->channels), cv::Scalar::all(0.5));
  auto output = RunTile(network, grey);
  if (!output.ok()) return Error{ErrorCode::kUnsupported, output.error().message};
  const cv::Size tile = network->tile;
  const int scale = output->dims == 4 ? output->size[2] / tile.height : 0;
  const bool fits = output->dims == 4 && output->type() == CV_32F && output->size[0] == 1 &&
                    output->size[1] == network->channels && scale >= 1 && scale <= kLargestScale &&
                    output->size[2] == scale * tile.height && output->size[3] == scale * tile.width;
  if (!fits)
    return Error{
        ErrorCode::kUnsupported,
        fmt::format("expected an output of 1 x {} x height x width, 1 to {} times the input's {} x {}, "
                    "found {}",
                    network->channels, kLargestScale, tile.height, tile.width, ShapeOf(*output))};
  network->scale = scale;
  return {};
}

/// Its planes as one picture of interleaved channels, clamped.
cv::Mat PictureOf(const cv::Mat& blob) {
  std::vector<cv::Mat> planes;
  for (int i = 0; i < blob.size[1]; ++i)
    planes.emplace_back(blob.size[2], blob.size[3], CV_32F, const_cast<float*>(blob.ptr<float>(0, i)));
  cv::Mat picture;
  cv::merge(planes, picture);
  cv::min(picture, 1.0, picture);
  cv::max(picture, 0.0, picture);
  return picture;
}

/// In  picture: float of the network's channels, in [0, 1].
Result<cv::Mat> RunInTiles(TileNetwork* network, const cv::Mat& picture) {
  const cv::Size tile = network->tile;
  const cv::Size core(tile.width - 2 * kOverlap, tile.height - 2 * kOverlap);
  const int scale = network->scale;
  cv::Mat padded;
  cv::copyMakeBorder(picture, padded, kOverlap, kOverlap + core.height, kOverlap, kOverlap + core.width,
                     cv::BORDER_REPLICATE);
  cv::Mat result(picture.size() * scale, picture.type());
  for (int y = 0; y < picture.rows; y += core.height) {
    for (int x = 0; x < picture.cols; x += core.width) {
      PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat blob,
                                 RunTile(network, padded(cv::Rect({x, y}, tile)).clone()));
      const cv::Rect shown = cv::Rect({x, y}, core) & cv::Rect({0, 0}, picture.size());
      const cv::Rect in_tile(kOverlap * scale, kOverlap * scale, shown.width * scale, shown.height * scale);
      const cv::Rect in_result(shown.tl() * scale, shown.size() * scale);
      PictureOf(blob)(in_tile).copyTo(result(in_result));
    }
  }
  return result;
}

class TiledEnhancer : public Enhancer {
 public:
  TiledEnhancer(TileNetwork network, const std::string& label)
      : network_(std::move(network)), description_(label + " on OpenCV dnn") {}

  Result<cv::Mat3b> Enhance(const cv::Mat3b& bgr) override {
    if (bgr.empty()) return Error{ErrorCode::kInvalidArgument, "there is no picture to enhance"};
    return network_.channels == 3 ? EnhanceColours(bgr) : EnhanceLuma(bgr);
  }
  int scale() const override { return network_.scale; }
  std::string description() const override { return description_; }

 private:
  Result<cv::Mat3b> EnhanceColours(const cv::Mat3b& bgr) {
    cv::Mat rgb;
    cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
    rgb.convertTo(rgb, CV_32F, 1.0 / 255);
    PEEKPROOF_ASSIGN_OR_RETURN(cv::Mat enhanced, RunInTiles(&network_, rgb));
    enhanced.convertTo(enhanced, CV_8U, 255);
    cv::Mat3b result;
    cv::cvtColor(enhanced, result, cv::COLOR_RGB2BGR);
    return result;
  }

  Result<cv::Mat3b> EnhanceLuma(const cv::Mat3b& bgr) {
    cv::Mat ycrcb;
    cv::cvtColor(bgr, ycrcb, cv::COLOR_BGR2YCrCb);
    std::vector<cv::Mat> planes;
    cv::split(ycrcb, planes);
    cv::Mat luma;
    planes[0].convertTo(luma, CV_32F, 1.0 / 255);
    PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat enhanced, RunInTiles(&network_, luma));
    enhanced.convertTo(planes[0], CV_8U, 255);
    for (size_t i = 1; i < 3; ++i) cv::resize(planes[i], planes[i], enhanced.size(), 0, 0, cv::INTER_CUBIC);
    cv::merge(planes, ycrcb);
    cv::Mat3b result;
    cv::cvtColor(ycrcb, result, cv::COLOR_YCrCb2BGR);
    return result;
  }

  TileNetwork network_;
  std::string description_;
};

Result<TileNetwork> LoadSuperResolution(const ModelFile& file) {
  TileNetwork network{.channels = 1};
  PEEKPROOF_ASSIGN_OR_RETURN(network.net, ReadTensorFlowNet(file.bytes));
  return network;
}

Result<TileNetwork> LoadOnnx(const ModelFile& file) {
  PEEKPROOF_ASSIGN_OR_RETURN(const OnnxSignature signature,
                             ReadOnnxSignature(file.bytes, PictureSides::kFixedOrOpen));
  const std::vector<int>& shape = signature.input_shape;
  TileNetwork network{.channels = shape[1]};
  if (shape[2] > 0) network.tile.height = shape[2];
  if (shape[3] > 0) network.tile.width = shape[3];
  const int shortest = std::min(network.tile.width, network.tile.height);
  if ((shape[1] != 1 && shape[1] != 3) || shortest < 4 * kOverlap)
    return Error{ErrorCode::kUnsupported,
                 fmt::format("expected an input of 1 x 3 or 1 x 1 channels and sides of {} or more, found {} "
                             "channels and {} x {}",
                             4 * kOverlap, shape[1], shape[2], shape[3])};
  PEEKPROOF_ASSIGN_OR_RETURN(network.net, ReadOnnxNet(file.bytes));
  return network;
}

Result<TileNetwork> Load(const ModelFile& file) {
  const std::string ending = file.path.extension().string();
  if (ending != ".pb" && ending != ".onnx")
    return Error{ErrorCode::kUnsupported, "expected a .pb file (dnn_superres) or an .onnx file"};
  PEEKPROOF_ASSIGN_OR_RETURN(TileNetwork network,
                             ending == ".pb" ? LoadSuperResolution(file) : LoadOnnx(file));
  PEEKPROOF_RETURN_IF_ERROR(Try(&network));
  return network;
}

}  // namespace

Result<std::unique_ptr<Enhancer>> MakeEnhancer(const std::string& model) {
  PEEKPROOF_ASSIGN_OR_RETURN(const ModelFile file, OpenModel(model, ModelTask::kEnhance));
  auto network = Load(file);
  if (!network.ok()) return ErrorInModel(file, network.error());
  return std::unique_ptr<Enhancer>(std::make_unique<TiledEnhancer>(std::move(*network), file.label));
}

}  // namespace peekproof::models
