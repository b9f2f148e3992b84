// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "base/check.h"
#include "models/onnx_signature.h"

/// Whatever the bytes, the signature is refused or holds a picture of sane size.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto signature = peekproof::models::ReadOnnxSignature({data, size});
  if (!signature.ok()) return 0;
  PEEKPROOF_CHECK(signature->input_shape.size() == 4, "{} axes", signature->input_shape.size());
  for (const int extent : signature->input_shape)
    PEEKPROOF_CHECK(extent >= 1 && extent <= 8192, "{}", extent);
  return 0;
}
