// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "engines/engine.h"
#include "testbed/child_process.h"

namespace peekproof::testbed {

/// Whether a spec names an engine that browsers ship: "browser:NAME".
bool IsBrowserSpec(const std::string& spec);
/// The NAME. Errors  kInvalidArgument (none of twilio, livekit, mediapipe, shiguredo).
Result<std::string> BrowserEngineName(const std::string& spec);

struct BrowserOptions {
  std::string
      peers;  ///< Folder of the harness; empty: $PEEKPROOF_PEERS, else bench/peers of the source tree.
  std::string program = "node";  ///< That runs its stream.mjs.
  double patience_s = 120;       ///< For a browser to start, and for each frame.
};

/// A virtual background as a service ships it: its npm package in headless Chromium on software GL, fed frame
/// by frame by bench/peers/stream.mjs, which tells the protocol. Three browsers run side by side, before the
/// wallpaper, before black and before white: the latter two tell the weight of each camera pixel.
///
/// The first picture of the background stands until Reset. Raw frames: LiveKit sends the first camera frame
/// as it is (composite->shown is kRaw, alpha 1); its wrong second output, a fault of software GL, is left
/// out, and Twilio's first, transparent one as well. Everything is handed over by pipes: no files, and memory
/// for a few frames. The same frames give the same pictures, with the same packages and Chromium.
class BrowserEngine : public engines::Engine {
 public:
  /// spec: "browser:NAME". size: of all frames. stop: ends waiting, with kInterrupted.
  /// Errors  kInvalidArgument (spec); kNotFound (no harness, no packages, no node, no Chromium: says that
  ///         bench/peers/setup installs them); kInterrupted; kInternal.
  static Result<std::unique_ptr<BrowserEngine>> Create(const std::string& spec, cv::Size size,
                                                       const BrowserOptions& options, std::stop_token stop);

  /// Errors  kInvalidArgument (another size); kInterrupted; kInternal (the engine failed: its own words);
  ///         the background's.
  Result<void> Process(const image::Frame& camera, engines::Background* background,
                       engines::Composite* composite) override;
  using engines::Engine::Process;
  /// Memory of earlier frames is taken to have no limit: Twilio's hysteresis has none.
  engines::EngineTraits traits() const override { return {.previous_masks = -1}; }
  /// Ends the browsers; the next frame starts them anew.
  void Reset() override;

  /// Names and versions of engine, packages and Chromium, as one JSON object.
  const std::string& about_json() const { return about_json_; }
  /// Largest difference between the weights of red, green and blue so far, in 1/255; above 2: the blend was
  /// not linear, or the three browsers disagreed.
  int channel_spread() const { return channel_spread_; }

 private:
  BrowserEngine(std::string name, cv::Size size, std::string harness, const BrowserOptions& options,
                std::stop_token stop);
  Result<void> Start();
  Result<void> SendWallpaper(const image::Frame& camera, engines::Background* background);
  Result<void> SendPicture(const cv::Mat3b& bgr);
  Result<void> Receive(engines::Composite* composite);
  Error Failed(const Error& error) const;

  std::string name_;
  cv::Size size_;
  std::string harness_;
  std::string program_;
  Patience patience_;
  std::string about_json_;
  std::unique_ptr<ChildProcess> child_;
  bool has_wallpaper_ = false;
  int64_t next_ = 0;  ///< Number of the next frame since the browsers started.
  int channel_spread_ = 0;
  cv::Mat4b rgba_;
  cv::Mat1w weights_;
};

}  // namespace peekproof::testbed
