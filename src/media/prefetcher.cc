// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/prefetcher.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>

#include "media/buffer_pool.h"

namespace peekproof::media {
Result<void> PrefetchOptions::Validate() const {
  constexpr int kLongest = 64;
  if (queue_length < 1 || queue_length > kLongest) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("the queue must be 1 to {} frames long", kLongest)};
  }
  if (thumbnail_size.width < 0 || thumbnail_size.height < 0) {
    return Error{ErrorCode::kInvalidArgument, "the thumbnails' size must not be negative"};
  }
  return {};
}

class FramePrefetcher::State {
 public:
  State(std::unique_ptr<VideoReader> reader, const PrefetchOptions& options)
      : info_(reader->info()), reader_(std::move(reader)), options_(options) {}
  ~State() { Stop(); }

  void Start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }
  void Stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
    const std::lock_guard lock(mutex_);
    queue_.clear();
    error_.reset();
  }
  Result<std::optional<DecodedFrame>> Next();
  const VideoInfo& info() const { return info_; }
  const Diagnostics& diagnostics() const {
    const std::lock_guard lock(mutex_);
    PEEKPROOF_CHECK(done_, "diagnostics() before the end");
    return reader_->diagnostics();
  }

 private:
  void Run(const std::stop_token& stop);
  Result<bool> Produce(DecodedFrame* frame);
  Result<void> Convert(DecodedFrame* frame);
  bool Put(DecodedFrame frame, const std::stop_token& stop);

  const VideoInfo info_;
  const std::unique_ptr<VideoReader> reader_;  ///< The thread's until done_.
  const PrefetchOptions options_;
  BufferPool full_buffers_, thumbnail_buffers_;  ///< The thread's.

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<DecodedFrame> queue_;  ///< Guarded by mutex_, like the two below.
  std::optional<Error> error_;
  bool done_ = false;
  std::jthread thread_;
};

Result<void> FramePrefetcher::State::Convert(DecodedFrame* frame) {
  if (!options_.thumbnail_size.empty()) {
    frame->thumbnail = thumbnail_buffers_.Take();
    PEEKPROOF_RETURN_IF_ERROR(reader_->ConvertScaled(options_.thumbnail_size, &frame->thumbnail));
    thumbnail_buffers_.Remember(frame->thumbnail);
  }
  const image::Frame& place = frame->frame;
  frame->has_full = !options_.wants_full || options_.wants_full(place.index, place.time_s, frame->thumbnail);
  if (frame->has_full) {
    frame->frame.bgr = full_buffers_.Take();
    PEEKPROOF_RETURN_IF_ERROR(reader_->Convert(&frame->frame.bgr));
    full_buffers_.Remember(frame->frame.bgr);
  }
  return {};
}

Result<bool> FramePrefetcher::State::Produce(DecodedFrame* frame) {
  try {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, reader_->Advance());
    if (!more) return false;
    frame->frame.index = reader_->index();
    frame->frame.time_s = reader_->time_s();
    PEEKPROOF_RETURN_IF_ERROR(Convert(frame));
    return true;
  } catch (const std::exception& exception) {  // Out of memory; a predicate that throws.
    return Error{ErrorCode::kInternal, fmt::format("reading ahead failed: {}", exception.what())};
  }
}

bool FramePrefetcher::State::Put(DecodedFrame frame, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const bool room = changed_.wait(
      lock, stop, [this] { return queue_.size() < static_cast<size_t>(options_.queue_length); });
  if (!room) return false;
  queue_.push_back(std::move(frame));
  changed_.notify_all();
  return true;
}

void FramePrefetcher::State::Run(const std::stop_token& stop) {
  std::optional<Error> error;
  while (!stop.stop_requested()) {
    DecodedFrame frame;
    const Result<bool> more = Produce(&frame);
    if (!more.ok()) error = more.error();
    if (!more.ok() || !*more || !Put(std::move(frame), stop)) break;
  }
  const std::lock_guard lock(mutex_);
  error_ = std::move(error);
  done_ = true;
  changed_.notify_all();
}

Result<std::optional<DecodedFrame>> FramePrefetcher::State::Next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return done_ || !queue_.empty(); });
  if (!queue_.empty()) {
    DecodedFrame frame = std::move(queue_.front());
    queue_.pop_front();
    changed_.notify_all();
    return std::optional(std::move(frame));
  }
  if (error_) {
    Error error = std::move(*error_);
    error_.reset();
    return error;
  }
  return std::optional<DecodedFrame>();
}

FramePrefetcher::FramePrefetcher(std::unique_ptr<State> state) : state_(std::move(state)) {}
FramePrefetcher::~FramePrefetcher() = default;

Result<std::unique_ptr<FramePrefetcher>> FramePrefetcher::Start(std::unique_ptr<VideoReader> reader,
                                                                const PrefetchOptions& options) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  auto state = std::make_unique<State>(std::move(reader), options);
  state->Start();
  return std::unique_ptr<FramePrefetcher>(new FramePrefetcher(std::move(state)));
}

Result<std::optional<DecodedFrame>> FramePrefetcher::Next() { return state_->Next(); }
const VideoInfo& FramePrefetcher::info() const { return state_->info(); }
const Diagnostics& FramePrefetcher::diagnostics() const { return state_->diagnostics(); }
void FramePrefetcher::Stop() { state_->Stop(); }

}  // namespace peekproof::media
