// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace peekproof::models {

/// What should run a network.
enum class BackendKind {
  kBest,     ///< XNNPACK where it can, else OpenCV.
  kXnnpack,  ///< XNNPACK or an error.
  kOpenCv,   ///< OpenCV dnn or an error.
};

}  // namespace peekproof::models
