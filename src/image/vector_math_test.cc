// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "image/vector_math.h"

#include <gtest/gtest.h>

#include <cmath>

namespace peekproof::image {
namespace {

TEST(VectorMathTest, StaysWithinItsStatedErrors) {
  double exp_error = 0;
  for (int i = -7900; i <= 7900; ++i) {
    const float x = 0.01F * static_cast<float>(i);
    exp_error = std::max(exp_error, std::abs(FastExp(x) / std::exp(static_cast<double>(x)) - 1));
  }
  EXPECT_LT(exp_error, 5e-6);
  double log_error = 0;
  for (int i = -2000; i <= 2000; ++i) {
    const auto x = static_cast<float>(std::exp(0.02 * i));
    log_error = std::max(log_error, std::abs(FastLog(x) - std::log(static_cast<double>(x))));
  }
  EXPECT_LT(log_error, 4e-6);
  EXPECT_EQ(FastExp(0.0F), 1.0F);
  EXPECT_EQ(FastLog(1.0F), 0.0F);
  EXPECT_GT(FastExp(-1e9F), 0.0F);
}

}  // namespace
}  // namespace peekproof::image
