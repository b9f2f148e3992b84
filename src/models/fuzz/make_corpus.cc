// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of the fuzz harnesses:  models_make_corpus tests/fuzz/corpus
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "models/testing/environment.h"
#include "models/testing/graph_cases.h"
#include "models/testing/onnx_builder.h"

namespace {

namespace fs = std::filesystem;

using peekproof::models::testing::AllGraphCases;
using peekproof::models::testing::BuildOnnx;
using peekproof::models::testing::GraphCase;
using peekproof::models::testing::SmallSegmenter;
using peekproof::models::testing::WriteFile;

/// Every sixth of the sweeps and all that are one of a kind: enough to reach each operator, small enough to
/// keep.
bool IsInferenceSeed(const std::string& name, size_t index) {
  const bool sweep = name.starts_with("conv_") || name.starts_with("depthwise_") ||
                     name.starts_with("pool_") || name.starts_with("resize_") ||
                     name.starts_with("transposed_");
  return !sweep || index % 6 == 0;
}

/// The reader needs less: what every graph shares, and each way to store weights.
bool IsReaderSeed(const std::string& name) {
  return name.starts_with("quantised_") || name == "small_segmenter" || name == "fully_connected" ||
         name == "concatenation_2_a0";
}

void WriteGraphs(const fs::path& folder) {
  fs::create_directories(folder / "inference");
  fs::create_directories(folder / "tflite_reader");
  const std::vector<GraphCase> cases = AllGraphCases();
  for (size_t i = 0; i < cases.size(); ++i) {
    const std::string file = cases[i].name + ".tflite";
    if (IsInferenceSeed(cases[i].name, i)) WriteFile(folder / "inference" / file, cases[i].bytes);
    if (IsReaderSeed(cases[i].name)) WriteFile(folder / "tflite_reader" / file, cases[i].bytes);
  }
  std::vector<uint8_t> half = SmallSegmenter(8, 8, 1, true);
  half.resize(half.size() / 2);
  WriteFile(folder / "tflite_reader" / "half.tflite", half);
}

void WriteOnnx(const fs::path& folder) {
  fs::create_directories(folder);
  WriteFile(folder / "conv.onnx", BuildOnnx({.weights = {1, 2, 3}, .bias = {0}}));
  WriteFile(folder / "sigmoid.onnx", BuildOnnx({.weights = {1, 2, 3}, .bias = {0}, .sigmoid = true}));
  WriteFile(folder / "listed.onnx",
            BuildOnnx({.weights = {1, 2, 3}, .bias = {0}, .list_weights_as_inputs = true}));
  WriteFile(folder / "open.onnx",
            BuildOnnx({.input_shape = {1, 3, 0, 0}, .weights = {1, 2, 3}, .bias = {0}}));
}

void WriteRegistries(const fs::path& folder) {
  fs::create_directories(folder);
  const std::string fields =
      "name = \"a\"\ntask = \"segment\"\nfile = \"a.tflite\"\nlicence = \"MIT\"\ninput = \"0..1\"\n"
      "output = \"logit\"\nsha256 = \"" +
      std::string(64, 'a') + "\"\n";
  WriteFile(folder / "sound.toml", "[[model]]\n" + fields + "npm = \"p\"\npath = \"q\"\n");
  WriteFile(folder / "twice.toml", "[[model]]\n" + fields + "[[model]]\n" + fields);
  WriteFile(folder / "address.toml", "[[model]]\n" + fields + "address = \"https://example.org/a\"\n");
  WriteFile(folder / "table.toml", "[model]\n" + fields);
  WriteFile(folder / "inline.toml", std::string("model = [{name = \"a\", task = 7}]\n"));
  WriteFile(folder / "nested.toml", "model = " + std::string(300, '[') + "\n");
  WriteFile(folder / "broken.toml", std::string("[[model]\nname = \"\\ud800\"\n"));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: models_make_corpus FOLDER\n", stderr);
    return 2;
  }
  const fs::path folder(arguments[1]);
  WriteGraphs(folder);
  WriteOnnx(folder / "onnx_signature");
  WriteRegistries(folder / "registry");
  return 0;
}
