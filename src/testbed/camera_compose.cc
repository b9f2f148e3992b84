// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/camera_compose.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/simd.h"

namespace peekproof::testbed {
namespace {

Tap TapAt(int position, int size, int source_size) {
  const float at =
      (static_cast<float>(position) + 0.5F) * static_cast<float>(source_size) / static_cast<float>(size) -
      0.5F;
  const int low = static_cast<int>(std::floor(at));
  return {std::clamp(low, 0, source_size - 1), std::clamp(low + 1, 0, source_size - 1),
          at - static_cast<float>(low)};
}

PEEKPROOF_VECTOR_CLONES
void MixRows(const float* a, const float* b, float weight_b, int count, float* out) {
  for (int i = 0; i < count; ++i) out[i] = a[i] + (b[i] - a[i]) * weight_b;
}

/// Four values a pixel: the caller, scaled to the row, over the room.
void LayOver(const float* caller_row, const std::vector<Tap>& columns, const float* room_row, float* out) {
  for (const Tap& tap : columns) {
    const float* const a = caller_row + 4 * tap.low;
    const float* const b = caller_row + 4 * tap.high;
    float mixed[4];
    for (int c = 0; c < 4; ++c) mixed[c] = a[c] + (b[c] - a[c]) * tap.weight_high;
    const float through = 1.0F - mixed[3];
    for (int c = 0; c < 3; ++c) out[c] = mixed[c] + through * room_row[c];
    out[3] = mixed[3];
    room_row += 3;
    out += 4;
  }
}

void RoomAlone(const float* room_row, int width, float* out) {
  for (int x = 0; x < width; ++x, room_row += 3, out += 4) {
    for (int c = 0; c < 3; ++c) out[c] = room_row[c];
    out[3] = 0;
  }
}

/// Multiplies the first three of each `channels` values.
void Relight(float light, int channels, int count, float* row) {
  for (int i = 0; i < count; i += channels)
    for (int c = 0; c < 3; ++c) row[i + c] *= light;
}

/// A straight line through a picture: pixel i of a row is taken from (x + i step_x, y + i step_y), where
/// whole numbers are pixel centres.
struct Line {
  float x, y, step_x, step_y;
};

/// Bilinear samples along a line; outside, the picture's edge goes on.
template <int kChannels>
void SampleLine(const cv::Mat& picture, const Line& line, int count, float* out) {
  const auto most_x = static_cast<float>(picture.cols - 1);
  const auto most_y = static_cast<float>(picture.rows - 1);
  for (int i = 0; i < count; ++i, out += kChannels) {
    const auto along = static_cast<float>(i);
    const float x = std::clamp(line.x + along * line.step_x, 0.0F, most_x);
    const float y = std::clamp(line.y + along * line.step_y, 0.0F, most_y);
    const int left = static_cast<int>(x);
    const int top = static_cast<int>(y);
    const int right = std::min(left + 1, picture.cols - 1);
    const float right_share = x - static_cast<float>(left);
    const float bottom_share = y - static_cast<float>(top);
    const float* const above = picture.ptr<float>(top);
    const float* const below = picture.ptr<float>(std::min(top + 1, picture.rows - 1));
    for (int c = 0; c < kChannels; ++c) {
      const int l = kChannels * left + c;
      const int r = kChannels * right + c;
      const float high = above[l] + (above[r] - above[l]) * right_share;
      const float low = below[l] + (below[r] - below[l]) * right_share;
      out[c] = high + (low - high) * bottom_share;
    }
  }
}

/// Where row y of the moved picture comes from in a still one of `source` pixels.
Line StillLine(const Composition& c, int y, cv::Size source) {
  const auto width = static_cast<float>(c.room.cols);
  const auto height = static_cast<float>(c.room.rows);
  const float cosine = std::cos(c.state.shake.roll_rad);
  const float sine = std::sin(c.state.shake.roll_rad);
  // Back by the move, then back by the roll, about the middle.
  const float from_x = 0.5F - 0.5F * width - c.scale * c.state.shake.dx_px;
  const float from_y = static_cast<float>(y) + 0.5F - 0.5F * height - c.scale * c.state.shake.dy_px;
  const float ratio_x = static_cast<float>(source.width) / width;
  const float ratio_y = static_cast<float>(source.height) / height;
  return {(cosine * from_x + sine * from_y + 0.5F * width) * ratio_x - 0.5F,
          (cosine * from_y - sine * from_x + 0.5F * height) * ratio_y - 0.5F, cosine * ratio_x,
          -sine * ratio_y};
}

void Over(const float* caller_row, const float* room_row, int width, float* out) {
  for (int x = 0; x < width; ++x, caller_row += 4, room_row += 3, out += 4) {
    const float through = 1.0F - caller_row[3];
    for (int c = 0; c < 3; ++c) out[c] = caller_row[c] + through * room_row[c];
    out[3] = caller_row[3];
  }
}

void ComposeMovedRow(const Composition& c, int y, ComposeScratch* scratch, float* out) {
  const int width = c.room.cols;
  SampleLine<3>(c.room, StillLine(c, y, c.room.size()), width, scratch->room.data());
  Relight(c.state.room_light, 3, 3 * width, scratch->room.data());
  if (c.caller.empty()) {
    RoomAlone(scratch->room.data(), width, out);
    return;
  }
  SampleLine<4>(c.caller, StillLine(c, y, c.caller.size()), width, scratch->caller.data());
  Relight(c.state.caller_light, 4, 4 * width, scratch->caller.data());
  Over(scratch->caller.data(), scratch->room.data(), width, out);
}

/// A row at the composition's size.
void ComposeLargeRow(const Composition& c, int y, ComposeScratch* scratch, float* out) {
  const Shake& shake = c.state.shake;
  if (shake.dx_px != 0 || shake.dy_px != 0 || shake.roll_rad != 0) {
    ComposeMovedRow(c, y, scratch, out);
    return;
  }
  const auto* room_row = reinterpret_cast<const float*>(c.room[y]);
  if (c.state.room_light != 1) {
    std::copy_n(room_row, 3 * c.room.cols, scratch->room.begin());
    Relight(c.state.room_light, 3, 3 * c.room.cols, scratch->room.data());
    room_row = scratch->room.data();
  }
  if (c.caller.empty()) {
    RoomAlone(room_row, c.room.cols, out);
    return;
  }
  const Tap tap = TapAt(y, c.room.rows, c.caller.rows);
  MixRows(reinterpret_cast<const float*>(c.caller[tap.low]),
          reinterpret_cast<const float*>(c.caller[tap.high]), tap.weight_high, 4 * c.caller.cols,
          scratch->caller.data());
  if (c.state.caller_light != 1) Relight(c.state.caller_light, 4, 4 * c.caller.cols, scratch->caller.data());
  LayOver(scratch->caller.data(), c.columns, room_row, out);
}

PEEKPROOF_VECTOR_CLONES
void AddScaled(const float* row, float weight, int count, float* sums) {
  for (int i = 0; i < count; ++i) sums[i] += row[i] * weight;
}

/// The pixels that [begin, begin + scale) covers, of `size`, and by how much.
struct Cover {
  int first = 0;
  int count = 0;
  float weight[5] = {};
};

Cover CoverAt(int position, float scale, int size) {
  const float begin = static_cast<float>(position) * scale;
  const float end = std::min(begin + scale, static_cast<float>(size));
  Cover cover;
  cover.first = static_cast<int>(begin);
  for (int i = cover.first; static_cast<float>(i) < end; ++i) {
    const auto low = static_cast<float>(i);
    cover.weight[cover.count++] = (std::min(end, low + 1) - std::max(begin, low)) / (end - begin);
  }
  return cover;
}

}  // namespace

Composition::Composition(const cv::Mat4f& caller_picture, const cv::Mat3f& room_picture,
                         const CameraOptions& options, const ShotState& shot_state)
    : caller(caller_picture),
      room(room_picture),
      state(shot_state),
      scale(options.compose_scale),
      frame(cvRound(static_cast<float>(room.cols) / scale), cvRound(static_cast<float>(room.rows) / scale)) {
  const auto fits = [&](int large, int small) {
    return small > 0 && std::abs(static_cast<float>(small) * scale - static_cast<float>(large)) < 1;
  };
  PEEKPROOF_CHECK(fits(room.cols, frame.width) && fits(room.rows, frame.height),
                  "a room of {} x {} is not {} times a frame", room.cols, room.rows, scale);
  if (!caller.empty())
    for (int x = 0; x < room.cols; ++x) columns.push_back(TapAt(x, room.cols, caller.cols));
}

ComposeScratch::ComposeScratch(const Composition& composition) {
  const auto width = static_cast<size_t>(composition.room.cols);
  caller.resize(4 * std::max(width, static_cast<size_t>(composition.caller.cols)));
  room.resize(3 * width);
  if (composition.scale == 1) return;
  large.resize(4 * width);
  sums.resize(4 * width);
}

void ComposeRow(const Composition& composition, int y, ComposeScratch* scratch, float* out) {
  const int row = std::clamp(y, 0, composition.frame.height - 1);
  if (composition.scale == 1) {
    ComposeLargeRow(composition, row, scratch, out);
    return;
  }
  const cv::Size large = composition.room.size();
  std::fill(scratch->sums.begin(), scratch->sums.end(), 0.0F);
  const Cover rows = CoverAt(row, composition.scale, large.height);
  for (int i = 0; i < rows.count; ++i) {
    ComposeLargeRow(composition, rows.first + i, scratch, scratch->large.data());
    AddScaled(scratch->large.data(), rows.weight[i], 4 * large.width, scratch->sums.data());
  }
  for (int x = 0; x < composition.frame.width; ++x, out += 4) {
    const Cover columns = CoverAt(x, composition.scale, large.width);
    const float* at = scratch->sums.data() + 4 * static_cast<size_t>(columns.first);
    float sum[4] = {0, 0, 0, 0};
    for (int i = 0; i < columns.count; ++i, at += 4)
      for (int c = 0; c < 4; ++c) sum[c] += at[c] * columns.weight[i];
    for (int c = 0; c < 4; ++c) out[c] = sum[c];
  }
}

}  // namespace peekproof::testbed
