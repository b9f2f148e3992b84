// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/noisy_background.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/parallel.h"
#include "base/random.h"

namespace peekproof::engines {
namespace {

class NoisyBackground : public Background {
 public:
  NoisyBackground(std::unique_ptr<Background> inner, int amplitude, uint64_t seed)
      : inner_(std::move(inner)), amplitude_(amplitude), seed_(seed) {}

  Result<const cv::Mat3b*> Draw(const BackgroundView& view) override {
    PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat3b* picture, inner_->Draw(view));
    noisy_.create(picture->size());
    ParallelRows(picture->rows, [&](int first_row, int end_row) {
      for (int y = first_row; y < end_row; ++y) {
        AddNoise((*picture)[y][0].val, 3 * picture->cols, view.camera.index, y, noisy_[y][0].val);
      }
    });
    return &noisy_;
  }

  bool shows_room() const override { return inner_->shows_room(); }
  void Reset() override { inner_->Reset(); }
  Diagnostics diagnostics() const override { return inner_->diagnostics(); }

 private:
  void AddNoise(const uint8_t* from, int count, int64_t frame, int row, uint8_t* to) const {
    RowRandom random(seed_, static_cast<uint64_t>(frame), static_cast<uint64_t>(row));
    const auto steps = static_cast<uint32_t>(2 * amplitude_ + 1);
    uint64_t bits = 0;
    for (int i = 0; i < count; ++i, bits >>= 16) {
      if (i % 4 == 0) bits = random.Next();
      const auto noise = static_cast<int>((static_cast<uint32_t>(bits & 0xFFFF) * steps) >> 16) - amplitude_;
      to[i] = static_cast<uint8_t>(std::clamp(from[i] + noise, 0, 255));
    }
  }

  std::unique_ptr<Background> inner_;
  int amplitude_;
  uint64_t seed_;
  cv::Mat3b noisy_;
};

}  // namespace

std::unique_ptr<Background> MakeNoisyBackground(std::unique_ptr<Background> inner, int amplitude,
                                                uint64_t seed) {
  PEEKPROOF_CHECK(amplitude >= 0 && amplitude <= 127, "the noise's amplitude must be 0 to 127");
  return std::make_unique<NoisyBackground>(std::move(inner), amplitude, seed);
}

}  // namespace peekproof::engines
