// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/defense_trial.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace peekproof::testbed {
namespace {

/// The upper median; 0 of none.
double MedianOf(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

DefenseTrial::DefenseTrial(std::unique_ptr<Service> service, Metering metering, cv::Size size)
    : service_(std::move(service)), leak_(size) {
  if (metering == Metering::kOn) meter_ = std::make_unique<engines::LeakMeter>();
}

Result<DefenseTrial> DefenseTrial::Create(const SceneOptions& options, Metering metering,
                                          const std::stop_token& stop) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto service, MakeService(options, stop));
  return DefenseTrial(std::move(service), metering, options.size);
}

Result<void> DefenseTrial::LearnRoom(const image::Frame& camera) {
  if (meter_) meter_->LearnRoom(camera.bgr);
  return service_->LearnRoom(camera);
}

Result<void> DefenseTrial::Take(const image::Frame& camera, const image::AlphaMask& caller) {
  const auto start = std::chrono::steady_clock::now();
  PEEKPROOF_RETURN_IF_ERROR(service_->Process(camera, caller, &shown_));
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  ms_.push_back(took.count());
  if (meter_) meter_->Add(camera, shown_);
  const FrameLeak leak = leak_.Add(caller, shown_.alpha, shown_.shown == engines::Shown::kRaw);
  worst_ = std::max(worst_, leak.weighted_px / static_cast<double>(std::max<int64_t>(1, leak.room_px)));
  closed_ += shown_.shown == engines::Shown::kComposed ? 0 : 1;
  // Frames at which it was closed on purpose would say nothing of its edges.
  if (shown_.shown == engines::Shown::kComposed) matte_.Add(caller, shown_.alpha);
  return {};
}

TrialScore DefenseTrial::Score() const {
  const CallLeak leak = leak_.CallSoFar();
  const auto room = static_cast<double>(std::max(1, cv::countNonZero(leak_.uncovered())));
  const metrics::MatteError& error = matte_.result();
  const auto frames = static_cast<double>(std::max<size_t>(1, ms_.size()));
  return {.full = static_cast<double>(leak.full_px) / room,
          .partial = static_cast<double>(leak.partial_px) / room,
          .weighted = leak.weighted_px / room,
          .worst_frame = worst_,
          .lost = error.lost_share(),
          .extra = error.extra_share(),
          .sad = error.sad(),
          .gradient = error.gradient_error(),
          .flicker = error.flicker(),
          .ms = MedianOf(ms_),
          .metered = meter_ ? meter_->leak().weighted_share() : 0,
          .closed = static_cast<double>(closed_) / frames};
}

}  // namespace peekproof::testbed
