// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "media/atomic_file.h"
#include "media/audio_copy.h"
#include "media/bgr_to_frame.h"
#include "media/libav.h"
#include "media/picture_sink.h"
#include "media/video_writer.h"

namespace peekproof::media {

/// Pictures by way of an encoder and a muxer into one file.
class EncodedFile : public PictureSink {
 public:
  static Result<std::unique_ptr<PictureSink>> Create(const std::string& path, cv::Size size,
                                                     const WriterOptions& options);

  Result<void> Write(const cv::Mat& picture, std::optional<double> time_s) override;
  Result<void> Finish(SoundEnd sound_end) override;
  const Diagnostics& diagnostics() const override { return diagnostics_; }
  bool has_fixed_rate() const override { return fixed_rate_; }

 private:
  struct OutputDeleter {
    void operator()(AVFormatContext* context) const {
      avio_closep(&context->pb);
      avformat_free_context(context);
    }
  };

  EncodedFile(AtomicFile file, std::string path, const WriterOptions& options);
  Result<void> Start(const AVOutputFormat* container, cv::Size size);
  Result<void> OpenAudio();
  Result<void> OpenOutput(const AVOutputFormat* container);
  Result<int64_t> TickAt(double time_s) const;
  Result<AVFrame*> FrameOf(const cv::Mat& picture);
  Result<void> Encode(AVFrame* frame);
  Result<void> CopyAudio(double until_s);
  Error Failed(ErrorCode code, const char* what, const std::string& why) const;

  AtomicFile file_;
  const std::string path_;
  const WriterOptions options_;
  libav::CodecContext encoder_;
  std::unique_ptr<AVFormatContext, OutputDeleter> output_;
  std::unique_ptr<AudioCopy> audio_;
  double shift_s_ = 0;       ///< What everything moves on by.
  int64_t shift_ticks_ = 0;  ///< The same on the encoder's clock.
  Diagnostics diagnostics_;
  std::optional<BgrToFrame> converter_;  ///< None for grey.
  libav::Frame grey_;                    ///< Null for colour.
  libav::Packet packet_ = libav::MakePacket();
  int64_t ticks_per_frame_ = 1;  ///< At the nominal rate, rounded.
  int64_t count_ = 0;
  int64_t last_tick_ = -1;
  double last_time_s_ = -1;  ///< The last time that was given.
  bool fixed_rate_ = false;
  bool finished_ = false;
};

}  // namespace peekproof::media
