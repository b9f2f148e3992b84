// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/area_scaler.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"

namespace peekproof::engines {
namespace {

/// sum[x] = weight * source[x], or that much more where `add` is set.
PEEKPROOF_VECTOR_CLONES void WeighRow(const uint8_t* source, float weight, bool add, int count, float* sum) {
  if (add) {
    for (int x = 0; x < count; ++x) sum[x] += weight * static_cast<float>(source[x]);
  } else {
    for (int x = 0; x < count; ++x) sum[x] = weight * static_cast<float>(source[x]);
  }
}

/// Weights of all source pixels for one target pixel.
void WeighAxis(int i, int size, std::vector<double>* dense) {
  const int source_size = static_cast<int>(dense->size());
  std::fill(dense->begin(), dense->end(), 0.0);
  const double scale = static_cast<double>(source_size) / size;
  if (scale < 1.0) {
    const double position = std::clamp((i + 0.5) * scale - 0.5, 0.0, source_size - 1.0);
    const int left = std::min(static_cast<int>(position), source_size - 1);
    (*dense)[left] += 1.0 - (position - left);
    (*dense)[std::min(left + 1, source_size - 1)] += position - left;
    return;
  }
  for (int k = static_cast<int>(i * scale); k < source_size && k < (i + 1) * scale; ++k) {
    const double covered = std::min<double>(k + 1, (i + 1) * scale) - std::max<double>(k, i * scale);
    (*dense)[k] = std::max(0.0, covered) / scale;
  }
}

}  // namespace

AreaScaler::Axis AreaScaler::MakeAxis(int size, int source_size) {
  Axis axis;
  axis.taps = std::min(source_size, static_cast<int>(std::ceil(static_cast<double>(source_size) / size)) + 1);
  std::vector<double> dense(static_cast<size_t>(source_size));
  for (int i = 0; i < size; ++i) {
    WeighAxis(i, size, &dense);
    const auto nonzero = [](double weight) { return weight > 0.0; };
    const auto first = static_cast<int>(std::find_if(dense.begin(), dense.end(), nonzero) - dense.begin());
    const int start = std::min(first, source_size - axis.taps);
    axis.start.push_back(start);
    for (int k = 0; k < axis.taps; ++k) axis.weight.push_back(static_cast<float>(dense[start + k]));
  }
  return axis;
}

void AreaScaler::Apply(const cv::Mat3b& frame, cv::Size size, cv::Mat3b* scaled) {
  PEEKPROOF_CHECK(!frame.empty() && !size.empty() && frame.data != scaled->data, "{}x{} to {}x{}", frame.cols,
                  frame.rows, size.width, size.height);
  if (frame_size_ != frame.size() || size_ != size) {
    x_ = MakeAxis(size.width, frame.cols);
    y_ = MakeAxis(size.height, frame.rows);
    frame_size_ = frame.size();
    size_ = size;
  }
  rows_.create(size.height, 3 * frame.cols);
  scaled->create(size);
  const auto rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      float* sum = rows_.ptr<float>(y);
      for (int k = 0; k < y_.taps; ++k) {
        WeighRow(frame.ptr(y_.start[y] + k), y_.weight[y * y_.taps + k], k > 0, 3 * frame.cols, sum);
      }
      cv::Vec3b* target = (*scaled)[y];
      for (int x = 0; x < size.width; ++x) {
        const float* weight = &x_.weight[static_cast<size_t>(x * x_.taps)];
        const float* source = sum + 3 * x_.start[x];
        for (int c = 0; c < 3; ++c) {
          float value = 0.5F;
          for (int k = 0; k < x_.taps; ++k) value += weight[k] * source[3 * k + c];
          target[x][c] = static_cast<uint8_t>(std::min(255.0F, value));
        }
      }
    }
  };
  ParallelRows(size.height, std::cref(rows));
}

}  // namespace peekproof::engines
