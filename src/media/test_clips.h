// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/temporary_folder.h"
#include "media/video_reader.h"
#include "media/video_writer.h"

/// Clips with known content for this layer's tests.
namespace peekproof::media::test {

/// A fresh folder that goes away with its owner.
class TemporaryFolder {
 public:
  std::string operator/(const std::string& name) const { return *folder_ / name; }
  const std::filesystem::path& path() const { return folder_->path(); }

 private:
  std::unique_ptr<peekproof::TemporaryFolder> folder_ = peekproof::TemporaryFolder::Make().value();
};

std::vector<uint8_t> ReadBytes(const std::string& path);
void WriteBytes(const std::string& path, std::span<const uint8_t> bytes);
void WriteText(const std::string& path, const std::string& text);

/// The BGR colours of PatchPicture, in a grid of 4 columns and 2 rows.
const std::vector<cv::Vec3b>& PatchColours();
/// Eight flat patches of known colours, filling the size.
cv::Mat3b PatchPicture(cv::Size size);
/// The largest difference of any channel between a picture and PatchPicture, in the middle of each patch.
int LargestPatchError(const cv::Mat3b& picture);
/// A grey picture with the frame's number as its level, 40 + 8 * number, and a brighter left top quarter.
cv::Mat3b NumberedPicture(cv::Size size, int number);
/// The number that NumberedPicture was made with, from the picture after lossy coding.
int NumberOf(const cv::Mat3b& picture);

bool HasEncoder(const std::string& name);

/// Writes pictures at the options' rate, or at `times` where given. Fails the test on an error.
void WriteClip(const std::string& path, const std::vector<cv::Mat3b>& pictures, const WriterOptions& options,
               const std::vector<double>& times = {});
/// `count` pictures with the numbers from 0.
std::vector<cv::Mat3b> NumberedPictures(cv::Size size, int count);
/// Writes `count` numbered pictures.
void WriteNumberedClip(const std::string& path, cv::Size size, int count, const WriterOptions& options);

struct Clip {
  VideoInfo info;
  Diagnostics diagnostics;
  std::vector<cv::Mat3b> pictures;
  std::vector<double> times;
  std::optional<Error> error;  ///< Of Open or of the read that failed.
};
/// Reads and converts everything.
Clip ReadClip(const std::string& path, const ReaderOptions& options = {});

/// The display matrix that takes (x, y) to (a x + c y, b x + d y).
std::array<int32_t, 9> DisplayMatrix(int a, int b, int c, int d);

struct RemuxOptions {
  std::optional<std::array<int32_t, 9>> display_matrix;
  std::string movflags;  ///< Of FFmpeg's MP4 writer.
};
/// Copies the packets of a clip into another container.
void Remux(const std::string& from, const std::string& to, const RemuxOptions& options);

}  // namespace peekproof::media::test
