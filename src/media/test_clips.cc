// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/test_clips.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>

#include "media/libav.h"

namespace peekproof::media::test {

std::vector<uint8_t> ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void WriteBytes(const std::string& path, std::span<const uint8_t> bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

void WriteText(const std::string& path, const std::string& text) {
  WriteBytes(path, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

const std::vector<cv::Vec3b>& PatchColours() {
  static const std::vector<cv::Vec3b> colours = {{0, 0, 0},      {255, 255, 255}, {30, 30, 200},
                                                 {40, 180, 50},  {190, 60, 40},   {128, 128, 128},
                                                 {60, 160, 210}, {180, 90, 150}};
  return colours;
}

namespace {

cv::Rect Patch(cv::Size size, int number) {
  const cv::Point from(number % 4 * size.width / 4, number / 4 * size.height / 2);
  const cv::Point to((number % 4 + 1) * size.width / 4, (number / 4 + 1) * size.height / 2);
  return {from, to};
}

}  // namespace

cv::Mat3b PatchPicture(cv::Size size) {
  cv::Mat3b picture(size);
  for (int i = 0; i < 8; ++i)
    picture(Patch(size, i)).setTo(cv::Scalar(PatchColours()[static_cast<size_t>(i)]));
  return picture;
}

int LargestPatchError(const cv::Mat3b& picture) {
  double largest = 0;
  for (int i = 0; i < 8; ++i) {
    const cv::Rect patch = Patch(picture.size(), i);
    const cv::Rect middle(patch.x + patch.width / 3, patch.y + patch.height / 3, patch.width / 3,
                          patch.height / 3);
    const cv::Mat3b wanted(middle.size(), PatchColours()[static_cast<size_t>(i)]);
    largest = std::max(largest, cv::norm(picture(middle), wanted, cv::NORM_INF));
  }
  return static_cast<int>(largest);
}

cv::Mat3b NumberedPicture(cv::Size size, int number) {
  const auto level = static_cast<uint8_t>(40 + 8 * (number % 20));
  cv::Mat3b picture(size, cv::Vec3b(level, level, level));
  picture(cv::Rect(0, 0, size.width / 2, size.height / 2)).setTo(cv::Scalar(230, 230, 230));
  return picture;
}

int NumberOf(const cv::Mat3b& picture) {
  const cv::Rect corner(picture.cols * 3 / 4, picture.rows * 3 / 4, picture.cols / 8, picture.rows / 8);
  return static_cast<int>(std::lround((cv::mean(picture(corner))[1] - 40) / 8));
}

bool HasEncoder(const std::string& name) { return avcodec_find_encoder_by_name(name.c_str()) != nullptr; }

void WriteClip(const std::string& path, const std::vector<cv::Mat3b>& pictures, const WriterOptions& options,
               const std::vector<double>& times) {
  auto writer = VideoWriter::Create(path, pictures.front().size(), options);
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  for (size_t i = 0; i < pictures.size(); ++i) {
    const Result<void> written =
        times.empty() ? (*writer)->Write(pictures[i]) : (*writer)->WriteAt(pictures[i], times[i]);
    ASSERT_TRUE(written.ok()) << written.error().message;
  }
  const Result<void> finished = (*writer)->Finish();
  ASSERT_TRUE(finished.ok()) << finished.error().message;
}

std::vector<cv::Mat3b> NumberedPictures(cv::Size size, int count) {
  std::vector<cv::Mat3b> pictures;
  for (int i = 0; i < count; ++i) pictures.push_back(NumberedPicture(size, i));
  return pictures;
}

void WriteNumberedClip(const std::string& path, cv::Size size, int count, const WriterOptions& options) {
  WriteClip(path, NumberedPictures(size, count), options);
}

Clip ReadClip(const std::string& path, const ReaderOptions& options) {
  Clip clip;
  auto reader = VideoReader::Open(path, options);
  if (!reader.ok()) {
    clip.error = reader.error();
    return clip;
  }
  clip.info = (*reader)->info();
  while (true) {
    const Result<bool> more = (*reader)->Advance();
    if (!more.ok()) clip.error = more.error();
    if (!more.ok() || !*more) break;
    EXPECT_EQ((*reader)->index(), static_cast<int64_t>(clip.times.size()));
    cv::Mat3b bgr;
    const Result<void> converted = (*reader)->Convert(&bgr);
    if (!converted.ok()) {
      clip.error = converted.error();
      break;
    }
    clip.pictures.push_back(bgr);
    clip.times.push_back((*reader)->time_s());
  }
  clip.diagnostics = (*reader)->diagnostics();
  return clip;
}

namespace {

void AddDisplayMatrix(AVStream* stream, const std::array<int32_t, 9>& matrix) {
  const size_t size = matrix.size() * sizeof(int32_t);
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  AVPacketSideData* data =
      av_packet_side_data_new(&stream->codecpar->coded_side_data, &stream->codecpar->nb_coded_side_data,
                              AV_PKT_DATA_DISPLAYMATRIX, size, 0);
  std::memcpy(data->data, matrix.data(), size);
#else
  std::memcpy(av_stream_new_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, size), matrix.data(), size);
#endif
}

}  // namespace

std::array<int32_t, 9> DisplayMatrix(int a, int b, int c, int d) {
  constexpr int32_t kOne = 1 << 16;
  return {a * kOne, b * kOne, 0, c * kOne, d * kOne, 0, 0, 0, 1 << 30};
}

void Remux(const std::string& from, const std::string& to, const RemuxOptions& options) {
  const libav::LogCapture log;
  AVFormatContext* opened = nullptr;
  ASSERT_GE(avformat_open_input(&opened, from.c_str(), nullptr, nullptr), 0);
  const libav::InputContext input(opened);
  ASSERT_GE(avformat_find_stream_info(input.get(), nullptr), 0);
  AVFormatContext* output = nullptr;
  ASSERT_GE(avformat_alloc_output_context2(&output, nullptr, nullptr, to.c_str()), 0);
  AVStream* stream = avformat_new_stream(output, nullptr);
  ASSERT_GE(avcodec_parameters_copy(stream->codecpar, input->streams[0]->codecpar), 0);
  stream->codecpar->codec_tag = 0;
  stream->time_base = input->streams[0]->time_base;
  stream->avg_frame_rate = input->streams[0]->avg_frame_rate;
  if (options.display_matrix) AddDisplayMatrix(stream, *options.display_matrix);
  ASSERT_GE(avio_open(&output->pb, to.c_str(), AVIO_FLAG_WRITE), 0);
  AVDictionary* settings = nullptr;
  if (!options.movflags.empty()) av_dict_set(&settings, "movflags", options.movflags.c_str(), 0);
  ASSERT_GE(avformat_write_header(output, &settings), 0) << log.last();
  av_dict_free(&settings);
  const libav::Packet packet = libav::MakePacket();
  while (av_read_frame(input.get(), packet.get()) >= 0) {
    av_packet_rescale_ts(packet.get(), input->streams[0]->time_base, stream->time_base);
    packet->stream_index = 0;
    packet->pos = -1;
    ASSERT_GE(av_interleaved_write_frame(output, packet.get()), 0);
  }
  ASSERT_GE(av_write_trailer(output), 0);
  avio_closep(&output->pb);
  avformat_free_context(output);
}

}  // namespace peekproof::media::test
