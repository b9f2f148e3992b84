// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/detector.h"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "models/coco_labels.h"
#include "models/detection.h"
#include "models/onnx_net.h"
#include "models/onnx_signature.h"
#include "models/open_model.h"

namespace peekproof::models {
namespace {

constexpr int kYolox = 5;  // Columns before the classes' scores,
constexpr int kYolov8 = 4;

/// What a network's output is.
struct OutputForm {
  bool is_yolox = true;
  int classes = 0;
};

/// Told by the shape: YOLOX has one row for each cell of its grids, YOLOv8 one column for each.
Result<OutputForm> FormOf(const cv::Mat& output, cv::Size input) {
  const int rows = YoloxRows(input);
  if (output.dims == 3 && output.size[0] == 1 && output.size[1] == rows && output.size[2] > kYolox)
    return OutputForm{true, output.size[2] - kYolox};
  if (output.dims == 3 && output.size[0] == 1 && output.size[2] == rows && output.size[1] > kYolov8)
    return OutputForm{false, output.size[1] - kYolov8};
  std::string shape;
  for (int i = 0; i < output.dims; ++i) shape += fmt::format("{}{}", i == 0 ? "" : " x ", output.size[i]);
  return Error{
      ErrorCode::kUnsupported,
      fmt::format("not a detector: expected an output of 1 x {} x (5 + classes) as YOLOX's or of 1 x (4 + "
                  "classes) x {} as YOLOv8's, found [{}]",
                  rows, rows, shape)};
}

std::string LabelOf(int label, int classes) {
  if (classes == static_cast<int>(kCocoLabels.size())) return kCocoLabels[static_cast<size_t>(label)];
  return fmt::format("class {}", label);
}

class OnnxDetector : public Detector {
 public:
  OnnxDetector(const cv::dnn::Net& net, cv::Size input, std::string label, DetectorOptions options)
      : net_(net), input_(input), label_(std::move(label)), options_(options) {}

  /// Runs the network once on grey, to see what it gives.
  Result<void> Probe() {
    PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat output, Run(cv::Mat3b(input_, cv::Vec3b::all(kGrey))));
    PEEKPROOF_ASSIGN_OR_RETURN(form_, FormOf(output, input_));
    return {};
  }

  Result<std::vector<Detection>> Detect(const cv::Mat3b& bgr) override {
    if (bgr.empty()) return Error{ErrorCode::kInvalidArgument, "an empty picture shows no objects"};
    const double scale =
        std::min(static_cast<double>(input_.width) / bgr.cols, static_cast<double>(input_.height) / bgr.rows);
    cv::Mat3b scaled;
    cv::resize(bgr, scaled, {std::max(1, cvRound(scale * bgr.cols)), std::max(1, cvRound(scale * bgr.rows))});
    cv::Mat3b boxed(input_, cv::Vec3b::all(kGrey));
    scaled.copyTo(boxed(cv::Rect({0, 0}, scaled.size())));
    PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat output, Run(boxed));
    const std::span<const float> values(output.ptr<float>(), output.total());
    const float least = options_.least_confidence;
    const std::vector<RawDetection> raw =
        SuppressOverlaps(form_.is_yolox ? DecodeYolox(values, kYolox + form_.classes, input_, least)
                                        : DecodeYolov8(values, output.size[2], least),
                         options_.overlap);
    return InPicture(raw, bgr.size(), static_cast<float>(scale));
  }

  std::string description() const override { return fmt::format("{} on OpenCV dnn", label_); }

 private:
  static constexpr uint8_t kGrey = 114;

  Result<cv::Mat> Run(const cv::Mat3b& picture) {
    // YOLOX takes BGR as it is, YOLOv8 RGB from 0 to 1.
    const double factor = form_.is_yolox ? 1.0 : 1.0 / 255;
    try {
      net_.setInput(cv::dnn::blobFromImage(picture, factor, input_, {}, !form_.is_yolox));
      return net_.forward().clone();
    } catch (const cv::Exception& exception) {
      return Error{ErrorCode::kUnsupported, fmt::format("OpenCV dnn cannot run it: {}", exception.err)};
    }
  }

  std::vector<Detection> InPicture(const std::vector<RawDetection>& raw, cv::Size size, float scale) const {
    std::vector<Detection> detections;
    const cv::Rect2f whole(0, 0, static_cast<float>(size.width), static_cast<float>(size.height));
    for (const RawDetection& one : raw) {
      const cv::Rect2f box(one.box.x / scale, one.box.y / scale, one.box.width / scale,
                           one.box.height / scale);
      const cv::Rect2f inside = box & whole;
      if (inside.empty()) continue;
      detections.push_back({LabelOf(one.label, form_.classes), inside, static_cast<double>(one.confidence)});
    }
    return detections;
  }

  cv::dnn::Net net_;
  cv::Size input_;
  std::string label_;
  DetectorOptions options_;
  OutputForm form_;
};

Result<void> CheckShare(const char* name, float value) {
  if (value >= 0 && value <= 1) return {};
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("detector option {} of {} is out of range; give 0 to 1", name, value)};
}

Result<std::unique_ptr<Detector>> OnnxDetectorOf(const ModelFile& file, const DetectorOptions& options) {
  PEEKPROOF_ASSIGN_OR_RETURN(const OnnxSignature signature, ReadOnnxSignature(file.bytes));
  const std::vector<int>& shape = signature.input_shape;
  if (shape[1] != 3)
    return Error{ErrorCode::kUnsupported,
                 fmt::format("expected a picture of 3 channels, found {}", shape[1])};
  PEEKPROOF_ASSIGN_OR_RETURN(const cv::dnn::Net net, ReadOnnxNet(file.bytes));
  auto detector = std::make_unique<OnnxDetector>(net, cv::Size(shape[3], shape[2]), file.label, options);
  PEEKPROOF_RETURN_IF_ERROR(detector->Probe());
  return std::unique_ptr<Detector>(std::move(detector));
}

}  // namespace

Result<void> DetectorOptions::Validate() const {
  PEEKPROOF_RETURN_IF_ERROR(CheckShare("least_confidence", least_confidence));
  return CheckShare("overlap", overlap);
}

Result<std::unique_ptr<Detector>> MakeDetector(const std::string& model, const DetectorOptions& options) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  PEEKPROOF_ASSIGN_OR_RETURN(const ModelFile file, OpenModel(model, ModelTask::kDetectObjects));
  Result<std::unique_ptr<Detector>> detector = OnnxDetectorOf(file, options);
  if (!detector.ok()) return ErrorInModel(file, detector.error());
  return detector;
}

}  // namespace peekproof::models
