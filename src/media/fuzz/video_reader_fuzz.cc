// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes as a recording: opened, decoded and converted, with limits on size and length. The corpus is
// clips of FFmpeg's test pattern, 32 x 24 pixels and a few frames long, one per container and codec, some of
// them cut.

#include <cstddef>
#include <cstdint>

#include "media/video_reader.h"

namespace {

using peekproof::media::ReaderOptions;
using peekproof::media::VideoReader;

/// Ways of reading, chosen by the input's size so that mutations reach them all.
ReaderOptions OptionsFor(size_t size) {
  ReaderOptions options{.threads = 1, .max_pixels = 256 * 256};
  if (size % 4 == 1) options.crop = cv::Rect(1, 3, 9, 7);
  if (size % 4 == 2) options.start_s = 4.5;
  if (size % 4 == 3) options.end_s = 0.1;
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto reader = VideoReader::OpenBytes({data, size}, OptionsFor(size));
  if (!reader.ok()) return 0;
  cv::Mat3b bgr;
  cv::Mat3b thumbnail;
  constexpr int kMostFrames = 8;
  for (int i = 0; i < kMostFrames; ++i) {
    const peekproof::Result<bool> more = (*reader)->Advance();
    if (!more.ok() || !*more) break;
    (void)(*reader)->Convert(&bgr);
    (void)(*reader)->ConvertScaled(cv::Size(16, 9), &thumbnail);
  }
  return 0;
}
