// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>

#include "base/result.h"

/// Owning handles and error texts for FFmpeg's C interface. Only src/media includes this.
namespace peekproof::media::libav {

struct Deleter {
  void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(SwsContext* context) const { sws_freeContext(context); }
  void operator()(AVDictionary* dictionary) const { av_dict_free(&dictionary); }
};

using InputContext = std::unique_ptr<AVFormatContext, Deleter>;
using CodecContext = std::unique_ptr<AVCodecContext, Deleter>;
using Frame = std::unique_ptr<AVFrame, Deleter>;
using Packet = std::unique_ptr<AVPacket, Deleter>;
using Scaler = std::unique_ptr<SwsContext, Deleter>;

/// Never null: running out of memory for a header aborts.
Frame MakeFrame();
Packet MakePacket();

/// FFmpeg's words for one of its error codes.
std::string ErrorText(int code);

/// While one lives, FFmpeg's own error messages of this thread are kept instead of going anywhere. Messages
/// of other threads (decoder workers) are dropped: they cannot be told apart. From the first capture on
/// FFmpeg writes nothing to standard error, in the whole process.
class LogCapture {
 public:
  LogCapture();
  /// The latest error message of this thread since construction, one line; empty if there was none.
  std::string last() const;
  /// ErrorText(code), followed by last() in brackets where there is one.
  std::string Explain(int code) const;
};

}  // namespace peekproof::media::libav
