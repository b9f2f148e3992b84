// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/tflite_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "base/random.h"
#include "models/testing/graph_cases.h"
#include "models/testing/tflite_builder.h"
#include "models/tflite_constants.h"
#include "models/tflite_shapes.h"

namespace peekproof::models {
namespace {

using testing::ByteField;
using testing::GraphCase;
using testing::IntField;
using testing::TfliteBuilder;

ErrorCode CodeOf(const std::vector<uint8_t>& bytes) {
  const Result<TfliteGraph> graph = ReadTflite(bytes);
  EXPECT_FALSE(graph.ok());
  return graph.ok() ? ErrorCode::kInternal : graph.error().code;
}

void ExpectRefused(const std::vector<uint8_t>& bytes, ErrorCode code, const std::string& part) {
  const Result<TfliteGraph> graph = ReadTflite(bytes);
  ASSERT_FALSE(graph.ok());
  EXPECT_EQ(graph.error().code, code) << graph.error().message;
  EXPECT_NE(graph.error().message.find(part), std::string::npos) << graph.error().message;
}

/// A 1 x 1 convolution of 2 to 3 channels whose parts a test can spoil.
struct Convolution {
  TfliteBuilder b;
  int in = b.Activation({1, 4, 4, 2}, "in");
  int filter = b.Floats({3, 1, 1, 2}, {1, 2, 3, 4, 5, 6});
  int bias = b.Floats({3}, {7, 8, 9});
  int out = b.Activation({1, 4, 4, 3}, "out");
  testing::TestOptions options{1, {ByteField(0, 0), IntField(1, 1), IntField(2, 1)}};

  std::vector<uint8_t> Build() {
    b.Operator(3, {in, filter, bias}, {out}, options);
    return b.Build({in}, {out});
  }
};

TEST(TfliteReaderTest, ReadsNamesShapesConstantsAndOptions) {
  Convolution c;
  c.options.fields = {ByteField(0, 1), IntField(1, 2), IntField(2, 3), ByteField(3, 3)};
  c.b.SetShape(c.out, {1, 2, 2, 3});
  const TfliteGraph graph = ReadTflite(c.Build()).value();
  ASSERT_EQ(graph.operators.size(), 1U);
  const TfliteOperator& node = graph.operators[0];
  EXPECT_EQ(node.kind, OperatorKind::kConvolution);
  EXPECT_EQ(node.inputs, (std::vector<int>{c.in, c.filter, c.bias}));
  EXPECT_EQ(node.options.padding, Padding::kValid);
  EXPECT_EQ(node.options.stride_x, 2);
  EXPECT_EQ(node.options.stride_y, 3);
  EXPECT_EQ(node.options.dilation_x, 1);
  EXPECT_EQ(node.options.activation, Activation::kRelu6);
  EXPECT_EQ(graph.tensors[static_cast<size_t>(c.in)].name, "in");
  EXPECT_EQ(graph.tensors[static_cast<size_t>(c.out)].shape, (std::vector<int>{1, 2, 2, 3}));
  EXPECT_EQ(graph.tensors[static_cast<size_t>(c.bias)].floats, (std::vector<float>{7, 8, 9}));
  EXPECT_FALSE(graph.tensors[static_cast<size_t>(c.in)].is_constant);
}

TEST(TfliteReaderTest, HalfFloatsAreExact) {
  EXPECT_EQ(FloatFromHalf(0x0000), 0.0F);
  EXPECT_TRUE(std::signbit(FloatFromHalf(0x8000)));
  EXPECT_EQ(FloatFromHalf(0x3c00), 1.0F);
  EXPECT_EQ(FloatFromHalf(0xc000), -2.0F);
  EXPECT_EQ(FloatFromHalf(0x7bff), 65504.0F);
  EXPECT_EQ(FloatFromHalf(0x0001), std::ldexp(1.0F, -24));
  EXPECT_EQ(FloatFromHalf(0x03ff), std::ldexp(1023.0F, -24));
  EXPECT_EQ(FloatFromHalf(0x7c00), std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(FloatFromHalf(0x7e00)));
}

TEST(TfliteReaderTest, FoldsQuantisedWeightsPerChannel) {
  for (const GraphCase& graph_case : testing::AllGraphCases()) {
    if (graph_case.name != "quantised_type9_per_channel1") continue;
    const TfliteGraph graph = ReadTflite(graph_case.bytes).value();
    ASSERT_EQ(graph.operators.size(), 1U);
    const TfliteTensor& filter = graph.tensors[static_cast<size_t>(graph.operators[0].inputs[1])];
    // Stored 0 -1 -128 127 3 -56; zero points 1 2 3; scales 1/2 1/4 1/8; two weights per channel.
    EXPECT_EQ(filter.floats, (std::vector<float>{-0.5F, -1.0F, -32.5F, 31.25F, 0.0F, -7.375F}));
    return;
  }
  FAIL() << "no such case";
}

TEST(TfliteReaderTest, RefusesWhatIsNoTflite) {
  EXPECT_EQ(CodeOf({}), ErrorCode::kCorruptData);
  EXPECT_EQ(CodeOf({1, 2, 3}), ErrorCode::kCorruptData);
  EXPECT_EQ(CodeOf(std::vector<uint8_t>(1000, 0)), ErrorCode::kCorruptData);
  EXPECT_EQ(CodeOf({4, 0, 0, 0, 'T', 'F', 'L', '3'}), ErrorCode::kCorruptData);
  EXPECT_EQ(CodeOf({0xff, 0xff, 0xff, 0xff, 'T', 'F', 'L', '3'}), ErrorCode::kCorruptData);
}

TEST(TfliteReaderTest, RefusesTensorsThatDoNotExist) {
  Convolution c;
  c.bias = 99;
  ExpectRefused(c.Build(), ErrorCode::kCorruptData, "tensor 99");
  Convolution missing;
  missing.bias = -1;
  ExpectRefused(missing.Build(), ErrorCode::kUnsupported, "left out");
}

TEST(TfliteReaderTest, RefusesShapesThatLie) {
  Convolution output;
  output.b.SetShape(output.out, {1, 4, 4, 1});
  ExpectRefused(output.Build(), ErrorCode::kCorruptData, "[1x4x4x1] instead of float [1x4x4x3]");
  Convolution weights;
  weights.b.SetShape(weights.filter, {3, 1, 1, 9});
  ExpectRefused(weights.Build(), ErrorCode::kCorruptData, "24 bytes of data instead of 108");
  Convolution huge;
  huge.b.SetShape(huge.in, {1, 65536, 65536, 65536});
  ExpectRefused(huge.Build(), ErrorCode::kUnsupported, "extent");
  Convolution negative;
  negative.b.SetShape(negative.in, {1, -4, -4, 2});
  ExpectRefused(negative.Build(), ErrorCode::kUnsupported, "extent");
  Convolution large;
  large.b.SetShape(large.in, {1, 8000, 8000, 1});
  ExpectRefused(large.Build(), ErrorCode::kUnsupported, "activations of more than");
}

TEST(TfliteReaderTest, RefusesOptionsThatCannotBe) {
  const auto with = [](std::vector<testing::FlatField> fields, int type = 1) {
    Convolution c;
    c.options = {type, std::move(fields)};
    return c.Build();
  };
  ExpectRefused(with({ByteField(0, 7), IntField(1, 1), IntField(2, 1)}), ErrorCode::kCorruptData,
                "padding scheme 7");
  ExpectRefused(with({IntField(1, 0), IntField(2, 1)}), ErrorCode::kCorruptData, "strides 0 x 1");
  ExpectRefused(with({IntField(1, -1), IntField(2, 1)}), ErrorCode::kCorruptData, "strides");
  ExpectRefused(with({IntField(1, 1), IntField(2, 1), IntField(4, 1 << 30)}), ErrorCode::kCorruptData,
                "dilations");
  ExpectRefused(with({IntField(1, 1), IntField(2, 1), ByteField(3, 4)}), ErrorCode::kUnsupported,
                "fused activation 4");
  ExpectRefused(with({IntField(1, 1), IntField(2, 1)}, 2), ErrorCode::kCorruptData, "options are of type 2");
}

TEST(TfliteReaderTest, RefusesWindowsThatAskForTooMuch) {
  const auto pool = [](int width, int height) {
    TfliteBuilder b;
    const int in = b.Activation({1, 8, 8, 4});
    const int out = b.Activation({1, 4, 4, 4});
    b.Operator(1, {in}, {out},
               {5, {IntField(1, 2), IntField(2, 2), IntField(3, width), IntField(4, height)}});
    return b.Build({in}, {out});
  };
  EXPECT_TRUE(ReadTflite(pool(8, 8)).ok());
  ExpectRefused(pool(3, 1962934273), ErrorCode::kUnsupported, "larger than its input");
  ExpectRefused(pool(-1, 3), ErrorCode::kCorruptData, "empty pooling window");

  TfliteBuilder b;  // Padding of 1023 x 8 on each side of 4000 x 4000 pixels.
  const int in = b.Activation({1, 4000, 4000, 1});
  const int filter = b.Floats({1, 17, 17, 1}, std::vector<float>(289));
  const int bias = b.Floats({1}, {0});
  const int out = b.Activation({1, 4000, 4000, 1});
  b.Operator(3, {in, filter, bias}, {out},
             {1, {IntField(1, 1), IntField(2, 1), IntField(4, 1023), IntField(5, 1023)}});
  ExpectRefused(b.Build({in}, {out}), ErrorCode::kUnsupported, "too much");
}

TEST(TfliteReaderTest, NamesOperatorsThatNobodyRuns) {
  TfliteBuilder b;
  const int in = b.Activation({1, 2, 2, 1});
  const int out = b.Activation({1, 2, 2, 1});
  b.Custom("Frobnicate\n2", {in}, {out}, {});
  ExpectRefused(b.Build({in}, {out}), ErrorCode::kUnsupported, "Frobnicate?2");
  TfliteBuilder densify;
  densify.Activation({1, 2, 2, 1});
  densify.Activation({1, 2, 2, 1});
  densify.Operator(124, {0}, {1});
  ExpectRefused(densify.Build({0}, {1}), ErrorCode::kUnsupported, "124");
}

TEST(TfliteReaderTest, RefusesOperatorsOutOfOrderAndOutputsThatAreNeverMade) {
  TfliteBuilder b;
  for (int i = 0; i < 4; ++i) b.Activation({1, 2, 2, 1});
  b.Operator(19, {1}, {2});
  b.Operator(19, {0}, {1});
  ExpectRefused(b.Build({0}, {2}), ErrorCode::kCorruptData, "before it is computed");
  TfliteBuilder twice;
  for (int i = 0; i < 3; ++i) twice.Activation({1, 2, 2, 1});
  twice.Operator(19, {0}, {1});
  ExpectRefused(twice.Build({0}, {2}), ErrorCode::kCorruptData, "never computed");
  ExpectRefused(twice.Build({0}, {1, 1}), ErrorCode::kUnsupported, "twice");
  ExpectRefused(twice.Build({0}, {}), ErrorCode::kCorruptData, "no outputs");
  ExpectRefused(twice.Build({0, 1}, {1}), ErrorCode::kUnsupported, "2 inputs");
  twice.Operator(19, {0}, {1});
  ExpectRefused(twice.Build({0}, {1}), ErrorCode::kCorruptData, "computed twice");
}

TEST(TfliteReaderTest, DropsOperatorsThatNothingNeeds) {
  TfliteBuilder b;
  for (int i = 0; i < 5; ++i) b.Activation({1, 2, 2, 1});
  b.Operator(19, {0}, {1});
  b.Operator(117, {0}, {2});
  b.Operator(0, {1, 2}, {3});
  b.Operator(14, {1}, {4});
  const TfliteGraph graph = ReadTflite(b.Build({0}, {4})).value();
  ASSERT_EQ(graph.operators.size(), 2U);
  EXPECT_EQ(graph.operators[0].kind, OperatorKind::kRelu);
  EXPECT_EQ(graph.operators[1].kind, OperatorKind::kLogistic);
}

/// Every prefix of a valid file, and the file with each byte changed, must be read or refused, never crash.
TEST(TfliteReaderTest, SurvivesTruncationAndChangedBytes) {
  const std::vector<uint8_t> whole = testing::SmallSegmenter(8, 8, 1, true);
  for (size_t size = 0; size < whole.size(); size += 3) {
    EXPECT_FALSE(ReadTflite(std::span(whole).first(size)).ok()) << size;
  }
  RowRandom random(5, 0, 0);
  for (size_t at = 0; at < whole.size(); ++at) {
    std::vector<uint8_t> changed = whole;
    changed[at] = static_cast<uint8_t>(random.Next());
    const Result<TfliteGraph> graph = ReadTflite(changed);
    EXPECT_TRUE(!graph.ok() || CheckGraph(*graph).ok());
  }
}

TEST(SlideWindowTest, CountsAsTensorFlowDoes) {
  const auto axis = [](int input, int kernel, int stride, int dilation, Padding padding) {
    const WindowAxis a = SlideWindow(input, kernel, stride, dilation, padding);
    return std::vector<int>{a.output, a.pad_begin, a.pad_end};
  };
  EXPECT_EQ(axis(224, 3, 2, 1, Padding::kSame), (std::vector<int>{112, 0, 1}));
  EXPECT_EQ(axis(257, 3, 2, 1, Padding::kSame), (std::vector<int>{129, 1, 1}));
  EXPECT_EQ(axis(33, 3, 1, 4, Padding::kSame), (std::vector<int>{33, 4, 4}));
  EXPECT_EQ(axis(5, 1, 2, 1, Padding::kSame), (std::vector<int>{3, 0, 0}));
  EXPECT_EQ(axis(224, 3, 2, 1, Padding::kValid), (std::vector<int>{111, 0, 0}));
  EXPECT_EQ(axis(2, 3, 1, 1, Padding::kValid), (std::vector<int>{0, 0, 0}));
}

}  // namespace
}  // namespace peekproof::models
