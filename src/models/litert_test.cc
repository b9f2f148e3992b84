// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
// Compares both backends with Google's own runtime: tests/data/litert_reference.json holds what LiteRT
// computes on the generated picture; tests/browser/litert/make_reference.mjs wrote it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "models/model_files.h"
#include "models/model_traits.h"
#include "models/network.h"
#include "models/registry.h"
#include "models/segmenter.h"
#include "models/sha256.h"
#include "models/testing/reference_picture.h"
#include "models/testing/test_models.h"
#include "models/xnnpack_backend.h"

namespace peekproof::models {
namespace {

/// The requirement is 1e-4; both backends do much better.
constexpr double kMaxMeanDifference = 2e-5;

nlohmann::json ReferenceOf(const std::string& name) {
  std::ifstream file(testing::RepositoryFile("tests/data/litert_reference.json"));
  const nlohmann::json reference = nlohmann::json::parse(file);
  for (const nlohmann::json& entry : reference.at("models")) {
    if (entry.at("name") == name) return entry;
  }
  return {};
}

/// Every step-th pixel of an output, as make_reference.mjs samples it.
std::vector<double> Sample(std::span<const float> values, const std::vector<int>& shape, int step) {
  std::vector<double> kept;
  for (int y = step / 2; y < shape[1]; y += step) {
    for (int x = step / 2; x < shape[2]; x += step) {
      for (int c = 0; c < shape[3]; ++c)
        kept.push_back(values[(static_cast<size_t>(y) * shape[2] + x) * shape[3] + c]);
    }
  }
  return kept;
}

double MeanDifference(const std::vector<double>& left, const std::vector<double>& right) {
  if (left.size() != right.size() || left.empty()) return INFINITY;
  double sum = 0;
  for (size_t i = 0; i < left.size(); ++i) sum += std::abs(left[i] - right[i]);
  return sum / static_cast<double>(left.size());
}

/// Probability of the caller from sampled raw outputs, by definition.
std::vector<double> CallerFromRaw(const std::vector<double>& raw, OutputKind kind) {
  const auto channels = static_cast<size_t>(OutputChannels(kind));
  std::vector<double> caller;
  for (size_t i = 0; i < raw.size(); i += channels) {
    if (kind == OutputKind::kProbability) caller.push_back(raw[i]);
    if (kind == OutputKind::kLogit) caller.push_back(1 / (1 + std::exp(-raw[i])));
    if (channels == 1) continue;
    double sum = 0;
    for (size_t c = 0; c < channels; ++c) sum += std::exp(raw[i + c]);
    caller.push_back(std::exp(raw[i + (channels == 2 ? 1 : 15)]) / sum);
  }
  return caller;
}

class LiteRtTest : public ::testing::TestWithParam<std::tuple<std::string, BackendKind>> {
 protected:
  void SetUp() override {
    reference_ = ReferenceOf(std::get<0>(GetParam()));
    kind_ = std::get<1>(GetParam());
    if (kind_ == BackendKind::kXnnpack && !HaveXnnpack()) GTEST_SKIP() << "built without XNNPACK";
    entry_ =
        *ParseRegistry(ReadText(testing::RepositoryFile("models/registry.toml"))).value().Find(Text("name"));
    const auto path = testing::FindTestModel(entry_.file);
    if (!path.has_value())
      GTEST_SKIP() << entry_.file << " is not here; `npm ci` or PEEKPROOF_DATA brings it";
    path_ = *path;
    bytes_ = ReadFileBytes(path_, size_t{1} << 28U).value();
    ASSERT_EQ(Sha256(bytes_), Text("sha256"));
  }

  std::string Text(const char* key) const { return reference_.at(key).get<std::string>(); }
  int Number(const char* key) const { return reference_.at(key).get<int>(); }
  std::vector<double> Values() const { return reference_.at("values").get<std::vector<double>>(); }
  static std::string ReadText(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  nlohmann::json reference_;
  BackendKind kind_ = BackendKind::kBest;
  ModelEntry entry_;
  std::filesystem::path path_;
  std::vector<uint8_t> bytes_;
};

TEST_P(LiteRtTest, RawOutputsAgreeOnTheIdenticalTensor) {
  Network network = LoadNetwork(bytes_, kind_).value();
  const cv::Mat3b rgb = testing::ReferencePictureRgb(Number("width"), Number("height"));
  const std::span<float> input = network.backend->input();
  ASSERT_EQ(input.size(), rgb.total() * 3);
  const bool centred = Text("range") == "-1..1";
  for (size_t i = 0; i < input.size(); ++i) {
    const float value = rgb.ptr<uint8_t>()[i];
    input[i] = centred ? value / 127.5F - 1.0F : value / 255.0F;
  }
  ASSERT_TRUE(network.backend->Run().ok());
  const std::vector<int> shape = reference_.at("shape").get<std::vector<int>>();
  ASSERT_EQ(network.outputs[0].shape, shape);
  const std::span<const float> output = network.backend->output(0);
  const double difference = MeanDifference(Sample(output, shape, Number("step")), Values());
  EXPECT_TRUE(difference <= kMaxMeanDifference) << difference;
  double mean = 0;
  for (const float value : output) mean += value;
  mean /= static_cast<double>(output.size());
  EXPECT_NEAR(mean, reference_.at("mean").get<double>(), kMaxMeanDifference);
  RecordProperty("mean_difference", fmt::format("{:.2e}", difference));
  std::cout << fmt::format("{} on {}: mean absolute difference {:.2e}\n", entry_.name,
                           network.backend->name(), difference);
}

TEST_P(LiteRtTest, MasksAgree) {
  auto segmenter = MakeSegmenter(path_.string(), kind_).value();
  const cv::Mat3b bgr = testing::ReferencePictureBgr(Number("width"), Number("height"));
  ASSERT_EQ(segmenter->input_size(), bgr.size());
  image::AlphaMask caller;
  ASSERT_TRUE(segmenter->Segment(bgr, &caller).ok());
  const std::span<const float> values{caller.values.ptr<float>(), caller.values.total()};
  const std::vector<int> shape{1, caller.values.rows, caller.values.cols, 1};
  const std::vector<double> expected = CallerFromRaw(Values(), entry_.traits->output);
  const double difference = MeanDifference(Sample(values, shape, Number("step")), expected);
  EXPECT_TRUE(difference <= kMaxMeanDifference) << difference;
  EXPECT_EQ(segmenter->model_sha256(), Text("sha256"));
}

std::string TestName(const ::testing::TestParamInfo<std::tuple<std::string, BackendKind>>& instance) {
  std::string name = std::get<0>(instance.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name + (std::get<1>(instance.param) == BackendKind::kXnnpack ? "_xnnpack" : "_opencv");
}

INSTANTIATE_TEST_SUITE_P(Models, LiteRtTest,
                         ::testing::Combine(::testing::Values("landscape", "selfie", "landscape-metadata",
                                                              "mlkit", "meet-full", "meet-lite", "deeplab",
                                                              "bodypix"),
                                            ::testing::Values(BackendKind::kXnnpack, BackendKind::kOpenCv)),
                         TestName);

}  // namespace
}  // namespace peekproof::models
