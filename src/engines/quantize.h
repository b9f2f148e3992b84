// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::engines {

/// 255 times a soft mask, clamped and rounded to nearest, as a GPU or a canvas stores it in 8 bit.
void QuantizeMask(const cv::Mat1f& mask, cv::Mat1b* quantized);

/// The same for `count` values in a row.
void QuantizeRow(const float* mask, int count, uint8_t* quantized);

/// The same with the fraction dropped, as a conversion in C or NumPy does.
void TruncateRow(const float* mask, int count, uint8_t* quantized);

}  // namespace peekproof::engines
