// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/blur_stages.h"

#include <algorithm>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "image/reconstruction.h"
#include "models/enhancer.h"

namespace peekproof::audit {
namespace {

// What a picture of the background shows, and how well each place of it is known.
struct KnownPicture {
  cv::Mat3b bgr;
  cv::Mat1f support;
  int64_t frames = 1;
};

// As a reconstruction, for those who look for things in one. A place of which little was seen is absent.
image::Reconstruction AsReconstruction(const KnownPicture& picture, double end_s) {
  constexpr float kLeastSupport = 0.5F;
  image::Reconstruction room = image::Reconstruction::Absent(picture.bgr.size());
  picture.bgr.copyTo(room.bgr);
  for (int y = 0; y < picture.bgr.rows; ++y) {
    for (int x = 0; x < picture.bgr.cols; ++x) {
      if (picture.support(y, x) < kLeastSupport) continue;
      room.confidence(y, x) = std::min(1.0F, picture.support(y, x));
      room.evidence(y, x) = static_cast<uint16_t>(std::min<int64_t>(65535, picture.frames));
      room.last_seen_s(y, x) = static_cast<float>(end_s);
    }
  }
  return room;
}

KnownPicture PictureOf(const SingleFrame& frame) {
  KnownPicture picture{.bgr = frame.bgr};
  frame.known.convertTo(picture.support, CV_32F, 1.0 / 255);
  return picture;
}

KnownPicture PictureOf(const Enhancement& enhanced, const BlurResult& blur) {
  KnownPicture picture{.bgr = enhanced.bgr, .frames = blur.frames};
  cv::resize(blur.support, picture.support, enhanced.bgr.size(), 0, 0, cv::INTER_LINEAR);
  return picture;
}

cv::Rect Shrunk(const cv::Rect& box, int scale) {
  const cv::Point end((box.br().x + scale - 1) / scale, (box.br().y + scale - 1) / scale);
  return {box.tl() / scale, end};
}

}  // namespace

Result<void> EnhanceRoom(const std::string& model, BlurResult* blur) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto enhancer, models::MakeEnhancer(model));
  PEEKPROOF_ASSIGN_OR_RETURN(cv::Mat3b picture, enhancer->Enhance(blur->restored));
  blur->enhanced = Enhancement{enhancer->description(), enhancer->scale(), std::move(picture), {}};
  return {};
}

Result<void> FindBehindBlur(const SurveyedScene& scene, FindingSearch* search, BlurResult* blur) {
  const auto find = [&](const KnownPicture& picture) {
    return search->Find(AsReconstruction(picture, scene.last_s), scene.caller_presence);
  };
  if (!blur->single.bgr.empty()) {
    PEEKPROOF_ASSIGN_OR_RETURN(blur->in_single_frame, find(PictureOf(blur->single)));
  }
  blur->single = {};
  PEEKPROOF_ASSIGN_OR_RETURN(blur->seen, find({blur->average, blur->support, blur->frames}));
  PEEKPROOF_ASSIGN_OR_RETURN(blur->findings, find({blur->restored, blur->support, blur->frames}));
  if (!blur->enhanced) return {};
  PEEKPROOF_ASSIGN_OR_RETURN(blur->enhanced->findings, find(PictureOf(*blur->enhanced, *blur)));
  for (Finding& finding : blur->enhanced->findings) finding.box = Shrunk(finding.box, blur->enhanced->scale);
  return {};
}

}  // namespace peekproof::audit
