// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>

namespace peekproof::audit {

enum class FindingKind {
  kText,    ///< Readable writing.
  kScreen,  ///< A television, laptop or telephone.
  kFace,    ///< A face that is not the caller's: on a picture, or another person's.
  kObject,  ///< Anything else that has a name.
};

/// Something that can be named in the recovered room. A network names it; what it is named by is recovered
/// light alone.
struct Finding {
  FindingKind kind = FindingKind::kObject;
  std::string label;            ///< The text as it was read; COCO's class; "face".
  cv::Rect box;                 ///< In pixels of the recording.
  double confidence = 0;        ///< The reader's or network's own, in [0, 1].
  double evidence_share = 0;    ///< Share of the box's pixels that were recovered, in [0, 1].
  double pixel_confidence = 0;  ///< Mean confidence of those, in [0, 1].
  double first_s = 0;           ///< Between these times its pixels were seen,
  double last_s = 0;
  int frames = 0;  ///< and in so many frames, the median over them.
};

}  // namespace peekproof::audit
