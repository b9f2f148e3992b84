// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "audit/finding.h"
#include "base/result.h"
#include "image/reconstruction.h"
#include "models/detector.h"
#include "models/text_reader.h"

namespace peekproof::audit {

/// What is looked for.
struct FindingKinds {
  bool text = false;
  bool objects = false;  ///< With screens.
  bool faces = false;
};

/// Reads "text,objects,faces", any of them, or "none". Errors  kInvalidArgument naming the word.
Result<FindingKinds> ParseFindingKinds(const std::string& words);

/// Looks for writing, objects, screens and faces in recovered rooms.
///
/// Readers and networks see recovered pixels, and between them their colours smoothed far, so that holes have
/// hardly an outline. A find counts only where its box is recovered for the most part (kLeastEvidence), where
/// enough of it is expected to be right (kLeastRight), and where half as sure a find of the same is not made
/// at the place when the recovered pixels are shuffled, which leaves outlines and colours and nothing else.
/// People and faces where the caller often is, and anything where he mostly is, are his remains and left out.
///
/// Not thread-safe. The result is deterministic.
class FindingSearch {
 public:
  static constexpr double kLeastEvidence = 0.6;  ///< Share of the box that is recovered,
  static constexpr double kLeastRight = 0.3;     ///< and that is expected to be right.

  /// Whatever cannot be had (a model that is not installed) is left out, and told in notes().
  explicit FindingSearch(const FindingKinds& kinds);
  /// The same with readers and networks of one's own; null: not looked for.
  FindingSearch(std::unique_ptr<models::TextReader> reader, std::unique_ptr<models::Detector> objects,
                std::unique_ptr<models::Detector> faces);

  /// One sentence for each kind that could not be looked for.
  const std::vector<std::string>& notes() const { return notes_; }

  /// In      caller_presence: share of the call in which a place was the caller's, any size, in [0, 1];
  ///         empty: nowhere.
  /// Out     by kind, then by falling confidence.
  /// Errors  those of the reader and the networks.
  Result<std::vector<Finding>> Find(const image::Reconstruction& room, const cv::Mat1f& caller_presence);

 private:
  struct Scene;
  struct Part;
  enum PartOf : size_t { kReading, kControl, kObjects, kFaces, kParts };
  void FindPart(size_t part, const Scene& scene, Part* found);
  void FindParts(const Scene& scene, std::array<Part, kParts>* parts);
  static void AddText(const Scene& scene, const std::vector<models::ReadText>& lines,
                      const std::vector<models::ReadText>& shuffled, std::vector<Finding>* findings);
  Result<void> FindThings(models::Detector* detector, double least_confidence, const Scene& scene,
                          std::vector<Finding>* findings);
  static void Add(Finding finding, const Scene& scene, std::vector<Finding>* findings);

  std::unique_ptr<models::TextReader> reader_;
  std::unique_ptr<models::TextReader>
      control_reader_;  ///< Of shuffled pictures, beside it; null: reader_, after.
  std::unique_ptr<models::Detector> objects_;
  std::unique_ptr<models::Detector> faces_;
  std::vector<std::string> notes_;
};

}  // namespace peekproof::audit
