// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/result.h"

namespace peekproof::models {

/// A line of text that was read.
struct ReadText {
  std::string text;       ///< UTF-8, without line end.
  cv::Rect box;           ///< In pixels of the picture.
  double confidence = 0;  ///< Of the reader's, 0 to 1.
};

struct TextReaderOptions {
  std::string language = "eng";   ///< Of Tesseract's language data.
  double least_confidence = 0.3;  ///< Lines below are left out, 0 to 1.
  double enlarge = 2.0;  ///< The picture is enlarged so much first: Tesseract reads capitals of about 30 rows
                         ///< best; 1 to 6.

  Result<void> Validate() const;
};

/// Reads writing in pictures. Reading is deterministic. Not thread-safe.
class TextReader {
 public:
  virtual ~TextReader() = default;

  /// In      bgr: BGR 8-bit sRGB, not empty.
  ///         present: 255 where a pixel is known, of the same size; empty: everywhere. Absent pixels take the
  ///         mean colour of the present ones, and a line of which less than half is present is no line.
  /// Errors  kInvalidArgument (sizes); kInternal (the reader fails).
  virtual Result<std::vector<ReadText>> Read(const cv::Mat3b& bgr, const cv::Mat1b& present) = 0;
  virtual std::string description() const = 0;
};

/// Tesseract 5 on sparse text, one thread.
/// Errors  kInvalidArgument (options); kNotFound (no language data: names the package).
Result<std::unique_ptr<TextReader>> MakeTextReader(const TextReaderOptions& options = {});

}  // namespace peekproof::models
