// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engines/profile.h"

namespace peekproof::engines {

/// Which mask a frame gets, if any.
struct FedMask {
  const image::AlphaMask* coarse = nullptr;  ///< Null unless `shown` is kComposed; valid until the next call.
  int age = -1;                              ///< Frames between the mask's picture and this one.
  Shown shown = Shown::kComposed;
  std::string failure;  ///< What the network said on this frame; empty where it did not fail.
};

/// Runs a profile's network and its filter in time on the profile's schedule, and picks each frame's mask.
class MaskFeed {
 public:
  /// The profile must outlive the feed.
  explicit MaskFeed(Profile* profile);

  /// The mask of the next frame.
  FedMask Next(const cv::Mat3b& camera);
  /// Starts afresh with frame 0.
  void Reset();

 private:
  /// What the network gave for one picture.
  struct Entry {
    image::AlphaMask coarse;
    int64_t picture = -1;  ///< Number of the frame that the network saw; -1: not used yet.
    bool failed = false;
  };

  bool IsDue(const cv::Mat3b& camera);
  void Infer(const cv::Mat3b& camera, std::string* failure);
  bool MakesFailure() const;
  const Entry* NewestAvailable() const;
  Shown WithoutMask(Fallback fallback) const;

  Profile& profile_;
  Schedule schedule_;
  std::vector<Entry> entries_;  ///< A ring: enough to look back by the lag.
  size_t newest_ = 0;
  int64_t frame_ = 0;  ///< Number of the next frame since Reset.
  int failures_ = 0;   ///< In a row.
  bool gave_up_ = false;
};

}  // namespace peekproof::engines
