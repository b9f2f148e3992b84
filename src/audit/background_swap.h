// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "audit/audit_result.h"
#include "audit/survey.h"
#include "image/reconstruction.h"

namespace peekproof::audit {

/// How well a recovered room agrees with the picture of another scene.
struct RoomMatch {
  double share = 0;    ///< Share of recovered pixels whose colour is the scene's, in [0, 1].
  double control = 0;  ///< The same against the mirrored scene: what chance gives.
  int pixels = 0;      ///< Recovered pixels that were compared, thumbnail size.

  /// Whether the scene is the room that was recovered, beyond chance.
  bool Confirms() const { return pixels >= 100 && share >= 0.3 && share >= 1.5 * control; }
};

/// Compares at thumbnail size, CIEDE2000 below 12 counting as equal.
RoomMatch MatchRoom(const image::Reconstruction& room, const cv::Mat3b& plate);

/// Finds the scenes that show the plain camera although another one shows the same caller, in the same place,
/// before a virtual background: the background was swapped while the caller stayed.
///
/// In      results: one per scene of the survey, with background kind, and room where analysed.
/// Out     results of plain scenes: kind kNone with explanation. Returns their shots as raw intervals.
std::vector<RawInterval> FindRawScenes(const Survey& survey, std::vector<SegmentResult>* results);

}  // namespace peekproof::audit
