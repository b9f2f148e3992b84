// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/room_blur.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "base/check.h"
#include "engines/blend.h"

namespace peekproof::engines {
namespace {

class FilteredRoom : public RoomBlur {
 public:
  FilteredRoom(std::unique_ptr<BlurFilter> filter, bool weighted)
      : filter_(std::move(filter)), weighted_(weighted) {}

  Result<void> Blur(const BackgroundView& view, cv::Mat3b* blurred) override {
    if (weighted_) cv::bitwise_not(view.caller, room_);
    filter_->Apply(view.camera.bgr, weighted_ ? &room_ : nullptr, blurred);
    return {};
  }

 private:
  std::unique_ptr<BlurFilter> filter_;
  bool weighted_;
  cv::Mat1b room_;  ///< 255 minus the caller.
};

class RoomBackground : public Background {
 public:
  RoomBackground(std::unique_ptr<RoomBlur> room, KeepOptions keep)
      : room_(std::move(room)), keep_(std::move(keep)) {}

  Result<const cv::Mat3b*> Draw(const BackgroundView& view) override {
    const cv::Mat3b& camera = view.camera.bgr;
    if (camera.empty() || camera.size() != view.caller.size()) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("a blur needs a frame and a mask of one size, not {}x{} and {}x{}",
                               camera.cols, camera.rows, view.caller.cols, view.caller.rows)};
    }
    PEEKPROOF_RETURN_IF_ERROR(room_->Blur(view, &blurred_));
    if (!keep_.boxes.empty() || !keep_.objects.empty()) {
      if (keep_mask_.size() != camera.size()) keep_mask_ = MakeKeepMask(keep_, camera.size());
      Compose(BlendModel{}, keep_mask_, camera, blurred_, &blurred_);
    }
    return &blurred_;
  }

  bool shows_room() const override { return true; }

 private:
  std::unique_ptr<RoomBlur> room_;
  KeepOptions keep_;
  cv::Mat3b blurred_;
  cv::Mat1b keep_mask_;
};

/// Takes a whole number from the front of `text` and what follows it, which must be `end` (0: nothing).
bool TakeNumber(std::string_view* text, char end, int low, int* value) {
  constexpr int kMost = 1 << 16;
  const auto [stop, error] = std::from_chars(text->data(), text->data() + text->size(), *value);
  if (error != std::errc() || *value < low || *value > kMost) return false;
  text->remove_prefix(static_cast<size_t>(stop - text->data()));
  if (end == 0) return text->empty();
  if (text->empty() || text->front() != end) return false;
  text->remove_prefix(1);
  return true;
}

/// Distance of a pixel from a box's columns or rows, [first, end).
double Outside(int i, int first, int end) { return std::max({0, first - i, i - (end - 1)}); }

}  // namespace

Result<std::vector<cv::Rect>> ParseKeepBoxes(const std::string& text) {
  std::vector<cv::Rect> boxes;
  if (text == "none") return boxes;
  std::string_view rest = text;
  for (bool more = true; more;) {
    const auto end = rest.find(';');
    std::string_view item = rest.substr(0, end);
    cv::Rect box;
    if (!TakeNumber(&item, 'x', 1, &box.width) || !TakeNumber(&item, '+', 1, &box.height) ||
        !TakeNumber(&item, '+', 0, &box.x) || !TakeNumber(&item, 0, 0, &box.y)) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("boxes to keep are written WIDTHxHEIGHT+X+Y in pixels, several joined by "
                               "';', not '{}'",
                               text)};
    }
    boxes.push_back(box);
    more = end != std::string_view::npos;
    if (more) rest.remove_prefix(end + 1);
  }
  return boxes;
}

cv::Mat1b MakeKeepMask(const KeepOptions& options, cv::Size frame) {
  cv::Mat1b mask(frame, uint8_t{0});
  if (!options.objects.empty()) cv::resize(options.objects, mask, frame, 0, 0, cv::INTER_LINEAR);
  for (const cv::Rect& box : options.boxes) {
    for (int y = 0; y < frame.height; ++y) {
      const double dy = Outside(y, box.y, box.y + box.height);
      for (int x = 0; x < frame.width; ++x) {
        const double distance = std::hypot(Outside(x, box.x, box.x + box.width), dy);
        const double kept = 255.0 * (1.0 - distance / (options.feather_px + 1));
        mask(y, x) = std::max(mask(y, x), cv::saturate_cast<uint8_t>(kept));
      }
    }
  }
  return mask;
}

std::unique_ptr<RoomBlur> MakeFilteredRoom(std::unique_ptr<BlurFilter> filter, bool weighted) {
  return std::make_unique<FilteredRoom>(std::move(filter), weighted);
}

std::unique_ptr<Background> MakeRoomBackground(std::unique_ptr<RoomBlur> room, KeepOptions keep) {
  return std::make_unique<RoomBackground>(std::move(room), std::move(keep));
}

}  // namespace peekproof::engines
