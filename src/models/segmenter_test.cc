// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/segmenter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/onnx_signature.h"
#include "models/testing/environment.h"
#include "models/testing/graph_cases.h"
#include "models/testing/onnx_builder.h"
#include "models/testing/reference_executor.h"
#include "models/testing/reference_picture.h"
#include "models/testing/test_models.h"
#include "models/testing/tflite_builder.h"
#include "models/tflite_reader.h"
#include "models/xnnpack_backend.h"

namespace peekproof::models {
namespace {

using testing::BuildOnnx;
using ::testing::HasSubstr;
using testing::ScopedFolder;
using testing::ScopedVariable;
using testing::TestOnnx;
using testing::WriteFile;

class SegmenterTest : public ::testing::Test {
 protected:
  /// Writes a model and makes a segmenter of it.
  Result<std::unique_ptr<Segmenter>> Make(const std::string& name, std::span<const uint8_t> bytes,
                                          BackendKind kind = BackendKind::kBest) {
    WriteFile(folder_.path() / name, bytes);
    return MakeSegmenter((folder_.path() / name).string(), kind);
  }

  void ExpectRefused(const std::string& name, std::span<const uint8_t> bytes, ErrorCode code,
                     const std::string& part) {
    const auto made = Make(name, bytes);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().code, code) << made.error().message;
    EXPECT_THAT(made.error().message, HasSubstr(part));
    EXPECT_TRUE(made.error().message.ends_with(name)) << made.error().message;
  }

  ScopedFolder folder_;
};

/// The picture as the input of the slow twin.
std::vector<float> InputOf(const cv::Mat3b& bgr, bool centred) {
  std::vector<float> input;
  for (const cv::Vec3b& pixel : bgr) {
    for (int c = 2; c >= 0; --c) input.push_back(centred ? pixel[c] / 127.5F - 1 : pixel[c] / 255.0F);
  }
  return input;
}

TEST_F(SegmenterTest, RunsAnUnregisteredTfliteFileOnEitherBackend) {
  for (const int channels : {1, 2, 21}) {
    const std::vector<uint8_t> bytes = testing::SmallSegmenter(16, 24, channels, channels == 1);
    const cv::Mat3b bgr = testing::ReferencePictureBgr(24, 16);
    const std::vector<float> raw =
        testing::RunReference(ReadTflite(bytes).value(), InputOf(bgr, channels == 21)).at(0);
    for (const BackendKind kind : {BackendKind::kBest, BackendKind::kOpenCv}) {
      auto segmenter = Make("net.tflite", bytes, kind).value();
      EXPECT_EQ(segmenter->input_size(), cv::Size(24, 16));
      image::AlphaMask caller;
      ASSERT_TRUE(segmenter->Segment(bgr, &caller).ok());
      ASSERT_EQ(caller.values.size(), cv::Size(24, 16));
      for (size_t i = 0; i < caller.values.total(); ++i) {
        double expected = raw[i];
        if (channels > 1) {
          const float* logits = raw.data() + i * static_cast<size_t>(channels);
          double sum = 0;
          for (int c = 0; c < channels; ++c) sum += std::exp(double{logits[c]});
          expected = std::exp(double{logits[channels == 2 ? 1 : 15]}) / sum;
        }
        ASSERT_NEAR(caller.values.ptr<float>()[i], expected, 1e-5);
      }
    }
  }
}

TEST_F(SegmenterTest, DescribesItself) {
  const std::vector<uint8_t> bytes = testing::SmallSegmenter(16, 24, 1, true);
  auto segmenter = Make("net.tflite", bytes, BackendKind::kOpenCv).value();
  EXPECT_EQ(segmenter->description(), "net.tflite on OpenCV dnn");
  EXPECT_EQ(segmenter->fallback(), "");
  EXPECT_EQ(segmenter->model_sha256().size(), 64U);
}

TEST_F(SegmenterTest, KeepsNoStateAndReusesTheMask) {
  auto segmenter = Make("net.tflite", testing::SmallSegmenter(16, 24, 1, true)).value();
  const cv::Mat3b first = testing::ReferencePictureBgr(24, 16);
  const cv::Mat3b second(16, 24, cv::Vec3b(10, 200, 30));
  image::AlphaMask before;
  image::AlphaMask other;
  image::AlphaMask after;
  ASSERT_TRUE(segmenter->Segment(first, &before).ok());
  ASSERT_TRUE(segmenter->Segment(second, &other).ok());
  ASSERT_TRUE(segmenter->Segment(first, &after).ok());
  EXPECT_EQ(cv::countNonZero(before.values != after.values), 0);
  const float* pixels = after.values.ptr<float>();
  ASSERT_TRUE(segmenter->Segment(second, &after).ok());
  EXPECT_EQ(after.values.ptr<float>(), pixels);
}

TEST_F(SegmenterTest, TakesAPartOfALargerPicture) {
  auto segmenter = Make("net.tflite", testing::SmallSegmenter(16, 24, 1, true)).value();
  cv::Mat3b large(40, 60, cv::Vec3b(1, 2, 3));
  const cv::Mat3b part = large(cv::Rect(7, 5, 24, 16));
  testing::ReferencePictureBgr(24, 16).copyTo(part);
  image::AlphaMask from_part;
  image::AlphaMask from_whole;
  ASSERT_TRUE(segmenter->Segment(part, &from_part).ok());
  ASSERT_TRUE(segmenter->Segment(part.clone(), &from_whole).ok());
  EXPECT_EQ(cv::countNonZero(from_part.values != from_whole.values), 0);
}

TEST_F(SegmenterTest, RefusesAPictureOfAnotherSize) {
  auto segmenter = Make("net.tflite", testing::SmallSegmenter(16, 24, 1, true)).value();
  image::AlphaMask caller;
  const Result<void> done = segmenter->Segment(cv::Mat3b(24, 16), &caller);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(done.error().message, HasSubstr("24 x 16"));
}

TEST_F(SegmenterTest, FallsBackWhereXnnpackCannot) {
  if (!HaveXnnpack()) GTEST_SKIP() << "built without XNNPACK";
  testing::TfliteBuilder b;
  const int in = b.Activation({1, 8, 8, 3});
  const int bent = b.Activation({1, 8, 8, 3});
  b.Operator(28, {in}, {bent});
  const int filter = b.Floats({1, 1, 1, 3}, {1, -2, 3});
  const int bias = b.Floats({1}, {0.5F});
  const int out = b.Activation({1, 8, 8, 1});
  b.Operator(3, {bent, filter, bias}, {out}, {1, {testing::IntField(1, 1), testing::IntField(2, 1)}});
  auto segmenter = Make("tanh.tflite", b.Build({in}, {out})).value();
  EXPECT_EQ(segmenter->description(), "tanh.tflite on OpenCV dnn");
  EXPECT_THAT(segmenter->fallback(), HasSubstr("TANH"));
}

TEST_F(SegmenterTest, RunsOnnxFiles) {
  for (const bool sigmoid : {false, true}) {
    TestOnnx onnx{
        .weights = {1, -2, 3}, .bias = {0.25F}, .sigmoid = sigmoid, .list_weights_as_inputs = sigmoid};
    auto segmenter = Make("net.onnx", BuildOnnx(onnx)).value();
    EXPECT_EQ(segmenter->input_size(), cv::Size(12, 8));
    const cv::Mat3b bgr = testing::ReferencePictureBgr(12, 8);
    const std::vector<float> input = InputOf(bgr, !sigmoid);
    image::AlphaMask caller;
    ASSERT_TRUE(segmenter->Segment(bgr, &caller).ok());
    ASSERT_EQ(caller.values.size(), cv::Size(12, 8));
    for (size_t i = 0; i < caller.values.total(); ++i) {
      const double logit = input[3 * i] - 2 * input[3 * i + 1] + 3 * input[3 * i + 2] + 0.25;
      ASSERT_NEAR(caller.values.ptr<float>()[i], 1 / (1 + std::exp(-logit)), 1e-5);
    }
  }
}

TEST_F(SegmenterTest, RunsOnnxFilesOfTwoClasses) {
  const TestOnnx onnx{.weights = {1, 0, 0, 0, 1, 0}, .bias = {0, 0}};
  auto segmenter = Make("net.onnx", BuildOnnx(onnx)).value();
  const cv::Mat3b bgr = testing::ReferencePictureBgr(12, 8);
  const std::vector<float> input = InputOf(bgr, false);
  image::AlphaMask caller;
  ASSERT_TRUE(segmenter->Segment(bgr, &caller).ok());
  for (size_t i = 0; i < caller.values.total(); ++i) {
    const double logit = input[3 * i + 1] - input[3 * i];
    ASSERT_NEAR(caller.values.ptr<float>()[i], 1 / (1 + std::exp(-logit)), 1e-5);
  }
}

TEST_F(SegmenterTest, NamesWhatItExpected) {
  ExpectRefused("seven.tflite", testing::SmallSegmenter(16, 16, 7, false), ErrorCode::kUnsupported,
                "1, 2 or 21 channels, found [1x16x16x7]");
  ExpectRefused("text.tflite", std::vector<uint8_t>(100, 'x'), ErrorCode::kCorruptData, "not an ONNX file");
  ExpectRefused("empty.onnx", {}, ErrorCode::kCorruptData, "not an ONNX file");
  std::vector<uint8_t> half = testing::SmallSegmenter(16, 16, 1, true);
  half.resize(half.size() / 2);
  ExpectRefused("half.tflite", half, ErrorCode::kCorruptData, "outside");
  ExpectRefused("five.onnx", BuildOnnx({.weights = std::vector<float>(15), .bias = std::vector<float>(5)}),
                ErrorCode::kUnsupported, "1, 2 or 21 channels, found [1x8x12x5]");
  ExpectRefused("open.onnx", BuildOnnx({.input_shape = {1, 3, 0, 0}, .weights = {1, 2, 3}, .bias = {0}}),
                ErrorCode::kUnsupported, "[1x3x?x?]");
  ExpectRefused("grey.onnx", BuildOnnx({.input_shape = {1, 1, 8, 8}, .weights = {1}, .bias = {0}}),
                ErrorCode::kUnsupported, "3 channels, found 1");
}

TEST_F(SegmenterTest, RefusesUnknownNamesAndMissingFiles) {
  const Error unknown = MakeSegmenter("landscap").error();
  EXPECT_EQ(unknown.code, ErrorCode::kNotFound);
  EXPECT_THAT(unknown.message, HasSubstr("landscape, selfie"));
  EXPECT_EQ(MakeSegmenter("./no/such.tflite").error().code, ErrorCode::kNotFound);
  const Error task = MakeSegmenter("yunet").error();
  EXPECT_EQ(task.code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(task.message, HasSubstr("detect-faces"));
}

TEST_F(SegmenterTest, SaysHowToGetARegisteredModelAndRefusesADamagedOne) {
  const std::string text =
      "[[model]]\nname = \"mine\"\ntask = \"segment\"\nfile = \"mine.tflite\"\nsha256 = \"" +
      std::string(64, '0') + "\"\nlicence = \"MIT\"\ninput = \"0..1\"\noutput = \"probability\"\n";
  WriteFile(folder_.path() / "registry.toml", text);
  const ScopedVariable registry("PEEKPROOF_REGISTRY", (folder_.path() / "registry.toml").string());
  const ScopedVariable models("PEEKPROOF_MODEL_DIR", folder_.path().string());
  const Error missing = MakeSegmenter("mine").error();
  EXPECT_EQ(missing.code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.message, HasSubstr("models fetch mine --mirror"));
  WriteFile(folder_.path() / "mine.tflite", testing::SmallSegmenter(16, 16, 1, true));
  const Error damaged = MakeSegmenter("mine").error();
  EXPECT_EQ(damaged.code, ErrorCode::kCorruptData);
  EXPECT_THAT(damaged.message, HasSubstr("SHA-256"));
}

TEST_F(SegmenterTest, FindsTheFigureWithTheDefaultModel) {
  const auto path = testing::FindTestModel("selfie_segmentation_landscape.tflite");
  if (!path.has_value()) GTEST_SKIP() << "the default model is not here; `npm ci` brings it";
  const ScopedVariable models("PEEKPROOF_MODEL_DIR", path->parent_path().string());
  auto segmenter = MakeSegmenter("landscape").value();
  EXPECT_THAT(segmenter->description(), HasSubstr("landscape on "));
  image::AlphaMask caller;
  ASSERT_TRUE(segmenter->Segment(testing::ReferencePictureBgr(256, 144), &caller).ok());
  EXPECT_GT(caller.values(50, 128), 0.9F);   // Face.
  EXPECT_GT(caller.values(135, 128), 0.9F);  // Chest.
  EXPECT_LT(caller.values(20, 20), 0.1F);    // Wall.
  EXPECT_LT(caller.values(20, 235), 0.1F);
}

TEST(OnnxSignatureTest, ReadsNameShapeAndLastOperator) {
  const OnnxSignature plain = ReadOnnxSignature(BuildOnnx({.weights = {1, 2, 3}, .bias = {0}})).value();
  EXPECT_EQ(plain.input_name, "picture");
  EXPECT_EQ(plain.input_shape, (std::vector<int>{1, 3, 8, 12}));
  EXPECT_EQ(plain.output_operator, "Conv");
  const TestOnnx onnx{.weights = {1, 2, 3}, .bias = {0}, .sigmoid = true, .list_weights_as_inputs = true};
  EXPECT_EQ(ReadOnnxSignature(BuildOnnx(onnx)).value().output_operator, "Sigmoid");
}

TEST(OnnxSignatureTest, SurvivesTruncationAndChangedBytes) {
  const std::vector<uint8_t> whole = BuildOnnx({.weights = {1, 2, 3}, .bias = {0}, .sigmoid = true});
  for (size_t size = 0; size < whole.size(); ++size) (void)ReadOnnxSignature(std::span(whole).first(size));
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const int value : {0x00, 0x7f, 0x80, 0xff}) {
      std::vector<uint8_t> changed = whole;
      changed[at] = static_cast<uint8_t>(value);
      (void)ReadOnnxSignature(changed);
    }
  }
}

}  // namespace
}  // namespace peekproof::models
