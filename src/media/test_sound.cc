// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/test_sound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "media/libav.h"

namespace peekproof::media::test {
namespace {

constexpr int kSampleRate = 48000;

struct TimedPacket {
  double decode_s = 0;
  AVRational time_base{1, 1};
  libav::Packet packet;
};

libav::CodecContext OpenSoundEncoder(const std::string& name, bool global_header) {
  const AVCodec* codec = avcodec_find_encoder_by_name(name.c_str());
  PEEKPROOF_CHECK(codec != nullptr, "no encoder {}", name);
  libav::CodecContext encoder(avcodec_alloc_context3(codec));
  encoder->sample_fmt = codec->sample_fmts[0];
  encoder->sample_rate = kSampleRate;
  encoder->bit_rate = 64000;
  encoder->time_base = {1, kSampleRate};
  encoder->flags |= AV_CODEC_FLAG_BITEXACT;
  if (global_header) encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av_channel_layout_default(&encoder->ch_layout, 1);
  PEEKPROOF_CHECK(avcodec_open2(encoder.get(), codec, nullptr) >= 0, "encoder {} does not start", name);
  return encoder;
}

void Drain(AVCodecContext* encoder, int stream, double offset_s, std::vector<TimedPacket>* packets) {
  while (true) {
    libav::Packet packet = libav::MakePacket();
    if (avcodec_receive_packet(encoder, packet.get()) < 0) return;
    const int64_t offset = std::llround(offset_s * kSampleRate);
    packet->pts += offset;
    packet->dts += offset;
    packet->stream_index = stream;
    packets->push_back(
        {static_cast<double>(packet->dts) / kSampleRate, encoder->time_base, std::move(packet)});
  }
}

void EncodeNoise(AVCodecContext* encoder, int stream, const SoundOptions& options,
                 std::vector<TimedPacket>* packets) {
  const int size = encoder->frame_size > 0 ? encoder->frame_size : 1024;
  const int frames = static_cast<int>(std::ceil(options.duration_s * kSampleRate / size));
  const int bytes = av_get_bytes_per_sample(encoder->sample_fmt);
  for (int i = 0; i < frames; ++i) {
    const libav::Frame frame = libav::MakeFrame();
    frame->nb_samples = size;
    frame->format = encoder->sample_fmt;
    frame->sample_rate = kSampleRate;
    av_channel_layout_copy(&frame->ch_layout, &encoder->ch_layout);
    PEEKPROOF_CHECK(av_frame_get_buffer(frame.get(), 0) >= 0, "out of memory");
    for (int k = 0; k < size; ++k) {
      const uint32_t noise = (static_cast<uint32_t>(i * size + k + stream * 7919) * 2654435761U) >> 20;
      const double level = static_cast<double>(noise % 1024) / 1024 - 0.5;
      if (bytes == 4) {
        reinterpret_cast<float*>(frame->data[0])[k] = static_cast<float>(level * 0.5);
      } else {
        reinterpret_cast<int16_t*>(frame->data[0])[k] = static_cast<int16_t>(level * 16000);
      }
    }
    frame->pts = static_cast<int64_t>(i) * size;
    PEEKPROOF_CHECK(avcodec_send_frame(encoder, frame.get()) >= 0, "the sound does not encode");
    Drain(encoder, stream, options.offset_s, packets);
  }
  avcodec_send_frame(encoder, nullptr);
  Drain(encoder, stream, options.offset_s, packets);
}

libav::InputContext OpenInput(const std::string& path) {
  AVFormatContext* opened = nullptr;
  PEEKPROOF_CHECK(avformat_open_input(&opened, path.c_str(), nullptr, nullptr) >= 0, "not opened: {}", path);
  libav::InputContext input(opened);
  PEEKPROOF_CHECK(avformat_find_stream_info(input.get(), nullptr) >= 0, "no streams: {}", path);
  return input;
}

void CopyPicture(AVFormatContext* input, double offset_s, std::vector<TimedPacket>* packets) {
  const AVRational unit = input->streams[0]->time_base;
  libav::Packet packet = libav::MakePacket();
  while (av_read_frame(input, packet.get()) >= 0) {
    const int64_t offset = std::llround(offset_s / av_q2d(unit));
    packet->pts += offset;
    packet->dts += offset;
    packet->stream_index = 0;
    packet->pos = -1;
    packets->push_back({static_cast<double>(packet->dts) * av_q2d(unit), unit, std::move(packet)});
    packet = libav::MakePacket();
  }
}

}  // namespace

void AddSound(const std::string& from, const std::string& to, const SoundOptions& options) {
  const libav::LogCapture log;
  const libav::InputContext input = OpenInput(from);
  AVFormatContext* output = nullptr;
  ASSERT_GE(avformat_alloc_output_context2(&output, nullptr, nullptr, to.c_str()), 0);
  const bool global_header = (output->oformat->flags & AVFMT_GLOBALHEADER) != 0;
  AVStream* picture = avformat_new_stream(output, nullptr);
  ASSERT_GE(avcodec_parameters_copy(picture->codecpar, input->streams[0]->codecpar), 0);
  picture->codecpar->codec_tag = 0;
  picture->time_base = input->streams[0]->time_base;
  std::vector<TimedPacket> packets;
  CopyPicture(input.get(), options.video_offset_s, &packets);
  for (int i = 1; i <= options.streams; ++i) {
    const libav::CodecContext encoder = OpenSoundEncoder(options.encoder, global_header);
    AVStream* sound = avformat_new_stream(output, nullptr);
    ASSERT_GE(avcodec_parameters_from_context(sound->codecpar, encoder.get()), 0);
    sound->time_base = encoder->time_base;
    av_dict_set(&sound->metadata, "language", i == 1 ? "deu" : "fra", 0);
    EncodeNoise(encoder.get(), i, options, &packets);
  }
  std::stable_sort(packets.begin(), packets.end(),
                   [](const TimedPacket& a, const TimedPacket& b) { return a.decode_s < b.decode_s; });
  ASSERT_GE(avio_open(&output->pb, to.c_str(), AVIO_FLAG_WRITE), 0);
  ASSERT_GE(avformat_write_header(output, nullptr), 0) << log.last();
  for (TimedPacket& timed : packets) {
    AVPacket* packet = timed.packet.get();
    av_packet_rescale_ts(packet, timed.time_base, output->streams[packet->stream_index]->time_base);
    ASSERT_GE(av_interleaved_write_frame(output, packet), 0) << log.last();
  }
  ASSERT_GE(av_write_trailer(output), 0);
  avio_closep(&output->pb);
  avformat_free_context(output);
}

std::vector<RawStream> ReadPackets(const std::string& path) {
  const libav::LogCapture log;
  const libav::InputContext input = OpenInput(path);
  std::vector<RawStream> streams(input->nb_streams);
  for (size_t i = 0; i < streams.size(); ++i) {
    const AVStream& stream = *input->streams[i];
    streams[i].audio = stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
    streams[i].codec = avcodec_get_name(stream.codecpar->codec_id);
    const AVDictionaryEntry* language = av_dict_get(stream.metadata, "language", nullptr, 0);
    if (language != nullptr) streams[i].language = language->value;
  }
  const libav::Packet packet = libav::MakePacket();
  while (av_read_frame(input.get(), packet.get()) >= 0) {
    const AVStream& stream = *input->streams[packet->stream_index];
    streams[static_cast<size_t>(packet->stream_index)].packets.push_back(
        {static_cast<double>(packet->pts) * av_q2d(stream.time_base),
         std::vector<uint8_t>(packet->data, packet->data + packet->size)});
    av_packet_unref(packet.get());
  }
  return streams;
}

}  // namespace peekproof::media::test
