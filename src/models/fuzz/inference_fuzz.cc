// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>

#include "base/check.h"
#include "models/inference_backend.h"
#include "models/tflite_reader.h"

namespace {

using peekproof::models::BackendKind;
using peekproof::models::ElementCount;
using peekproof::models::MakeBackend;
using peekproof::models::ReadTflite;
using peekproof::models::TfliteGraph;
using peekproof::models::TfliteTensor;

constexpr size_t kMaxElements = 4096;
constexpr size_t kMaxWork = size_t{1} << 24U;

/// Small enough to run thousands of times.
bool IsSmall(const TfliteGraph& graph) {
  size_t work = 1;
  for (const TfliteTensor& tensor : graph.tensors) work += ElementCount(tensor.shape);
  size_t largest_filter = 1;
  for (const TfliteTensor& tensor : graph.tensors) {
    if (tensor.is_constant) largest_filter = std::max(largest_filter, ElementCount(tensor.shape));
  }
  return work <= kMaxElements * 8 && work * largest_filter <= kMaxWork && graph.operators.size() <= 32;
}

/// Runs the network on a ramp; false where the backend refuses it.
bool Run(const std::shared_ptr<const TfliteGraph>& graph, BackendKind kind, std::vector<float>* output) {
  auto chosen = MakeBackend(graph, kind);
  if (!chosen.ok()) return false;
  const std::span<float> input = chosen->backend->input();
  for (size_t i = 0; i < input.size(); ++i) input[i] = static_cast<float>(i % 7) - 3.0F;
  if (!chosen->backend->Run().ok()) return false;
  const std::span<const float> result = chosen->backend->output(0);
  output->assign(result.begin(), result.end());
  return true;
}

}  // namespace

/// Networks that the reader accepts must run, or be refused, without harm on both backends, and give as many
/// numbers as the file says.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto read = ReadTflite({data, size});
  if (!read.ok() || !IsSmall(*read)) return 0;
  const auto graph = std::make_shared<const TfliteGraph>(*std::move(read));
  const size_t expected = ElementCount(graph->tensors[static_cast<size_t>(graph->outputs[0])].shape);
  for (const BackendKind kind : {BackendKind::kXnnpack, BackendKind::kOpenCv}) {
    std::vector<float> output;
    if (Run(graph, kind, &output)) PEEKPROOF_CHECK(output.size() == expected, "{} numbers", output.size());
  }
  return 0;
}
