// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "base/diagnostics.h"
#include "base/result.h"
#include "image/frame.h"

namespace peekproof::engines {

/// What a background may look at when it is drawn.
struct BackgroundView {
  const image::Frame& camera;  ///< The frame that it will stand behind.
  const cv::Mat1b& caller;  ///< 255 times the soft mask that the engine uses, at frame size, before coverage.
};

/// What stands behind the caller: a picture, a video, a plain colour, or the blurred room.
///
/// Frames come in presentation order. Not thread-safe; rows of one picture may be drawn in parallel.
class Background {
 public:
  virtual ~Background() = default;

  /// Draws the background of one frame.
  /// Out     a picture of the frame's size, BGR 8-bit sRGB, valid until the next call; it may share memory
  ///         with the camera's frame.
  /// Errors  kInvalidArgument (a view of another size than the background was made for), and those of the
  ///         background's own source (a damaged video, a depth stream that ends).
  virtual Result<const cv::Mat3b*> Draw(const BackgroundView& view) = 0;

  /// Whether it shows the room, changed: services filter their mask differently then.
  virtual bool shows_room() const { return false; }

  /// Forgets earlier frames.
  virtual void Reset() {}

  /// What was lost of the background's own source so far, such as damaged frames of a video.
  virtual Diagnostics diagnostics() const { return {}; }
};

/// How a wallpaper picture fills a frame of another shape.
enum class Fit {
  kCover,    ///< Scaled until it fills the frame, centre kept, the rest cut off (Volcomix, BigBlueButton).
  kContain,  ///< Scaled until it fits whole, centred on a plain colour.
  kStretch,  ///< Scaled to the frame, aspect not kept (Jitsi Meet, Twilio).
};

/// Parses "cover", "contain" or "stretch".
Result<Fit> ParseFit(const std::string& name);
/// The name that ParseFit takes.
std::string NameOfFit(Fit fit);

/// Brings a wallpaper picture to frame size: area averaging where it shrinks, bilinear where it grows.
///
/// In      picture: BGR 8-bit. size: of the frame. border: colour beside the picture (kContain only).
/// Errors  kInvalidArgument: empty picture or size.
Result<cv::Mat3b> FitWallpaper(const cv::Mat3b& picture, cv::Size size, Fit fit,
                               const cv::Vec3b& border = cv::Vec3b(0, 0, 0));

/// The same into a buffer that is reused.
Result<void> FitWallpaperInto(const cv::Mat3b& picture, cv::Size size, Fit fit, const cv::Vec3b& border,
                              cv::Mat3b* fitted);

/// A still picture, fitted once to the size of the first frame (again where that changes).
std::unique_ptr<Background> MakePictureBackground(const cv::Mat3b& picture, Fit fit,
                                                  const cv::Vec3b& border = cv::Vec3b(0, 0, 0));

/// One colour, BGR.
std::unique_ptr<Background> MakeColourBackground(const cv::Vec3b& colour);

}  // namespace peekproof::engines
