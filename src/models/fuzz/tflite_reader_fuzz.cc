// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "base/check.h"
#include "models/tflite_reader.h"
#include "models/tflite_shapes.h"

/// Whatever the bytes, the reader refuses them with a message or returns a graph that its own check accepts.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto graph = peekproof::models::ReadTflite({data, size});
  if (graph.ok()) {
    PEEKPROOF_CHECK(peekproof::models::CheckGraph(*graph).ok(), "a graph that fails its own check");
  } else {
    PEEKPROOF_CHECK(!graph.error().message.empty(), "a refusal without a reason");
  }
  return 0;
}
