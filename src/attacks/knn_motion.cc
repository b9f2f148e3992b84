// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/knn_motion.h"

#include "base/check.h"
#include "base/parallel.h"

namespace peekproof::attacks {

KnnMotion::KnnMotion(cv::Size size) : size_(size), samples_(static_cast<size_t>(size.area()) * kSamples) {}

void KnnMotion::Apply(const cv::Mat3b& bgr, cv::Mat1b* moving) {
  PEEKPROOF_CHECK(bgr.size() == size_, "frames of different sizes");
  moving->create(size_);
  ParallelRows(size_.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < size_.width; ++x) {
        Sample* const samples =
            &samples_[(static_cast<size_t>(y) * static_cast<size_t>(size_.width) + static_cast<size_t>(x)) *
                      kSamples];
        const cv::Vec3b& pixel = bgr(y, x);
        int near = 0;
        int settled = 0;
        for (int i = 0; i < kSamples && settled < kNeighbours; ++i) {
          int distance2 = 0;
          for (int c = 0; c < 3; ++c) {
            const int apart = pixel[c] - samples[i].bgr[c];
            distance2 += apart * apart;
          }
          if (distance2 >= kNear2) continue;
          ++near;
          settled += samples[i].settled ? 1 : 0;
        }
        (*moving)(y, x) = settled >= kNeighbours ? 0 : 255;
        samples[next_] = {{pixel[0], pixel[1], pixel[2]}, near >= kNeighbours};
      }
    }
  });
  next_ = (next_ + 1) % kSamples;
}

}  // namespace peekproof::attacks
