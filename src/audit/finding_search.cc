// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/finding_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <opencv2/imgproc.hpp>
#include <sstream>
#include <tuple>
#include <utility>

#include "base/ordered_pipeline.h"
#include "base/random.h"
#include "models/detection.h"
#include "models/face_detector.h"

namespace peekproof::audit {

/// What readers and networks look at.
struct SearchedPictures {
  cv::Mat3b recovered;  ///< The recovered pixels, and between them their colours smoothed far.
  cv::Mat3b
      shuffled;  ///< The same with the recovered pixels of each block in any order: the same outlines of
                 ///< holes and the same colours, but nothing to be seen. What is found here is no find.
};

namespace {

constexpr double kLeastTextConfidence = 0.6;
constexpr int kLeastLetters = 3;
constexpr float kLeastObjectConfidence = 0.4F;
constexpr float kLeastFaceConfidence = 0.7F;
constexpr float kSame = 0.3F;           ///< Intersection over union from which two finds are one.
constexpr double kCallersPlace = 0.15;  ///< Mean presence of the caller in the box of a person,
constexpr double kOnTheCaller = 0.5;  ///< and of anything else: writing on clothes, a telephone in the hand.
constexpr float kDoubt = 0.5F;        ///< The control is asked with so much of the confidences.
constexpr double kPart = 0.6;         ///< Side of the parts that are looked at enlarged.

/// The colours of the recovered pixels, smoothed so far that holes filled with them have hardly an outline.
cv::Mat3b SmoothColours(const image::Reconstruction& room, const cv::Mat1b& present) {
  cv::Mat3f sum;
  room.bgr.convertTo(sum, CV_32F);
  sum.setTo(cv::Scalar::all(0), present == 0);
  cv::Mat1f weight;
  present.convertTo(weight, CV_32F, 1.0 / 255);
  const int side = 2 * (std::max(room.size().width, room.size().height) / 16) + 1;
  for (int pass = 0; pass < 3; ++pass) {
    cv::blur(sum, sum, {side, side});
    cv::blur(weight, weight, {side, side});
  }
  constexpr float kAtLeast = 1e-3F;  // A little of the mean everywhere, so that no place is without colour.
  const cv::Scalar mean = cv::mean(room.bgr, present);
  const cv::Vec3f far(static_cast<float>(mean[0]), static_cast<float>(mean[1]), static_cast<float>(mean[2]));
  cv::Mat3b smooth(room.size());
  for (int y = 0; y < smooth.rows; ++y)
    for (int x = 0; x < smooth.cols; ++x)
      smooth(y, x) = cv::Vec3b((sum(y, x) + kAtLeast * far) * (1.0F / (weight(y, x) + kAtLeast)));
  return smooth;
}

/// Exchanges the present pixels of each block at random (Fisher and Yates).
void ShuffleBlocks(const cv::Mat1b& present, cv::Mat3b* picture) {
  constexpr int kBlock = 48;
  std::vector<cv::Vec3b*> pixels;
  for (int top = 0; top < present.rows; top += kBlock) {
    for (int left = 0; left < present.cols; left += kBlock) {
      pixels.clear();
      for (int y = top; y < std::min(present.rows, top + kBlock); ++y)
        for (int x = left; x < std::min(present.cols, left + kBlock); ++x)
          if (present(y, x) != 0) pixels.push_back(&(*picture)(y, x));
      RowRandom random(1, static_cast<uint64_t>(left), static_cast<uint64_t>(top));
      for (size_t i = pixels.size(); i > 1; --i) std::swap(*pixels[i - 1], *pixels[random.Next() % i]);
    }
  }
}

SearchedPictures PicturesOf(const image::Reconstruction& room) {
  const cv::Mat1b present = room.Present();
  SearchedPictures pictures;
  pictures.recovered = SmoothColours(room, present);
  room.bgr.copyTo(pictures.recovered, present);
  pictures.shuffled = pictures.recovered.clone();
  ShuffleBlocks(present, &pictures.shuffled);
  return pictures;
}

/// Whole pixels that a detector's box covers.
cv::Rect PixelsOf(const cv::Rect2f& box, cv::Size size) {
  const cv::Point first(static_cast<int>(std::floor(box.x)), static_cast<int>(std::floor(box.y)));
  const cv::Point end(static_cast<int>(std::ceil(box.x + box.width)),
                      static_cast<int>(std::ceil(box.y + box.height)));
  return cv::Rect(first, end) & cv::Rect({0, 0}, size);
}

/// What the room's pixels say of a find in its box.
void FillEvidence(const image::Reconstruction& room, Finding* finding) {
  const cv::Rect box = finding->box;
  std::vector<uint16_t> frames;
  for (int y = box.y; y < box.y + box.height; ++y) {
    for (int x = box.x; x < box.x + box.width; ++x) {
      if (room.evidence(y, x) == 0) continue;
      if (frames.empty()) finding->first_s = finding->last_s = static_cast<double>(room.first_seen_s(y, x));
      frames.push_back(room.evidence(y, x));
      finding->first_s = std::min(finding->first_s, static_cast<double>(room.first_seen_s(y, x)));
      finding->last_s = std::max(finding->last_s, static_cast<double>(room.last_seen_s(y, x)));
      finding->pixel_confidence += static_cast<double>(room.confidence(y, x));
    }
  }
  if (frames.empty()) return;
  finding->evidence_share = static_cast<double>(frames.size()) / box.area();
  finding->pixel_confidence /= static_cast<double>(frames.size());
  const auto middle = frames.begin() + static_cast<std::ptrdiff_t>(frames.size() / 2);
  std::nth_element(frames.begin(), middle, frames.end());
  finding->frames = *middle;
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

bool IsCallers(const std::string& label, const cv::Rect& box, const cv::Mat1f& presence) {
  if (presence.empty() || box.empty()) return false;
  const bool is_person = label == "person" || label == "face";
  return cv::mean(presence(box))[0] >= (is_person ? kCallersPlace : kOnTheCaller);
}

bool IsWriting(const models::ReadText& line, double least_confidence) {
  const auto letters = std::count_if(line.text.begin(), line.text.end(), [](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0;
  });
  return line.confidence >= least_confidence && letters >= kLeastLetters;
}

/// Lines as detections of one label: whatever is read at a place of shuffled pixels, nothing can be read
/// there.
std::vector<models::Detection> AsDetections(const std::vector<models::ReadText>& lines) {
  std::vector<models::Detection> detections;
  for (const models::ReadText& line : lines)
    if (IsWriting(line, static_cast<double>(kDoubt) * kLeastTextConfidence))
      detections.push_back({"text", cv::Rect2f(line.box), line.confidence});
  return detections;
}

bool IsAmong(const models::Detection& one, const std::vector<models::Detection>& others) {
  return std::any_of(others.begin(), others.end(), [&](const auto& other) { return IsSame(one, other); });
}

std::string NoteOf(const char* what, const Error& error) {
  return fmt::format("{} in the recovered room were not looked for: {}.", what, error.message);
}

}  // namespace

//// What one reader or network found.
struct FindingSearch::Part {
  std::vector<models::ReadText> lines;
  std::vector<Finding> findings;
  Result<void> status;
};

/// One room, as it is searched.
struct FindingSearch::Scene {
  const image::Reconstruction& room;
  cv::Mat1f presence;  ///< Of the room's size; empty: nowhere.
  SearchedPictures pictures;
};

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
  if (reader_) take("Texts", models::MakeTextReader(), &control_reader_);
  if (kinds.objects)
    take("Objects", models::MakeDetector("yolox-nano", {.least_confidence = kDoubt * kLeastObjectConfidence}),
         &objects_);
  if (kinds.faces)
    take("Faces", models::MakeFaceDetector("yunet", {.least_confidence = kDoubt * kLeastFaceConfidence}),
         &faces_);
}

FindingSearch::FindingSearch(std::unique_ptr<models::TextReader> reader,
                             std::unique_ptr<models::Detector> objects,
                             std::unique_ptr<models::Detector> faces)
    : reader_(std::move(reader)), objects_(std::move(objects)), faces_(std::move(faces)) {}

// What was read in the recovered pixels, where nothing is read in the shuffled ones.
void FindingSearch::AddText(const Scene& scene, const std::vector<models::ReadText>& lines,
                            const std::vector<models::ReadText>& shuffled, std::vector<Finding>* findings) {
  const std::vector<models::Detection> control = AsDetections(shuffled);
  for (const models::ReadText& line : lines) {
    if (!IsWriting(line, kLeastTextConfidence)) continue;
    if (IsAmong({"text", cv::Rect2f(line.box), line.confidence}, control)) continue;
    Add({.kind = FindingKind::kText, .label = line.text, .box = line.box, .confidence = line.confidence},
        scene, findings);
  }
}

Result<void> FindingSearch::FindThings(models::Detector* detector, double least_confidence,
                                       const Scene& scene, std::vector<Finding>* findings) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto found, DetectInParts(scene.pictures.recovered, detector));
  if (found.empty() || found.front().confidence < least_confidence) return {};
  PEEKPROOF_ASSIGN_OR_RETURN(const auto control, DetectInParts(scene.pictures.shuffled, detector));
  for (const models::Detection& one : found) {
    if (one.confidence < least_confidence || IsAmong(one, control)) continue;
    Add({.kind = KindOf(one.label),
         .label = one.label,
         .box = PixelsOf(one.box, scene.room.size()),
         .confidence = one.confidence},
        scene, findings);
  }
  return {};
}

void FindingSearch::Add(Finding finding, const Scene& scene, std::vector<Finding>* findings) {
  finding.box &= cv::Rect({0, 0}, scene.room.size());
  if (finding.box.empty() || IsCallers(finding.label, finding.box, scene.presence)) return;
  FillEvidence(scene.room, &finding);
  const double right = finding.evidence_share * finding.pixel_confidence;
  if (finding.evidence_share >= kLeastEvidence && right >= kLeastRight)
    findings->push_back(std::move(finding));
}

void FindingSearch::FindPart(size_t part, const Scene& scene, Part* found) {
  const auto read = [&](models::TextReader* reader, const cv::Mat3b& picture) {
    auto lines = reader->Read(picture, {});
    if (lines.ok())
      found->lines = std::move(*lines);
    else
      found->status = lines.error();
  };
  if (part == kReading && reader_) read(reader_.get(), scene.pictures.recovered);
  if (part == kControl && control_reader_) read(control_reader_.get(), scene.pictures.shuffled);
  if (part == kObjects && objects_)
    found->status =
        FindThings(objects_.get(), static_cast<double>(kLeastObjectConfidence), scene, &found->findings);
  if (part == kFaces && faces_)
    found->status =
        FindThings(faces_.get(), static_cast<double>(kLeastFaceConfidence), scene, &found->findings);
}

// All at once: reading takes most of the time, and keeps to one thread.
void FindingSearch::FindParts(const Scene& scene, std::array<Part, kParts>* parts) {
  std::array<size_t, kParts> of_slot{};
  size_t begun = 0;
  RunOrdered(kParts, {.read =
                          [&](int slot) {
                            of_slot[static_cast<size_t>(slot)] = begun;
                            return begun++ < kParts;
                          },
                      .work =
                          [&](int slot) {
                            const size_t part = of_slot[static_cast<size_t>(slot)];
                            FindPart(part, scene, &(*parts)[part]);
                          },
                      .finish = [](int /*slot*/) {}});
}

Result<std::vector<Finding>> FindingSearch::Find(const image::Reconstruction& room,
                                                 const cv::Mat1f& caller_presence) {
  std::vector<Finding> findings;
  if (room.size().empty() || cv::countNonZero(room.evidence) == 0) return findings;
  Scene scene{room, {}, PicturesOf(room)};
  if (!caller_presence.empty()) cv::resize(caller_presence, scene.presence, room.size());
  std::array<Part, kParts> parts;
  FindParts(scene, &parts);
  for (const Part& part : parts) PEEKPROOF_RETURN_IF_ERROR(part.status);
  const std::vector<models::ReadText>& lines = parts[kReading].lines;
  if (!lines.empty()) {
    if (!control_reader_) {
      PEEKPROOF_ASSIGN_OR_RETURN(parts[kControl].lines, reader_->Read(scene.pictures.shuffled, {}));
    }
    AddText(scene, lines, parts[kControl].lines, &findings);
  }
  for (Part& part : parts)
    std::move(part.findings.begin(), part.findings.end(), std::back_inserter(findings));
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tuple(a.kind, -a.confidence) < std::tuple(b.kind, -b.confidence);
  });
  return findings;
}

}  // namespace peekproof::audit
