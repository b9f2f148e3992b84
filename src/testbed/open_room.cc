// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/open_room.h"

#include "engines/background.h"
#include "media/picture.h"

namespace peekproof::testbed {

Result<Room> OpenRoom(const std::string& source, uint64_t seed, cv::Size size) {
  if (source == "drawn") return MakeRoom(seed, size);
  if (source == "chart") return MakeChartRoom(seed, size);
  PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat3b picture, media::ReadPicture(source));
  Room room;
  PEEKPROOF_ASSIGN_OR_RETURN(room.bgr, engines::FitWallpaper(picture, size, engines::Fit::kCover));
  return room;
}

}  // namespace peekproof::testbed
