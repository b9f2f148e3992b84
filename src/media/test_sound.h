// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// Clips with sound for this layer's tests.
namespace peekproof::media::test {

struct SoundOptions {
  std::string encoder = "aac";  ///< FFmpeg's name.
  double offset_s = 0;          ///< Where the sound begins, on the clip's clock.
  double video_offset_s = 0;    ///< What the picture moves on by.
  double duration_s = 1;
  int streams = 1;  ///< The first is German, the others French.
};

/// Copies a silent clip and adds encoded noise. Fails the test on an error.
void AddSound(const std::string& from, const std::string& to, const SoundOptions& options);

struct RawPacket {
  double time_s = 0;  ///< Presentation time on the file's clock.
  std::vector<uint8_t> bytes;
};

struct RawStream {
  bool audio = false;
  std::string codec;
  std::string language;
  std::vector<RawPacket> packets;
};

/// Every packet of a file, by stream, in the order of the file.
std::vector<RawStream> ReadPackets(const std::string& path);

}  // namespace peekproof::media::test
