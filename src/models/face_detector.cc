// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/face_detector.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "models/detection.h"
#include "models/onnx_net.h"
#include "models/open_model.h"

namespace peekproof::models {
namespace {

constexpr int kLongSide = 640;
constexpr int kMultiple = 32;

int RoundedUp(int pixels) { return std::max(kMultiple, (pixels + kMultiple - 1) / kMultiple * kMultiple); }

class YunetDetector : public Detector {
 public:
  YunetDetector(const cv::dnn::Net& net, std::string label, const DetectorOptions& options)
      : net_(net), label_(std::move(label)), options_(options) {
    for (const char* kind : {"cls", "obj", "bbox"})
      for (const int stride : kGridStrides) outputs_.push_back(fmt::format("{}_{}", kind, stride));
  }

  /// Runs the network once on black, to see whether it gives what is expected.
  Result<void> Probe() {
    PEEKPROOF_ASSIGN_OR_RETURN(const auto found, Run(cv::Mat3b(64, 64, cv::Vec3b::all(0))));
    (void)found;
    return {};
  }

  Result<std::vector<Detection>> Detect(const cv::Mat3b& bgr) override {
    if (bgr.empty()) return Error{ErrorCode::kInvalidArgument, "an empty picture shows no faces"};
    const double scale = std::min(1.0, static_cast<double>(kLongSide) / std::max(bgr.cols, bgr.rows));
    cv::Mat3b scaled;
    cv::resize(bgr, scaled, {std::max(1, cvRound(scale * bgr.cols)), std::max(1, cvRound(scale * bgr.rows))},
               0, 0, cv::INTER_AREA);
    cv::Mat3b boxed(RoundedUp(scaled.rows), RoundedUp(scaled.cols), cv::Vec3b::all(0));
    scaled.copyTo(boxed(cv::Rect({0, 0}, scaled.size())));
    PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<RawDetection> raw, Run(boxed));
    std::vector<Detection> faces;
    const cv::Rect2f whole(0, 0, static_cast<float>(bgr.cols), static_cast<float>(bgr.rows));
    const auto factor = static_cast<float>(1 / scale);
    for (const RawDetection& one : SuppressOverlaps(raw, options_.overlap)) {
      const cv::Rect2f box(one.box.x * factor, one.box.y * factor, one.box.width * factor,
                           one.box.height * factor);
      if (!(box & whole).empty()) faces.push_back({"face", box & whole, static_cast<double>(one.confidence)});
    }
    return faces;
  }

  std::string description() const override { return fmt::format("{} on OpenCV dnn", label_); }

 private:
  /// picture: of sides that are multiples of 32.
  Result<std::vector<RawDetection>> Run(const cv::Mat3b& picture) {
    std::vector<cv::Mat> blobs;
    try {
      net_.setInput(cv::dnn::blobFromImage(picture));
      net_.forward(blobs, outputs_);
    } catch (const cv::Exception& exception) {
      return Error{ErrorCode::kUnsupported, fmt::format("OpenCV dnn cannot run it: {}", exception.err)};
    }
    std::vector<RawDetection> faces;
    for (size_t i = 0; i < kGridStrides.size(); ++i) {
      const int stride = kGridStrides[i];
      const auto cells = static_cast<size_t>((picture.cols / stride) * (picture.rows / stride));
      const cv::Mat& scores = blobs[i];
      const cv::Mat& objects = blobs[i + 3];
      const cv::Mat& boxes = blobs[i + 6];
      if (scores.total() != cells || objects.total() != cells || boxes.total() != 4 * cells) {
        return Error{
            ErrorCode::kUnsupported,
            fmt::format("not a face detector: expected YuNet's outputs of {} cells of stride {}, found "
                        "{}, {} and {} numbers",
                        cells, stride, scores.total(), objects.total(), boxes.total())};
      }
      const std::vector<RawDetection> own = DecodeYunet(
          {scores.ptr<float>(), cells}, {objects.ptr<float>(), cells}, {boxes.ptr<float>(), 4 * cells},
          stride, picture.cols / stride, options_.least_confidence);
      faces.insert(faces.end(), own.begin(), own.end());
    }
    return faces;
  }

  cv::dnn::Net net_;
  std::string label_;
  DetectorOptions options_;
  std::vector<cv::String> outputs_;
};

Result<std::unique_ptr<Detector>> YunetDetectorOf(const ModelFile& file, const DetectorOptions& options) {
  PEEKPROOF_ASSIGN_OR_RETURN(const cv::dnn::Net net, ReadOnnxNet(file.bytes));
  auto detector = std::make_unique<YunetDetector>(net, file.label, options);
  PEEKPROOF_RETURN_IF_ERROR(detector->Probe());
  return std::unique_ptr<Detector>(std::move(detector));
}

}  // namespace

Result<std::unique_ptr<Detector>> MakeFaceDetector(const std::string& model, const DetectorOptions& options) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  PEEKPROOF_ASSIGN_OR_RETURN(const ModelFile file, OpenModel(model, ModelTask::kDetectFaces));
  Result<std::unique_ptr<Detector>> detector = YunetDetectorOf(file, options);
  if (!detector.ok()) return ErrorInModel(file, detector.error());
  return detector;
}

}  // namespace peekproof::models
