// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/truth_videos.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <filesystem>

#include "base/parallel.h"

namespace peekproof::testbed {
namespace {

namespace fs = std::filesystem;

constexpr int kMattes = 3;
constexpr std::array<const char*, kMattes> kMatteFiles{"caller.mkv", "engine_alpha.mkv", "leak_alpha.mkv"};
constexpr double kMatteSteps = 65535.0;

float MatteOf(double sample) { return static_cast<float>(sample / kMatteSteps); }

std::array<const image::AlphaMask*, kMattes> MattesOf(const TruthFrame& frame) {
  return {&frame.caller, &frame.engine_alpha, &frame.leak_alpha};
}

}  // namespace

void QuantiseMatte(image::AlphaMask* matte) {
  cv::Mat1f& values = matte->values;
  ParallelRows(values.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      float* const row = values[y];
      for (int x = 0; x < values.cols; ++x)
        row[x] = MatteOf(std::floor(static_cast<double>(row[x]) * kMatteSteps + 0.5));
    }
  });
}

void MatteFromSamples(const cv::Mat1w& samples, cv::Mat1f* matte) {
  matte->create(samples.size());
  ParallelRows(samples.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y)
      for (int x = 0; x < samples.cols; ++x) (*matte)(y, x) = MatteOf(samples(y, x));
  });
}

Result<std::unique_ptr<TruthVideoWriter>> TruthVideoWriter::Create(const std::string& directory,
                                                                   cv::Size size, double frame_rate,
                                                                   bool with_wallpaper) {
  std::unique_ptr<TruthVideoWriter> writer(new TruthVideoWriter);
  const fs::path folder = fs::path(directory) / "truth";
  media::WriterOptions grey = media::LosslessGrey(16);
  grey.frame_rate = frame_rate;
  for (int i = 0; i < kMattes; ++i) {
    PEEKPROOF_ASSIGN_OR_RETURN(writer->mattes_[i],
                               media::VideoWriter::Create((folder / kMatteFiles[i]).string(), size, grey));
  }
  if (!with_wallpaper) return writer;
  media::WriterOptions colour;
  colour.codec = "ffv1";
  colour.frame_rate = frame_rate;
  PEEKPROOF_ASSIGN_OR_RETURN(writer->wallpaper_,
                             media::VideoWriter::Create((folder / "wallpaper.mkv").string(), size, colour));
  return writer;
}

Result<void> TruthVideoWriter::Write(const TruthFrame& frame, const cv::Mat3b& wallpaper) {
  Result<void> written[kMattes + 1];
  const auto mattes = MattesOf(frame);
  ParallelRows(kMattes + 1, [&](int first, int end) {
    for (int i = first; i < end; ++i) {
      if (i < kMattes) {
        mattes[i]->values.convertTo(samples_[i], CV_16U, kMatteSteps);
        written[i] = mattes_[i]->WriteAt(samples_[i], frame.time_s);
      } else if (wallpaper_) {
        written[i] = wallpaper_->WriteAt(wallpaper, frame.time_s);
      }
    }
  });
  for (Result<void>& result : written) PEEKPROOF_RETURN_IF_ERROR(std::move(result));
  return {};
}

Result<void> TruthVideoWriter::Finish() {
  for (const auto& matte : mattes_) PEEKPROOF_RETURN_IF_ERROR(matte->Finish());
  return wallpaper_ ? wallpaper_->Finish() : Result<void>();
}

Result<std::unique_ptr<TruthVideoReader>> TruthVideoReader::Open(const std::string& directory) {
  std::unique_ptr<TruthVideoReader> reader(new TruthVideoReader);
  for (int i = 0; i < kMattes; ++i) {
    const std::string path = (fs::path(directory) / "truth" / kMatteFiles[i]).string();
    if (!fs::exists(path))
      return Error{ErrorCode::kNotFound,
                   fmt::format("the scene was made without the mattes of its frames; make it again with "
                               "truth_frames=yes: {}",
                               path)};
    PEEKPROOF_ASSIGN_OR_RETURN(reader->mattes_[i], media::VideoReader::Open(path, {}));
  }
  return reader;
}

Result<bool> TruthVideoReader::Next(TruthFrame* frame) {
  image::AlphaMask* const mattes[kMattes] = {&frame->caller, &frame->engine_alpha, &frame->leak_alpha};
  bool more[kMattes];
  for (int i = 0; i < kMattes; ++i) {
    PEEKPROOF_ASSIGN_OR_RETURN(more[i], mattes_[i]->Advance());
    if (more[i] != more[0])
      return Error{ErrorCode::kCorruptData,
                   fmt::format("{} and {} have different numbers of frames; make the scene again",
                               kMatteFiles[0], kMatteFiles[i])};
    if (!more[i]) continue;
    PEEKPROOF_RETURN_IF_ERROR(mattes_[i]->ConvertGrey(&samples_));
    MatteFromSamples(samples_, &mattes[i]->values);
  }
  frame->time_s = mattes_[0]->time_s();
  return more[0];
}

}  // namespace peekproof::testbed
