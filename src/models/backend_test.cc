// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "models/inference_backend.h"
#include "models/testing/graph_cases.h"
#include "models/testing/reference_executor.h"
#include "models/tflite_reader.h"
#include "models/xnnpack_backend.h"

namespace peekproof::models {
namespace {

using testing::AllGraphCases;
using testing::GraphCase;

std::vector<float> RandomInput(const TfliteGraph& graph) {
  RowRandom random(99, 0, 0);
  std::vector<float> input(ElementCount(graph.tensors[static_cast<size_t>(graph.inputs[0])].shape));
  for (float& value : input) value = static_cast<float>(random.Uniform(-4, 4));
  return input;
}

/// Largest difference relative to the larger of 1 and the expected value; infinite when the sizes differ.
double LargestError(std::span<const float> actual, const std::vector<float>& expected) {
  if (actual.size() != expected.size()) return INFINITY;
  double largest = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    const double error = std::abs(actual[i] - expected[i]) / std::max(1.0F, std::abs(expected[i]));
    if (!(error <= largest)) largest = error;
  }
  return largest;
}

class GraphCaseTest : public ::testing::TestWithParam<GraphCase> {
 protected:
  void ExpectAgrees(BackendKind kind) {
    Result<TfliteGraph> read = ReadTflite(GetParam().bytes);
    ASSERT_TRUE(read.ok()) << read.error().message;
    const auto graph = std::make_shared<const TfliteGraph>(*std::move(read));
    const std::vector<float> input = RandomInput(*graph);
    const std::vector<std::vector<float>> expected = testing::RunReference(*graph, input);
    Result<ChosenBackend> chosen = MakeBackend(graph, kind);
    ASSERT_TRUE(chosen.ok()) << chosen.error().message;
    for (int run = 0; run < 2; ++run) {
      std::copy(input.begin(), input.end(), chosen->backend->input().begin());
      const Result<void> done = chosen->backend->Run();
      ASSERT_TRUE(done.ok()) << done.error().message;
      for (size_t i = 0; i < expected.size(); ++i) {
        const double error = LargestError(chosen->backend->output(i), expected[i]);
        EXPECT_TRUE(error <= 2e-5) << chosen->backend->name() << " differs by " << error << " in run " << run;
      }
    }
  }
};

TEST_P(GraphCaseTest, OpenCvAgreesWithTheObviousTwin) { ExpectAgrees(BackendKind::kOpenCv); }

TEST_P(GraphCaseTest, XnnpackAgreesWithTheObviousTwin) {
  if (!HaveXnnpack()) GTEST_SKIP() << "built without XNNPACK";
  if (GetParam().runs_on_xnnpack) ExpectAgrees(BackendKind::kXnnpack);
}

INSTANTIATE_TEST_SUITE_P(All, GraphCaseTest, ::testing::ValuesIn(AllGraphCases()),
                         [](const auto& instance) { return instance.param.name; });

TEST(MakeBackendTest, FallsBackToOpenCvAndSaysWhy) {
  if (!HaveXnnpack()) GTEST_SKIP() << "built without XNNPACK";
  for (const GraphCase& graph_case : AllGraphCases()) {
    if (graph_case.runs_on_xnnpack) continue;
    const auto graph = std::make_shared<const TfliteGraph>(ReadTflite(graph_case.bytes).value());
    const Result<ChosenBackend> forced = MakeBackend(graph, BackendKind::kXnnpack);
    ASSERT_FALSE(forced.ok());
    EXPECT_EQ(forced.error().code, ErrorCode::kUnsupported);
    const ChosenBackend chosen = MakeBackend(graph, BackendKind::kBest).value();
    EXPECT_STREQ(chosen.backend->name(), "OpenCV dnn");
    EXPECT_NE(chosen.fallback.find("TANH"), std::string::npos) << chosen.fallback;
  }
}

TEST(MakeBackendTest, PrefersXnnpack) {
  if (!HaveXnnpack()) GTEST_SKIP() << "built without XNNPACK";
  const auto graph =
      std::make_shared<const TfliteGraph>(ReadTflite(testing::SmallSegmenter(8, 8, 1, true)).value());
  const ChosenBackend chosen = MakeBackend(graph, BackendKind::kBest).value();
  EXPECT_STREQ(chosen.backend->name(), "XNNPACK");
  EXPECT_EQ(chosen.fallback, "");
}

}  // namespace
}  // namespace peekproof::models
