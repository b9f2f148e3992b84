// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/libav.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <mutex>

extern "C" {
#include <libavutil/mem.h>
}

#ifdef PEEKPROOF_SANITIZED
// The libraries are not instrumented: ThreadSanitizer does not see the atomics by which FFmpeg's decoder
// threads hand over frames, and LeakSanitizer sees the parameters that x265 keeps for ever. NOLINTBEGIN
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:libavcodec.so\nrace:libavutil.so\nrace:libswscale.so\nrace:libx264.so\nrace:libx265.so\n"
         "race:libvpx.so\nrace:libaom.so\nrace:libdav1d.so\n";
}
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libx265\n"; }
// NOLINTEND
#endif

namespace peekproof::media::libav {
namespace {

/// A crafted header of 2 kB can ask for an index of 2 GB. The largest picture that is read by default, in the
/// widest layout (16 bits, no subsampling, alpha), takes as much as this; the index of a day of video a
/// tenth.
constexpr size_t kLargestAllocation = size_t{8192} * 8192 * 8;

/// Plain storage, so that FFmpeg may log while a thread is being torn down.
struct LastMessage {
  std::array<char, 400> text;
  size_t length;
  bool complete;
};
thread_local LastMessage last_message{};

void KeepMessage(void* /*object*/, int level, const char* format, va_list arguments) {
  if (level > AV_LOG_ERROR) return;
  if (last_message.complete) {
    last_message.length = 0;
    last_message.complete = false;
  }
  const size_t room = last_message.text.size() - last_message.length;
  const int written = std::vsnprintf(last_message.text.data() + last_message.length, room, format, arguments);
  if (written < 0) return;
  last_message.length += std::min(static_cast<size_t>(written), room - 1);
  last_message.complete = std::strchr(format, '\n') != nullptr;
}

}  // namespace

Frame MakeFrame() {
  Frame frame(av_frame_alloc());
  PEEKPROOF_CHECK(frame != nullptr, "out of memory");
  return frame;
}

Packet MakePacket() {
  Packet packet(av_packet_alloc());
  PEEKPROOF_CHECK(packet != nullptr, "out of memory");
  return packet;
}

std::string ErrorText(int code) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(code, text.data(), text.size());
  return text.data();
}

LogCapture::LogCapture() {
  static std::once_flag installed;
  std::call_once(installed, [] {
    av_log_set_callback(KeepMessage);
    av_max_alloc(kLargestAllocation);
  });
  last_message.length = 0;
  last_message.complete = false;
}

std::string LogCapture::last() const {
  std::string text(last_message.text.data(), last_message.length);
  for (char& character : text) {
    if (static_cast<unsigned char>(character) < 0x20 || character == 0x7f) character = ' ';
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.pop_back();
  return text;
}

std::string LogCapture::Explain(int code) const {
  const std::string message = last();
  return message.empty() ? ErrorText(code) : fmt::format("{} ({})", ErrorText(code), message);
}

}  // namespace peekproof::media::libav
