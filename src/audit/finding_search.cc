// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/finding_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <opencv2/imgproc.hpp>
#include <sstream>
#include <tuple>
#include <utility>

#include "models/detection.h"
#include "models/face_detector.h"

namespace peekproof::audit {
namespace {

constexpr double kLeastTextConfidence = 0.6;
constexpr int kLeastLetters = 3;
constexpr float kLeastObjectConfidence = 0.4F;
constexpr float kLeastFaceConfidence = 0.7F;
constexpr float kSame = 0.3F;           ///< Intersection over union from which two finds are one.
constexpr double kCallersPlace = 0.15;  ///< Mean presence of the caller in the box of a person.
constexpr double kPart = 0.6;           ///< Side of the parts that are looked at enlarged.

/// The recovered pixels, and between them their colours smoothed far.
struct Pictures {
  cv::Mat3b recovered;
  cv::Mat3b smooth;  ///< The smoothed colours everywhere: what is found here is no find.
};

Pictures PicturesOf(const image::Reconstruction& room) {
  const cv::Mat1b present = room.Present();
  cv::Mat3f sum(room.size(), cv::Vec3f(0, 0, 0));
  room.bgr.convertTo(sum, CV_32F);
  sum.setTo(cv::Scalar::all(0), present == 0);
  cv::Mat1f weight;
  present.convertTo(weight, CV_32F, 1.0 / 255);
  // Far enough to leave no outline; a little of the mean everywhere, so that no place is without colour.
  const int side = 2 * (std::max(room.size().width, room.size().height) / 16) + 1;
  for (int pass = 0; pass < 3; ++pass) {
    cv::blur(sum, sum, {side, side});
    cv::blur(weight, weight, {side, side});
  }
  constexpr float kAtLeast = 1e-3F;
  const cv::Scalar mean = cv::mean(room.bgr, present);
  const cv::Vec3f far(static_cast<float>(mean[0]), static_cast<float>(mean[1]), static_cast<float>(mean[2]));
  Pictures pictures{cv::Mat3b(room.size()), cv::Mat3b(room.size())};
  for (int y = 0; y < room.size().height; ++y)
    for (int x = 0; x < room.size().width; ++x)
      pictures.smooth(y, x) = cv::Vec3b((sum(y, x) + kAtLeast * far) * (1.0F / (weight(y, x) + kAtLeast)));
  pictures.smooth.copyTo(pictures.recovered);
  room.bgr.copyTo(pictures.recovered, present);
  return pictures;
}

/// Whole pixels that a detector's box covers.
cv::Rect PixelsOf(const cv::Rect2f& box, cv::Size size) {
  const cv::Point first(static_cast<int>(std::floor(box.x)), static_cast<int>(std::floor(box.y)));
  const cv::Point end(static_cast<int>(std::ceil(box.x + box.width)),
                      static_cast<int>(std::ceil(box.y + box.height)));
  return cv::Rect(first, end) & cv::Rect({0, 0}, size);
}

/// What the room's pixels say of a find in `box`.
Finding EvidenceOf(const image::Reconstruction& room, const cv::Rect& box) {
  Finding finding;
  finding.box = box;
  std::vector<uint16_t> frames;
  for (int y = box.y; y < box.y + box.height; ++y) {
    for (int x = box.x; x < box.x + box.width; ++x) {
      if (room.evidence(y, x) == 0) continue;
      if (frames.empty()) finding.first_s = finding.last_s = static_cast<double>(room.first_seen_s(y, x));
      frames.push_back(room.evidence(y, x));
      finding.first_s = std::min(finding.first_s, static_cast<double>(room.first_seen_s(y, x)));
      finding.last_s = std::max(finding.last_s, static_cast<double>(room.last_seen_s(y, x)));
      finding.pixel_confidence += static_cast<double>(room.confidence(y, x));
    }
  }
  if (frames.empty()) return finding;
  finding.evidence_share = static_cast<double>(frames.size()) / box.area();
  finding.pixel_confidence /= static_cast<double>(frames.size());
  const auto middle = frames.begin() + static_cast<std::ptrdiff_t>(frames.size() / 2);
  std::nth_element(frames.begin(), middle, frames.end());
  finding.frames = *middle;
  return finding;
}

FindingKind KindOf(const std::string& label) {
  if (label == "face") return FindingKind::kFace;
  if (label == "tv" || label == "laptop" || label == "cell phone") return FindingKind::kScreen;
  return FindingKind::kObject;
}

/// The whole picture, and its four corners, which overlap.
std::vector<cv::Rect> PartsOf(cv::Size size) {
  const cv::Size part(static_cast<int>(kPart * size.width), static_cast<int>(kPart * size.height));
  std::vector<cv::Rect> parts{{{0, 0}, size}};
  for (const int y : {0, size.height - part.height})
    for (const int x : {0, size.width - part.width}) parts.emplace_back(cv::Point(x, y), part);
  return parts;
}

bool IsSame(const models::Detection& a, const models::Detection& b) {
  return a.label == b.label && models::OverlapOf(a.box, b.box) >= kSame;
}

/// Of those that are the same the most confident one.
void DropRepeated(std::vector<models::Detection>* detections) {
  std::stable_sort(detections->begin(), detections->end(),
                   [](const auto& a, const auto& b) { return a.confidence > b.confidence; });
  std::vector<models::Detection> kept;
  for (const models::Detection& one : *detections)
    if (std::none_of(kept.begin(), kept.end(), [&](const auto& other) { return IsSame(one, other); }))
      kept.push_back(one);
  *detections = std::move(kept);
}

Result<std::vector<models::Detection>> DetectInParts(const cv::Mat3b& bgr, models::Detector* detector) {
  std::vector<models::Detection> all;
  for (const cv::Rect& part : PartsOf(bgr.size())) {
    PEEKPROOF_ASSIGN_OR_RETURN(std::vector<models::Detection> own, detector->Detect(bgr(part).clone()));
    for (models::Detection& one : own) {
      one.box.x += static_cast<float>(part.x);
      one.box.y += static_cast<float>(part.y);
      all.push_back(one);
    }
  }
  DropRepeated(&all);
  return all;
}

bool IsCaller(const models::Detection& one, const cv::Rect& box, const cv::Mat1f& presence) {
  if (presence.empty() || (one.label != "person" && one.label != "face")) return false;
  return cv::mean(presence(box))[0] >= kCallersPlace;
}

bool IsWriting(const models::ReadText& line) {
  const auto letters = std::count_if(line.text.begin(), line.text.end(), [](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0;
  });
  return line.confidence >= kLeastTextConfidence && letters >= kLeastLetters;
}

std::string NoteOf(const char* what, const Error& error) {
  return fmt::format("{} in the recovered room were not looked for: {}.", what, error.message);
}

}  // namespace

Result<FindingKinds> ParseFindingKinds(const std::string& words) {
  FindingKinds kinds;
  if (words == "none") return kinds;
  std::istringstream stream(words);
  std::string word;
  while (std::getline(stream, word, ',')) {
    if (word == "text") {
      kinds.text = true;
    } else if (word == "objects") {
      kinds.objects = true;
    } else if (word == "faces") {
      kinds.faces = true;
    } else {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("'{}' cannot be looked for; give any of text, objects and faces with commas "
                               "between them, or none",
                               word)};
    }
  }
  return kinds;
}

FindingSearch::FindingSearch(const FindingKinds& kinds) {
  const auto take = [this](const char* what, auto made, auto* place) {
    if (made.ok())
      *place = std::move(made.value());
    else
      notes_.push_back(NoteOf(what, made.error()));
  };
  if (kinds.text) take("Texts", models::MakeTextReader(), &reader_);
  if (kinds.objects)
    take("Objects", models::MakeDetector("yolox-nano", {.least_confidence = kLeastObjectConfidence}),
         &objects_);
  if (kinds.faces)
    take("Faces", models::MakeFaceDetector("yunet", {.least_confidence = kLeastFaceConfidence}), &faces_);
}

FindingSearch::FindingSearch(std::unique_ptr<models::TextReader> reader,
                             std::unique_ptr<models::Detector> objects,
                             std::unique_ptr<models::Detector> faces)
    : reader_(std::move(reader)), objects_(std::move(objects)), faces_(std::move(faces)) {}

Result<void> FindingSearch::FindText(const cv::Mat3b& bgr, const image::Reconstruction& room,
                                     std::vector<Finding>* findings) {
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<models::ReadText> lines, reader_->Read(bgr, {}));
  for (const models::ReadText& line : lines) {
    if (!IsWriting(line)) continue;
    Finding finding = EvidenceOf(room, line.box & cv::Rect({0, 0}, room.size()));
    if (finding.evidence_share < kLeastEvidence) continue;
    finding.kind = FindingKind::kText;
    finding.label = line.text;
    finding.confidence = line.confidence;
    findings->push_back(finding);
  }
  return {};
}

Result<void> FindingSearch::FindThings(models::Detector* detector, const image::Reconstruction& room,
                                       const cv::Mat1f& caller_presence, std::vector<Finding>* findings) {
  const Pictures pictures = PicturesOf(room);
  PEEKPROOF_ASSIGN_OR_RETURN(const auto found, DetectInParts(pictures.recovered, detector));
  if (found.empty()) return {};
  PEEKPROOF_ASSIGN_OR_RETURN(const auto without, DetectInParts(pictures.smooth, detector));
  for (const models::Detection& one : found) {
    const cv::Rect box = PixelsOf(one.box, room.size());
    if (box.empty() || IsCaller(one, box, caller_presence)) continue;
    if (std::any_of(without.begin(), without.end(), [&](const auto& other) { return IsSame(one, other); }))
      continue;
    Finding finding = EvidenceOf(room, box);
    if (finding.evidence_share < kLeastEvidence) continue;
    finding.kind = KindOf(one.label);
    finding.label = one.label;
    finding.confidence = one.confidence;
    findings->push_back(finding);
  }
  return {};
}

Result<std::vector<Finding>> FindingSearch::Find(const image::Reconstruction& room,
                                                 const cv::Mat1f& caller_presence) {
  std::vector<Finding> findings;
  if (room.size().empty() || cv::countNonZero(room.evidence) == 0) return findings;
  cv::Mat1f presence;
  if (!caller_presence.empty()) cv::resize(caller_presence, presence, room.size(), 0, 0, cv::INTER_LINEAR);
  if (reader_) PEEKPROOF_RETURN_IF_ERROR(FindText(PicturesOf(room).recovered, room, &findings));
  for (models::Detector* detector : {objects_.get(), faces_.get()})
    if (detector != nullptr) PEEKPROOF_RETURN_IF_ERROR(FindThings(detector, room, presence, &findings));
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tuple(a.kind, -a.confidence) < std::tuple(b.kind, -b.confidence);
  });
  return findings;
}

}  // namespace peekproof::audit
