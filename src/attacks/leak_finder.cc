// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/leak_finder.h"

#include <opencv2/imgproc.hpp>
#include <optional>

#include "base/check.h"
#include "base/simd.h"

namespace peekproof::attacks {
namespace {

PEEKPROOF_VECTOR_CLONES void AboveRow(const float* __restrict values, float threshold, int n,
                                      uint8_t* __restrict above) {
  for (int i = 0; i < n; ++i) above[i] = values[i] > threshold ? uint8_t{255} : uint8_t{0};
}

void Above(const cv::Mat1f& values, float threshold, cv::Mat1b* above) {
  above->create(values.size());
  for (int y = 0; y < values.rows; ++y) AboveRow(values[y], threshold, values.cols, above->ptr(y));
}

PEEKPROOF_VECTOR_CLONES void FarRow(const uint8_t* __restrict classes, int n, uint8_t* __restrict far) {
  constexpr auto kFar = static_cast<uint8_t>(ColourClass::kFar);
  for (int i = 0; i < n; ++i) far[i] = classes[i] == kFar ? uint8_t{255} : uint8_t{0};
}

/// Candidates before skin: (engine or added), not near the known wallpaper, not caller. Returns their number.
PEEKPROOF_VECTOR_CLONES int CombineMasks(const uint8_t* __restrict engine, const uint8_t* __restrict added,
                                         const uint8_t* __restrict classes, const uint8_t* __restrict caller,
                                         const uint8_t* __restrict known, int n, uint8_t* __restrict leak) {
  int count = 0;
  for (int i = 0; i < n; ++i) {
    const auto inside =
        static_cast<uint8_t>((engine[i] | added[i]) & static_cast<uint8_t>(~caller[i]) & known[i]);
    leak[i] = classes[i] != 0 ? inside : uint8_t{0};
    count += leak[i] & 1;
  }
  return count;
}

void Square(int operation, const cv::Mat1b& from, int size_px, cv::Mat1b* to) {
  if (size_px <= 1) {
    from.copyTo(*to);
    return;
  }
  cv::morphologyEx(from, *to, operation, cv::getStructuringElement(cv::MORPH_RECT, {size_px, size_px}));
}

Error OutOfRange(const char* name, double value, double low, double high) {
  return {ErrorCode::kInvalidArgument,
          fmt::format("{} is {}; it must be within {} and {}", name, value, low, high)};
}

}  // namespace

SeeingThroughOptions SeeingThroughOptions::Zoom() {
  SeeingThroughOptions options;
  options.engine_caller_above = 0.0F;
  options.engine_reach_px = 0;
  options.add_from = 15.0F;
  options.remove_below = 5.0F;
  options.skin_half_range = {10, 30, 40};
  return options;
}

void SeeingThroughOptions::UseArtifactRounding() {
  add_from -= 0.5F;
  remove_below -= 0.5F;
  skin_step_px = 1;
}

Result<void> SeeingThroughOptions::Validate() const {
  const auto outside = [](double value, double low, double high) { return !(value >= low && value <= high); };
  if (outside(engine_caller_above, 0, 1)) {
    return OutOfRange("engine_caller_above", engine_caller_above, 0, 1);
  }
  if (outside(caller_above, 0, 1)) return OutOfRange("caller_above", caller_above, 0, 1);
  if (outside(engine_reach_px, 0, 64)) return OutOfRange("engine_reach_px", engine_reach_px, 0, 64);
  if (outside(engine_erosion_px, 0, 64)) return OutOfRange("engine_erosion_px", engine_erosion_px, 0, 64);
  if (outside(caller_erosion_px, 0, 64)) return OutOfRange("caller_erosion_px", caller_erosion_px, 0, 64);
  if (outside(add_opening_px, 0, 64)) return OutOfRange("add_opening_px", add_opening_px, 0, 64);
  if (outside(skin_step_px, 1, 64)) return OutOfRange("skin_step_px", skin_step_px, 1, 64);
  if (outside(remove_below, 0.1, 100)) return OutOfRange("remove_below", remove_below, 0.1, 100);
  if (outside(add_from, remove_below, 100)) return OutOfRange("add_from", add_from, remove_below, 100);
  for (int c = 0; c < 3; ++c) {
    if (outside(skin_half_range[c], 0, 255)) return OutOfRange("skin_half_range", skin_half_range[c], 0, 255);
  }
  return {};
}

LeakFinder::LeakFinder(const SeeingThroughOptions& options)
    : options_(options), classifier_(options.remove_below, options.add_from) {
  PEEKPROOF_CHECK(options.Validate().ok(), "{}", options.Validate().error().message);
}

void LeakFinder::Find(const cv::Mat3b& frame, const Wallpaper& wallpaper, const image::AlphaMask& engine,
                      const image::AlphaMask& caller, image::BinaryMask* leak, int64_t* leak_px) {
  PEEKPROOF_CHECK(engine.values.size() == frame.size() && caller.values.size() == frame.size(),
                  "masks of another size than the frame");
  Above(engine.values, options_.engine_caller_above, &engine_);
  Square(cv::MORPH_DILATE, engine_, options_.engine_reach_px, &buffer_);
  Square(cv::MORPH_ERODE, buffer_, options_.engine_erosion_px, &engine_);
  Above(caller.values, options_.caller_above, &buffer_);
  Square(cv::MORPH_ERODE, buffer_, options_.caller_erosion_px, &caller_);

  // The opening looks at most 2 (size - 1) pixels far; deeper inside the caller no colour matters.
  Square(cv::MORPH_ERODE, caller_, 4 * std::max(0, options_.add_opening_px - 1) + 1, &deep_);
  classifier_.Classify(frame, wallpaper, deep_, &classes_);
  buffer_.create(frame.size());
  for (int y = 0; y < frame.rows; ++y) FarRow(classes_.ptr(y), frame.cols, buffer_.ptr(y));
  Square(cv::MORPH_OPEN, buffer_, options_.add_opening_px, &added_);

  std::optional<HsvRange> skin;
  if (options_.remove_skin) {
    skin = SkinRange(frame, caller_, options_.skin_gate, options_.skin_half_range, options_.skin_step_px);
  }
  leak->values.create(frame.size());
  *leak_px = 0;
  for (int y = 0; y < frame.rows; ++y) *leak_px += CombineRow(y, frame, wallpaper, skin, leak->values.ptr(y));
}

int64_t LeakFinder::CombineRow(int y, const cv::Mat3b& frame, const Wallpaper& wallpaper,
                               const std::optional<HsvRange>& skin, uint8_t* leak) const {
  const int count = CombineMasks(engine_.ptr(y), added_.ptr(y), classes_.ptr(y), caller_.ptr(y),
                                 wallpaper.known.ptr(y), frame.cols, leak);
  if (count == 0 || !skin.has_value()) return count;
  return count - RemoveColours(*skin, frame.ptr(y), frame.cols, leak);
}

}  // namespace peekproof::attacks
