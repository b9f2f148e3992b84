// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/pictures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "media/picture.h"
#include "report/colour_map.h"

namespace peekproof::report {
namespace {

constexpr int kJpegQuality = 86;
/// Share of the leaking pixels that may be beyond the brightest colour.
constexpr double kBeyondScale = 0.005;

/// The smallest round number that is at least `value`, in [0.001, 1].
double RoundUp(double value) {
  for (double decade = 0.001; decade < 1; decade *= 10) {
    for (const double step : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0}) {
      if (decade * step >= value * (1 - 1e-9)) return decade * step;
    }
  }
  return 1;
}

double BrightestOf(const cv::Mat1f& heat) {
  std::vector<float> values;
  for (const float value : heat) {
    if (value > 0) values.push_back(value);
  }
  if (values.empty()) return 1;
  const auto beyond = static_cast<std::ptrdiff_t>(kBeyondScale * static_cast<double>(values.size()));
  const auto nth = values.end() - 1 - beyond;
  std::nth_element(values.begin(), nth, values.end());
  return RoundUp(static_cast<double>(*nth));
}

/// Grey at a quarter of the contrast, dark and blurred: enough to find one's way, and a backdrop that colours
/// stand out from. Blurred, because an estimated wallpaper may show the caller where they never moved away.
cv::Mat3b Backdrop(const cv::Mat3b& wallpaper, cv::Size size) {
  if (wallpaper.size() != size) return {size, cv::Vec3b(48, 48, 48)};
  constexpr int kBackdropWidth = 48;
  cv::Mat grey;
  cv::cvtColor(ShrinkToWidth(wallpaper, kBackdropWidth), grey, cv::COLOR_BGR2GRAY);
  cv::resize(grey, grey, size, 0, 0, cv::INTER_CUBIC);
  cv::Mat3b backdrop;
  cv::cvtColor(grey, backdrop, cv::COLOR_GRAY2BGR);
  return cv::Mat3b(backdrop * 0.25 + cv::Scalar::all(20));
}

uchar Mix(double from, double to, double share) {
  return cv::saturate_cast<uchar>(from + share * (to - from));
}

}  // namespace

cv::Mat4b RoomPicture(const image::Reconstruction& room) {
  cv::Mat4b picture(room.size(), cv::Vec4b(0, 0, 0, 0));
  for (int y = 0; y < picture.rows; ++y) {
    for (int x = 0; x < picture.cols; ++x) {
      if (room.evidence(y, x) == 0) continue;
      const cv::Vec3b& bgr = room.bgr(y, x);
      picture(y, x) = cv::Vec4b(bgr[0], bgr[1], bgr[2], 255);
    }
  }
  return picture;
}

cv::Mat1b ConfidenceGrey(const image::Reconstruction& room) {
  cv::Mat1b grey(room.size(), uchar{0});
  for (int y = 0; y < grey.rows; ++y) {
    for (int x = 0; x < grey.cols; ++x) {
      if (room.evidence(y, x) != 0) grey(y, x) = cv::saturate_cast<uchar>(room.confidence(y, x) * 255);
    }
  }
  return grey;
}

cv::Mat4b ConfidencePicture(const image::Reconstruction& room) {
  cv::Mat4b picture(room.size(), cv::Vec4b(0, 0, 0, 0));
  for (int y = 0; y < picture.rows; ++y) {
    for (int x = 0; x < picture.cols; ++x) {
      if (room.evidence(y, x) == 0) continue;
      const cv::Vec3b bgr = MapColour(static_cast<double>(room.confidence(y, x)));
      picture(y, x) = cv::Vec4b(bgr[0], bgr[1], bgr[2], 255);
    }
  }
  return picture;
}

HeatPicture DrawHeat(const cv::Mat1f& heat, const cv::Mat3b& wallpaper) {
  HeatPicture picture = {.bgr = Backdrop(wallpaper, heat.size()), .brightest = BrightestOf(heat)};
  for (int y = 0; y < heat.rows; ++y) {
    for (int x = 0; x < heat.cols; ++x) {
      if (!(heat(y, x) > 0)) continue;
      const double value = std::min(1.0, static_cast<double>(heat(y, x)) / picture.brightest);
      // The first tenth of the scale fades in, so that single noisy pixels do not shout.
      const double opacity = std::min(1.0, 0.45 + 5.5 * value);
      const cv::Vec3b colour = MapColour(value);
      cv::Vec3b& pixel = picture.bgr(y, x);
      for (int c = 0; c < 3; ++c) pixel[c] = Mix(pixel[c], colour[c], opacity);
    }
  }
  return picture;
}

std::string HottestRegion(const cv::Mat1f& heat) {
  std::array<double, 9> sums = {};
  for (int y = 0; y < heat.rows; ++y) {
    for (int x = 0; x < heat.cols; ++x) {
      const float value = heat(y, x);
      if (value > 0) sums[static_cast<size_t>(y * 3 / heat.rows * 3 + x * 3 / heat.cols)] += value;
    }
  }
  const auto hottest = std::max_element(sums.begin(), sums.end());
  if (!(*hottest > 0)) return "";
  constexpr std::array<const char*, 9> kNames = {"upper left", "upper middle", "upper right",
                                                 "left",       "middle",       "right",
                                                 "lower left", "lower middle", "lower right"};
  return kNames[static_cast<size_t>(hottest - sums.begin())];
}

cv::Mat3b DrawMoment(const audit::WorstMoment& moment, int max_width) {
  cv::Mat3b picture = ShrinkToWidth(moment.picture, max_width).clone();
  if (moment.leak.size() != moment.picture.size()) return picture;
  cv::Mat1b leak;
  cv::resize(moment.leak, leak, picture.size(), 0, 0, cv::INTER_AREA);
  leak = cv::Mat1b(leak > 127);
  cv::Mat1b around;
  cv::dilate(leak, around, cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5}));
  for (int y = 0; y < picture.rows; ++y) {
    for (int x = 0; x < picture.cols; ++x) {
      if (leak(y, x) != 0) continue;
      cv::Vec3b& pixel = picture(y, x);
      const double grey = 0.114 * pixel[0] + 0.587 * pixel[1] + 0.299 * pixel[2];
      for (int c = 0; c < 3; ++c) pixel[c] = Mix(pixel[c], 0.6 * grey, 0.6);
      if (around(y, x) != 0) pixel = cv::Vec3b(40, 214, 255);
    }
  }
  return picture;
}

cv::Mat ShrinkToWidth(const cv::Mat& picture, int max_width) {
  if (picture.cols <= max_width) return picture;
  const int rows = std::max(1, static_cast<int>(std::lround(1.0 * picture.rows * max_width / picture.cols)));
  cv::Mat shrunk;
  if (picture.type() != CV_8UC4) {
    cv::resize(picture, shrunk, {max_width, rows}, 0, 0, cv::INTER_AREA);
    return shrunk;
  }
  cv::Mat4f premultiplied;
  picture.convertTo(premultiplied, CV_32F);
  for (cv::Vec4f& pixel : premultiplied) {
    const float alpha = pixel[3] / 255.0F;
    pixel = cv::Vec4f(pixel[0] * alpha, pixel[1] * alpha, pixel[2] * alpha, pixel[3]);
  }
  cv::Mat4f small;
  cv::resize(premultiplied, small, {max_width, rows}, 0, 0, cv::INTER_AREA);
  for (cv::Vec4f& pixel : small) {
    const float scale = pixel[3] > 0 ? 255.0F / pixel[3] : 0.0F;
    pixel = cv::Vec4f(pixel[0] * scale, pixel[1] * scale, pixel[2] * scale, pixel[3]);
  }
  small.convertTo(shrunk, CV_8U);
  return shrunk;
}

std::string Base64(const std::vector<uint8_t>& bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t given = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = uint32_t{bytes[i]} << 16;
    if (given > 1) group |= uint32_t{bytes[i + 1]} << 8;
    if (given > 2) group |= bytes[i + 2];
    text += kDigits[group >> 18];
    text += kDigits[group >> 12 & 63];
    text += given > 1 ? kDigits[group >> 6 & 63] : '=';
    text += given > 2 ? kDigits[group & 63] : '=';
  }
  return text;
}

Result<std::string> PngUri(const cv::Mat& picture) {
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<uint8_t> bytes, media::EncodePng(picture));
  return "data:image/png;base64," + Base64(bytes);
}

Result<std::string> JpegUri(const cv::Mat3b& picture) {
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<uint8_t> bytes, media::EncodeJpeg(picture, kJpegQuality));
  return "data:image/jpeg;base64," + Base64(bytes);
}

}  // namespace peekproof::report
