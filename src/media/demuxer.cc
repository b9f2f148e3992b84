// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/demuxer.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "media/picture_sequence.h"

extern "C" {
#include <libavutil/avstring.h>
#include <libavutil/opt.h>
}

namespace peekproof::media {
namespace {

/// FFmpeg's names of the formats that we read: self-contained ones only. Those with sound alone are let in so
/// that the message can say so.
constexpr char kFormats[] =
    "mov,matroska,webm,avi,flv,mpegts,mpeg,gif,yuv4mpegpipe,h264,hevc,m4v,mpegvideo,ivf,obu,av1,asf,ogg,nut,"
    "mxf,vc1,mjpeg,dv,apng,png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,tiff_pipe,ppm_pipe,pgm_pipe,pam_pipe,"
    "mp3,wav,flac,aac,aiff,amr,ac3,eac3,caf,au";

constexpr int kMaxFailuresInARow = 200;
constexpr char kDamaged[] = "damaged data in the file was skipped";

std::string LeadingName(const AVInputFormat* format) {
  const std::string names = format->name;
  return names.substr(0, names.find(','));
}

}  // namespace

Demuxer::Demuxer(std::string name, DemuxerOptions options)
    : name_(std::move(name)), options_(std::move(options)) {}

// FFmpeg's context reads through input_, so it goes first.
Demuxer::~Demuxer() { context_.reset(); }

Result<std::unique_ptr<Demuxer>> Demuxer::Open(const VideoInput& input, const DemuxerOptions& options) {
  std::unique_ptr<Demuxer> demuxer(new Demuxer(input.name, options));
  struct stat status {};
  const bool sequence =
      !input.bytes && stat(input.name.c_str(), &status) != 0 && IsSequencePattern(input.name);
  if (sequence) {
    PEEKPROOF_RETURN_IF_ERROR(demuxer->OpenSequence());
  } else {
    PEEKPROOF_RETURN_IF_ERROR(demuxer->OpenContainer(input));
  }
  PEEKPROOF_RETURN_IF_ERROR(demuxer->FindStreams());
  PEEKPROOF_RETURN_IF_ERROR(demuxer->ChooseStream());
  return demuxer;
}

int Demuxer::Interrupted(void* self) {
  return static_cast<Demuxer*>(self)->options_.stop.stop_requested() ? 1 : 0;
}

/// Stands in for FFmpeg's own opening of files: pictures of a sequence only.
int Demuxer::OpenPicture(AVFormatContext* context, AVIOContext** stream, const char* url, int flags,
                         AVDictionary** options) {
  const auto* self = static_cast<const Demuxer*>(context->opaque);
  const char* path = nullptr;
  if (self->input_ != nullptr || flags != AVIO_FLAG_READ || !av_strstart(url, "file:", &path)) {
    return AVERROR(EPERM);
  }
  struct stat status {};
  if (stat(path, &status) != 0) return AVERROR(errno);
  if (!S_ISREG(status.st_mode)) return AVERROR(EINVAL);
  return avio_open2(stream, url, flags, &context->interrupt_callback, options);
}

Result<void> Demuxer::OpenSequence() {
  PEEKPROOF_ASSIGN_OR_RETURN(const PictureSequence sequence, FindPictureSequence(name_));
  sequence_count_ = sequence.count;
  behind_the_gap_ = sequence.behind_the_gap;
  context_.reset(avformat_alloc_context());
  PEEKPROOF_CHECK(context_ != nullptr, "out of memory");
  context_->opaque = this;
  context_->io_open = &Demuxer::OpenPicture;
  context_->interrupt_callback = {.callback = &Demuxer::Interrupted, .opaque = this};
  context_->protocol_whitelist = av_strdup("file");
  AVDictionary* settings = nullptr;
  av_dict_set(&settings, "pattern_type", "sequence", 0);
  av_dict_set_int(&settings, "start_number", sequence.first_number, 0);
  av_dict_set(&settings, "framerate", fmt::format("{}", options_.sequence_frame_rate).c_str(), 0);
  const libav::LogCapture log;
  AVFormatContext* context = context_.release();
  const int code = avformat_open_input(&context, ("file:" + sequence.pattern).c_str(),
                                       av_find_input_format("image2"), &settings);
  av_dict_free(&settings);
  context_.reset(context);  // Null on failure: FFmpeg frees it.
  if (code < 0) return OpeningFailed(code, log, "image2");
  return {};
}

Result<const AVInputFormat*> Demuxer::Probe() {
  // No name is given: the content decides, so a text called .mp4 is still a text.
  const libav::LogCapture log;
  AVIOContext* stream = input_->context();
  const AVInputFormat* format = nullptr;
  const int code = av_probe_input_buffer2(stream, &format, "", nullptr, 0, 0);
  if (code == AVERROR_EXIT) return Error{ErrorCode::kInterrupted, "stopped"};
  if (input_->io_error() != 0) return OpeningFailed(AVERROR(input_->io_error()), log, "");
  if (code < 0 || format == nullptr) {
    return Error{
        ErrorCode::kUnsupported,
        fmt::format("not a video: no known format; give a recording such as .mp4, .mkv or .webm: {}", name_)};
  }
  if (av_match_list(format->name, kFormats, ',') == 0) {
    return Error{
        ErrorCode::kUnsupported,
        fmt::format("not a video that is read (it looks like format \"{}\"); convert the recording to "
                    ".mp4, .mkv or .webm: {}",
                    LeadingName(format), name_)};
  }
  return format;
}

Result<void> Demuxer::OpenContainer(const VideoInput& input) {
  PEEKPROOF_ASSIGN_OR_RETURN(std::unique_ptr<ByteSource> source,
                             input.bytes ? OpenBytes(*input.bytes) : OpenFile(input.name));
  input_ = std::make_unique<InputStream>(std::move(source), options_.stop);
  PEEKPROOF_ASSIGN_OR_RETURN(const AVInputFormat* format, Probe());
  context_.reset(avformat_alloc_context());
  PEEKPROOF_CHECK(context_ != nullptr, "out of memory");
  context_->opaque = this;
  context_->pb = input_->context();
  context_->io_open = &Demuxer::OpenPicture;
  context_->interrupt_callback = {.callback = &Demuxer::Interrupted, .opaque = this};
  context_->protocol_whitelist = av_strdup("file");
  const libav::LogCapture log;
  AVFormatContext* context = context_.release();
  const int code = avformat_open_input(&context, "", format, nullptr);
  context_.reset(context);  // Null on failure: FFmpeg frees it.
  if (code < 0) return OpeningFailed(code, log, LeadingName(format));
  return {};
}

Error Demuxer::OpeningFailed(int code, const libav::LogCapture& log, const std::string& format) const {
  if (code == AVERROR_EXIT) return {ErrorCode::kInterrupted, "stopped"};
  const int io_error = input_ != nullptr ? input_->io_error() : 0;
  if (io_error != 0) {
    return {ErrorCode::kIo, fmt::format("reading failed ({}); copy the file again: {}",
                                        libav::ErrorText(AVERROR(io_error)), name_)};
  }
  // libavutil's own limit, found while reading a header.
  int width = 0;
  int height = 0;
  if (std::sscanf(log.last().c_str(), "Picture size %dx%d", &width, &height) == 2)
    return TooLarge(width, height);
  if (log.last().find("moov atom not found") != std::string::npos) {
    return {ErrorCode::kCorruptData,
            fmt::format("the MP4 file has no index (moov): it was cut off before the recorder completed it; "
                        "export it again, or repair it with a tool such as untrunc: {}",
                        name_)};
  }
  return {ErrorCode::kCorruptData, fmt::format("the {} file is damaged: {}; record or copy it again: {}",
                                               format.empty() ? "video" : format, log.Explain(code), name_)};
}

Error Demuxer::TooLarge(int width, int height) const {
  return {ErrorCode::kUnsupported,
          fmt::format("the picture size {}x{} is over the limit of {} pixels; scale the recording down: {}",
                      width, height, options_.max_pixels, name_)};
}

Result<void> Demuxer::CheckSizes() const {
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    const AVCodecParameters& parameters = *context_->streams[i]->codecpar;
    const bool video = parameters.codec_type == AVMEDIA_TYPE_VIDEO;
    const int64_t pixels = static_cast<int64_t>(parameters.width) * parameters.height;
    if (video && pixels > options_.max_pixels) return TooLarge(parameters.width, parameters.height);
  }
  return {};
}

Result<void> Demuxer::FindStreams() {
  PEEKPROOF_RETURN_IF_ERROR(CheckSizes());
  const libav::LogCapture log;
  std::vector<AVDictionary*> settings(context_->nb_streams, nullptr);
  for (AVDictionary*& setting : settings) av_dict_set_int(&setting, "max_pixels", options_.max_pixels, 0);
  const size_t count = settings.size();
  const int code = avformat_find_stream_info(context_.get(), count > 0 ? settings.data() : nullptr);
  for (AVDictionary*& setting : settings) av_dict_free(&setting);
  if (code < 0) return OpeningFailed(code, log, LeadingName(context_->iformat));
  NoteLog(log);
  if (options_.stop.stop_requested()) return Error{ErrorCode::kInterrupted, "stopped"};
  return CheckSizes();
}

Result<void> Demuxer::ChooseStream() {
  constexpr int kStills = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS;
  // Where packets lie in a row, those of the other kind tell how far the file goes.
  const bool other_matters = !NameMatches("mov");
  const bool for_sound = options_.kind == StreamKind::kAudio;
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    AVStream* candidate = context_->streams[i];
    const AVMediaType type = candidate->codecpar->codec_type;
    const bool audio = type == AVMEDIA_TYPE_AUDIO;
    if (audio) has_audio_ = true;
    const bool video = type == AVMEDIA_TYPE_VIDEO && (candidate->disposition & kStills) == 0;
    if (video) ++video_streams_;
    const bool chosen = for_sound ? audio : video && stream_ == nullptr;
    const bool other = for_sound ? video : audio;
    if (chosen && stream_ == nullptr) stream_ = candidate;
    if (!chosen && !(other && other_matters)) candidate->discard = AVDISCARD_ALL;
  }
  if (context_->nb_streams == 0) {
    return Error{
        ErrorCode::kCorruptData,
        fmt::format("the file describes no stream: it is damaged or cut off; record or copy it again: {}",
                    name_)};
  }
  if (stream_ == nullptr && for_sound) {
    return Error{ErrorCode::kUnsupported, fmt::format("the recording has no sound to take over: {}", name_)};
  }
  if (stream_ == nullptr) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("the file has no video stream{}; give a recording of the picture: {}",
                             has_audio_ ? ", only sound" : "", name_)};
  }
  // Truncated Matroska shows while opening: its index lies behind the end.
  if (input_ != nullptr && NameMatches("matroska") && input_->sought_past_end()) cut_off_ = true;
  if (input_ != nullptr) input_->ClearPastEnd();
  return {};
}

bool Demuxer::NameMatches(const char* names) const {
  return av_match_list(context_->iformat->name, names, ',') != 0;
}

bool Demuxer::CanSeek() const { return NameMatches("mov,matroska,mpegts,image2"); }

bool Demuxer::SeekTo(int64_t timestamp) {
  const int code = avformat_seek_file(context_.get(), stream_->index, INT64_MIN, timestamp, timestamp,
                                      AVSEEK_FLAG_BACKWARD);
  return code >= 0;
}

double Demuxer::SecondsOf(int64_t timestamp) const {
  const double unit = av_q2d(stream_->time_base);
  const int64_t start = stream_->start_time == AV_NOPTS_VALUE ? 0 : stream_->start_time;
  return (static_cast<double>(timestamp) - static_cast<double>(start)) * unit;
}

/// Reads one packet ahead: only the file's last packet shows by being incomplete that the file is truncated.
/// One in the midst (a transport stream with losses) is left to the decoder, which knows what of it is good.
Result<bool> Demuxer::Next(AVPacket* packet, Diagnostics* diagnostics) {
  if (!ahead_is_full_) {
    PEEKPROOF_ASSIGN_OR_RETURN(ahead_is_full_, Read(diagnostics));
    if (!ahead_is_full_) return false;
  }
  av_packet_move_ref(packet, ahead_.get());
  PEEKPROOF_ASSIGN_OR_RETURN(ahead_is_full_, Read(diagnostics));
  if ((packet->flags & AV_PKT_FLAG_CORRUPT) == 0) return true;
  if (ahead_is_full_ || input_ == nullptr) {
    diagnostics->Add(ErrorCode::kCorruptData, kDamaged, SecondsOf(packet->dts));
    return true;
  }
  av_packet_unref(packet);
  NoteTruncation(diagnostics);
  return false;
}

bool Demuxer::IsWanted(const AVPacket& packet) const {
  if (options_.kind == StreamKind::kVideo) return packet.stream_index == stream_->index;
  return context_->streams[packet.stream_index]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
}

/// Takes the next packet of the chosen kind into ahead_; false at the end.
Result<bool> Demuxer::Read(Diagnostics* diagnostics) {
  while (!ended_) {
    if (options_.stop.stop_requested()) return Error{ErrorCode::kInterrupted, "stopped"};
    const bool sequence_end = sequence_count_ > 0 && packets_ == sequence_count_;
    const libav::LogCapture log;
    const int code = sequence_end ? AVERROR_EOF : av_read_frame(context_.get(), ahead_.get());
    NoteLog(log);
    if (code == AVERROR_EXIT) return Error{ErrorCode::kInterrupted, "stopped"};
    if (code == AVERROR_EOF) {
      NoteEnd(diagnostics);
    } else if (code < 0) {
      ended_ = !SkipDamage(code, diagnostics);
    } else {
      failures_in_a_row_ = 0;
      NoteProgress(*ahead_);
      if (IsWanted(*ahead_)) {
        ++packets_;
        return true;
      }
      av_packet_unref(ahead_.get());
    }
  }
  return false;
}

/// The Matroska demuxer ends like any other when an element is cut, and only logs it.
void Demuxer::NoteLog(const libav::LogCapture& log) {
  if (log.last().find("ended prematurely") != std::string::npos) cut_off_ = true;
}

/// Tells of a failed read; false if reading on is of no use.
bool Demuxer::SkipDamage(int code, Diagnostics* diagnostics) {
  if (code == AVERROR(EAGAIN)) return ++failures_in_a_row_ < kMaxFailuresInARow;
  if (input_ != nullptr && input_->io_error() != 0) {
    diagnostics->Add(ErrorCode::kIo,
                     fmt::format("reading the file failed ({}): the rest was not read",
                                 libav::ErrorText(AVERROR(input_->io_error()))),
                     read_until_s_);
    return false;
  }
  if (input_ != nullptr && (avio_feof(input_->context()) != 0 || input_->sought_past_end())) {
    NoteTruncation(diagnostics);
    return false;
  }
  diagnostics->Add(ErrorCode::kCorruptData, kDamaged, read_until_s_);
  if (++failures_in_a_row_ < kMaxFailuresInARow) return true;
  diagnostics->Add(ErrorCode::kCorruptData, "the rest of the file is damaged and was not read",
                   read_until_s_);
  return false;
}

void Demuxer::NoteProgress(const AVPacket& packet) {
  if (packet.pos >= 0) last_byte_ = std::max(last_byte_, packet.pos + packet.size);
  const int64_t timestamp = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  if (timestamp == AV_NOPTS_VALUE) return;
  const AVStream* stream = context_->streams[packet.stream_index];
  const int64_t start = stream->start_time == AV_NOPTS_VALUE ? 0 : std::min<int64_t>(stream->start_time, 0);
  const double end_s =
      (static_cast<double>(timestamp) + static_cast<double>(packet.duration) - static_cast<double>(start)) *
      av_q2d(stream->time_base);
  read_until_s_ = std::max(read_until_s_, end_s);
}

/// What the header promises in seconds, 0 where it promises nothing. The shorter of the track's and the
/// file's own: an edit list cuts the one but not the other.
double Demuxer::StatedDuration() const {
  if (context_->duration_estimation_method != AVFMT_DURATION_FROM_STREAM) return 0;
  double stated = context_->duration > 0 ? static_cast<double>(context_->duration) / AV_TIME_BASE : 0;
  if (NameMatches("mov") && stream_->duration > 0) {
    const double track = static_cast<double>(stream_->duration) * av_q2d(stream_->time_base);
    stated = stated > 0 ? std::min(stated, track) : track;
  }
  // FFmpeg shortens the duration of a truncated AVI to fit, but not its number of frames.
  const bool counts_frames = NameMatches("avi") && stream_->nb_frames > 0 && stream_->avg_frame_rate.num > 0;
  if (counts_frames) stated = static_cast<double>(stream_->nb_frames) / av_q2d(stream_->avg_frame_rate);
  return stated;
}

void Demuxer::NoteTruncation(Diagnostics* diagnostics) {
  ended_ = true;
  if (truncation_told_) return;
  truncation_told_ = true;
  const double stated = StatedDuration();
  const std::string of = stated > read_until_s_ ? fmt::format(" of {:.1f} s", stated) : "";
  diagnostics->Add(ErrorCode::kCorruptData,
                   fmt::format("the file is truncated: it ends after {:.1f} s{}; what is there was read",
                               read_until_s_, of),
                   read_until_s_);
}

/// At a regular end: is anything missing?
void Demuxer::NoteEnd(Diagnostics* diagnostics) {
  ended_ = true;
  if (behind_the_gap_ > 0) {
    diagnostics->Add(
        ErrorCode::kCorruptData,
        fmt::format("the numbering of the pictures has a gap after {} pictures: the {} behind it "
                    "were not read",
                    sequence_count_, behind_the_gap_),
        read_until_s_);
  }
  if (input_ == nullptr) return;
  // Sound may be padded, and the last picture's own duration unknown.
  constexpr double kSlackSeconds = 0.3;
  const double interval_s = stream_->avg_frame_rate.num > 0 ? 1 / av_q2d(stream_->avg_frame_rate) : 0;
  const bool short_of_stated = StatedDuration() - read_until_s_ > kSlackSeconds + 1.5 * interval_s;
  // Y4M is frames to the last byte; its demuxer passes over an incomplete one in silence.
  const bool unread_tail = NameMatches("yuv4mpegpipe") && packets_ > 0 && last_byte_ < input_->size();
  if (cut_off_ || input_->sought_past_end() || short_of_stated || unread_tail) NoteTruncation(diagnostics);
}

}  // namespace peekproof::media
