// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "engines/engine.h"
#include "engines/leak_meter.h"
#include "image/frame.h"
#include "image/mask.h"
#include "metrics/matte_error.h"
#include "testbed/leak_truth.h"
#include "testbed/scene_options.h"
#include "testbed/service.h"

namespace peekproof::testbed {

/// What an engine let through of a call's room, and what that cost.
struct TrialScore {
  double full = 0;      ///< Shares, 0 to 1, of the room that the caller uncovered at some time: shown whole,
  double partial = 0;   ///< shown at all,
  double weighted = 0;  ///< and weighted by the largest alpha of each pixel.
  double worst_frame = 0;  ///< Largest weighted leak of one frame, share of its room.
  double lost = 0;         ///< Of metrics::MatteError: shares of the caller's area,
  double extra = 0;
  double sad = 0;  ///< and its means of a frame.
  double gradient = 0;
  double flicker = 0;
  double ms = 0;       ///< Median over the frames of the time that the engine takes, network included.
  double metered = 0;  ///< Weighted leak as engines::LeakMeter tells it without truth; 0 where it is off.
  double closed = 0;   ///< Share of the frames that are not composed: background alone, raw or frozen.
};

enum class Metering { kOff, kOn };

/// One engine on one call of the test bed, whose truth is known: so that several can be run on the very same
/// camera frames. Frames come in order; one thread.
class DefenseTrial {
 public:
  /// A service of these options. stop: ends waiting for a browser. Errors  MakeService's.
  static Result<DefenseTrial> Create(const SceneOptions& options, Metering metering,
                                     const std::stop_token& stop);

  /// A set-up shot of the empty room, before the call. Errors  Service::LearnRoom's.
  Result<void> LearnRoom(const image::Frame& camera);
  /// A camera frame and the caller's true matte. Errors  Service::Process's.
  Result<void> Take(const image::Frame& camera, const image::AlphaMask& caller);

  /// What was shown of the frame taken last.
  const engines::Composite& shown() const { return shown_; }
  /// Of the frames so far; zeros before the first.
  TrialScore Score() const;

 private:
  DefenseTrial(std::unique_ptr<Service> service, Metering metering, cv::Size size);

  std::unique_ptr<Service> service_;
  LeakTruth leak_;
  metrics::MatteErrorMeter matte_;
  std::unique_ptr<engines::LeakMeter> meter_;  ///< Null where it is off.
  engines::Composite shown_;
  std::vector<double> ms_;
  double worst_ = 0;
  int closed_ = 0;
};

}  // namespace peekproof::testbed
