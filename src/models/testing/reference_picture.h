// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace peekproof::models::testing {

/// The generated picture of tests/browser/litert/picture.mjs, byte for byte: a person-like figure before a
/// patterned wall. Interleaved RGB, not BGR.
cv::Mat3b ReferencePictureRgb(int width, int height);

/// The same picture as segmenters want it.
cv::Mat3b ReferencePictureBgr(int width, int height);

}  // namespace peekproof::models::testing
