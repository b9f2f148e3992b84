// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/foreground_kernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "base/simd.h"

namespace peekproof::engines::foreground {
namespace {

constexpr double kSureness = 32.0;  // Power of alpha.
constexpr double kTrace = 1e-9;     // A million pixels of it are still next to nothing.
constexpr float kSmoothness = 0.005F;
constexpr float kEdgeSmoothness = 0.1F;

/// By element only, so that the result is the same on every processor.
using Cell __attribute__((vector_size(kCell * sizeof(float)))) = float;
using Half __attribute__((vector_size(4 * sizeof(float)))) = float;
using Floats __attribute__((vector_size(kVector * sizeof(float)))) = float;
using Ints __attribute__((vector_size(kVector * sizeof(float)))) = int32_t;

std::array<float, 256> MakeWeights() {
  std::array<float, 256> weights{};
  for (int i = 0; i < 256; ++i) {
    weights[i] = static_cast<float>(std::min(1.0, std::pow(i / 255.0, kSureness) + kTrace));
  }
  return weights;
}

}  // namespace

const float* Weights() {
  static const std::array<float, 256> weights = MakeWeights();
  return weights.data();
}

namespace {

PEEKPROOF_VECTOR_CLONES void PullPixelRow(const uint8_t* const* bgr, const uint8_t* const* alpha, int pixels,
                                          const float* weights, float* cells) {
  for (int x = 0; 2 * x < pixels; ++x) {
    const int columns[2] = {2 * x, std::min(2 * x + 1, pixels - 1)};
    Cell sum = {};
    for (int i = 0; i < 2; ++i) {
      for (const int column : columns) {
        const uint8_t* p = bgr[i] + 3 * column;
        const float f = weights[alpha[i][column]];
        const float r = weights[255 - alpha[i][column]];
        const Half pixel = {static_cast<float>(p[0]), static_cast<float>(p[1]), static_cast<float>(p[2]),
                            1.0F};
        const Half caller = pixel * f;
        const Half room = pixel * r;
        sum += Cell{caller[0], caller[1], caller[2], caller[3], room[0], room[1], room[2], room[3]};
      }
    }
    const float f = 1.0F / std::max(1.0F, sum[3]);
    const float r = 1.0F / std::max(1.0F, sum[7]);
    sum *= Cell{f, f, f, f, r, r, r, r};
    std::memcpy(cells + kCell * x, &sum, sizeof(sum));
  }
}

PEEKPROOF_VECTOR_CLONES void PullCellRow(const float* below0, const float* below1, int children,
                                         float* cells) {
  for (int x = 0; 2 * x < children; ++x) {
    const int left = kCell * 2 * x;
    const int right = kCell * std::min(2 * x + 1, children - 1);
    Cell c[4];
    std::memcpy(&c[0], below0 + left, sizeof(Cell));
    std::memcpy(&c[1], below0 + right, sizeof(Cell));
    std::memcpy(&c[2], below1 + left, sizeof(Cell));
    std::memcpy(&c[3], below1 + right, sizeof(Cell));
    Cell sum = c[0] + c[1] + c[2] + c[3];
    const float f = 1.0F / std::max(1.0F, sum[3]);
    const float r = 1.0F / std::max(1.0F, sum[7]);
    sum *= Cell{f, f, f, f, r, r, r, r};
    std::memcpy(cells + kCell * x, &sum, sizeof(sum));
  }
}

PEEKPROOF_VECTOR_CLONES void PushCellRow(const float* near_row, const float* far_row, int parents, int first,
                                         int end, float* cells) {
  for (int x = first; x < end; ++x) {
    const int near_column = kCell * (x / 2);
    const int far_column = kCell * std::clamp(x % 2 == 0 ? x / 2 - 1 : x / 2 + 1, 0, parents - 1);
    Cell c[4];
    std::memcpy(&c[0], near_row + near_column, sizeof(Cell));
    std::memcpy(&c[1], far_row + near_column, sizeof(Cell));
    std::memcpy(&c[2], near_row + far_column, sizeof(Cell));
    std::memcpy(&c[3], far_row + far_column, sizeof(Cell));
    const Cell above = 0.75F * (0.75F * c[0] + 0.25F * c[1]) + 0.25F * (0.75F * c[2] + 0.25F * c[3]);
    Cell cell;
    std::memcpy(&cell, cells + kCell * x, sizeof(cell));
    const float f = 1.0F - cell[3];
    const float r = 1.0F - cell[7];
    cell += Cell{f, f, f, f, r, r, r, r} * above;
    std::memcpy(cells + kCell * x, &cell, sizeof(cell));
  }
}

/// What FillPixels reads and writes.
struct Fill {
  const float* near_row;
  const float* far_row;
  int parents;
  const int* columns;
  const uint8_t* bgr;
  const uint8_t* alpha;
  const float* weights;
  float* const* caller;
  float* const* room;
};

PEEKPROOF_VECTOR_CLONES void FillPixels(const Fill* fill, int count) {
  const Fill in = *fill;
  for (int i = 0; i < count; ++i) {
    const int x = in.columns[i];
    const int near_column = kCell * (x / 2);
    const int far_column = kCell * std::clamp(x % 2 == 0 ? x / 2 - 1 : x / 2 + 1, 0, in.parents - 1);
    Cell c[4];
    std::memcpy(&c[0], in.near_row + near_column, sizeof(Cell));
    std::memcpy(&c[1], in.far_row + near_column, sizeof(Cell));
    std::memcpy(&c[2], in.near_row + far_column, sizeof(Cell));
    std::memcpy(&c[3], in.far_row + far_column, sizeof(Cell));
    const Cell above = 0.75F * (0.75F * c[0] + 0.25F * c[1]) + 0.25F * (0.75F * c[2] + 0.25F * c[3]);
    const float f = in.weights[in.alpha[x]];
    const float r = in.weights[255 - in.alpha[x]];
    for (int channel = 0; channel < 3; ++channel) {
      const auto pixel = static_cast<float>(in.bgr[3 * x + channel]);
      in.caller[channel][i] = f * pixel + (1.0F - f) * above[channel];
      in.room[channel][i] = r * pixel + (1.0F - r) * above[4 + channel];
    }
  }
}

PEEKPROOF_VECTOR_CLONES void StepVector(const Planes* planes) {
  const Planes& p = *planes;
  Floats alpha;
  std::memcpy(&alpha, p.alpha, sizeof(alpha));
  Floats sum = {};
  Floats caller[3] = {};
  Floats room[3] = {};
  for (const int shift : {-1, 1, -kStride, kStride}) {
    Floats difference;
    std::memcpy(&difference, p.alpha + shift, sizeof(difference));
    difference -= alpha;
    difference = difference < 0.0F ? -difference : difference;
    const Floats weight = kSmoothness + kEdgeSmoothness * difference;
    sum += weight;
    for (int c = 0; c < 3; ++c) {
      Floats value;
      std::memcpy(&value, p.caller[c] + shift, sizeof(value));
      caller[c] += weight * value;
      std::memcpy(&value, p.room[c] + shift, sizeof(value));
      room[c] += weight * value;
    }
  }
  const Floats rest = 1.0F - alpha;
  const Floats a00 = alpha * alpha + sum;
  const Floats a01 = alpha * rest;
  const Floats a11 = rest * rest + sum;
  const Floats inverse = 1.0F / (a00 * a11 - a01 * a01);
  const Ints soft = (alpha > 0.0F) & (alpha < 1.0F);
  const auto store = [&](const Floats& exact, const float* old, float* target) {
    Floats value = exact < 0.0F ? Floats{} : exact;
    value = value > 255.0F ? Floats{} + 255.0F : value;
    Floats kept;
    std::memcpy(&kept, old, sizeof(kept));
    value = soft ? value : kept;
    std::memcpy(target, &value, sizeof(value));
  };
  for (int c = 0; c < 3; ++c) {
    Floats camera;
    std::memcpy(&camera, p.camera[c], sizeof(camera));
    const Floats b0 = alpha * camera + caller[c];
    const Floats b1 = rest * camera + room[c];
    store((a11 * b0 - a01 * b1) * inverse, p.caller[c], p.new_caller[c]);
    store((a00 * b1 - a01 * b0) * inverse, p.room[c], p.new_room[c]);
  }
}

}  // namespace

void PullPixels(const uint8_t* const bgr[2], const uint8_t* const alpha[2], int pixels, float* cells) {
  PullPixelRow(bgr, alpha, pixels, Weights(), cells);
}

void PullCells(const float* const below[2], int children, float* cells) {
  PullCellRow(below[0], below[1], children, cells);
}

void PushCells(const float* near_row, const float* far_row, int parents, int first, int end, float* cells) {
  PushCellRow(near_row, far_row, parents, first, end, cells);
}

void FillRow(const float* near_row, const float* far_row, int parents, const int* columns, const uint8_t* bgr,
             const uint8_t* alpha, int count, float* const caller[3], float* const room[3]) {
  const Fill fill{near_row, far_row, parents, columns, bgr, alpha, Weights(), caller, room};
  FillPixels(&fill, count);
}

void Step(const Planes* planes) { StepVector(planes); }

}  // namespace peekproof::engines::foreground
