// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
// Milliseconds per picture of segmentation, conversion of the picture included, on one core:
//   taskset -c 0 build/release/segmentation_bench
// Models that are not installed are left out, saying so.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "base/random.h"
#include "models/segmenter.h"

namespace {

using peekproof::models::BackendKind;

/// A picture of coloured noise: the time does not depend on what is on it.
cv::Mat3b NoisePicture(cv::Size size) {
  cv::Mat3b picture(size);
  for (int row = 0; row < size.height; ++row) {
    peekproof::RowRandom random(1, 0, static_cast<uint64_t>(row));
    for (int column = 0; column < size.width; ++column) {
      const uint64_t bits = random.Next();
      picture(row, column) = {static_cast<uchar>(bits), static_cast<uchar>(bits >> 8U),
                              static_cast<uchar>(bits >> 16U)};
    }
  }
  return picture;
}

void Segment(benchmark::State& state, const std::string& model, BackendKind backend) {
  auto segmenter = peekproof::models::MakeSegmenter(model, backend);
  if (!segmenter.ok()) {
    state.SkipWithError(segmenter.error().message.c_str());
    return;
  }
  const cv::Mat3b picture = NoisePicture((*segmenter)->input_size());
  peekproof::image::AlphaMask caller;
  for (auto _ : state) {
    const auto done = (*segmenter)->Segment(picture, &caller);
    if (!done.ok()) state.SkipWithError(done.error().message.c_str());
    benchmark::DoNotOptimize(caller.values.data);
  }
  state.SetLabel((*segmenter)->description());
}

#define PEEKPROOF_SEGMENT(name, model)                                                                     \
  BENCHMARK_CAPTURE(Segment, name##_xnnpack, model, BackendKind::kXnnpack)->Unit(benchmark::kMillisecond); \
  BENCHMARK_CAPTURE(Segment, name##_opencv, model, BackendKind::kOpenCv)->Unit(benchmark::kMillisecond)

PEEKPROOF_SEGMENT(landscape, "landscape");
PEEKPROOF_SEGMENT(selfie, "selfie");
PEEKPROOF_SEGMENT(meet_full, "meet-full");
PEEKPROOF_SEGMENT(meet_lite, "meet-lite");
PEEKPROOF_SEGMENT(deeplab, "deeplab");
PEEKPROOF_SEGMENT(bodypix, "bodypix");

}  // namespace
