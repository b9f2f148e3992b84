// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace peekproof::media {
namespace {

class FileSource : public ByteSource {
 public:
  FileSource(int descriptor, int64_t size) : descriptor_(descriptor), size_(size) {}
  ~FileSource() override { close(descriptor_); }

  int ReadAt(int64_t position, uint8_t* buffer, int size) override {
    if (position >= size_) return 0;
    const auto wanted = static_cast<size_t>(std::min<int64_t>(size, size_ - position));
    ssize_t count = -1;
    do {
      count = pread(descriptor_, buffer, wanted, position);
    } while (count < 0 && errno == EINTR);
    return count < 0 ? -errno : static_cast<int>(count);
  }
  int64_t size() const override { return size_; }

 private:
  const int descriptor_;
  const int64_t size_;
};

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  int ReadAt(int64_t position, uint8_t* buffer, int size) override {
    if (position >= this->size()) return 0;
    const auto count = static_cast<size_t>(std::min<int64_t>(size, this->size() - position));
    std::memcpy(buffer, bytes_.data() + position, count);
    return static_cast<int>(count);
  }
  int64_t size() const override { return static_cast<int64_t>(bytes_.size()); }

 private:
  const std::span<const uint8_t> bytes_;
};

Error OpeningFailed(int error, const std::string& path) {
  if (error == ENOENT || error == ENOTDIR) {
    return {ErrorCode::kNotFound, fmt::format("no such file; check the name: {}", path)};
  }
  return {ErrorCode::kIo,
          fmt::format("cannot be opened ({}); check its permissions: {}", std::strerror(error), path)};
}

Result<void> CheckKind(const struct stat& status, const std::string& path) {
  if (S_ISDIR(status.st_mode)) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("is a directory; name a video in it, or a picture sequence such as "
                             "shot_%04d.png: {}",
                             path)};
  }
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("is a pipe or a device; save the recording to a file first: {}", path)};
  }
  if (status.st_size == 0) {
    return Error{ErrorCode::kCorruptData,
                 fmt::format("the file is empty (0 bytes); record or copy it again: {}", path)};
  }
  return {};
}

constexpr int kBufferSize = 1 << 16;

}  // namespace

Result<std::unique_ptr<ByteSource>> OpenFile(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return OpeningFailed(errno, path);
  PEEKPROOF_RETURN_IF_ERROR(CheckKind(status, path));
  // Not blocking, in case the file was replaced by a pipe since.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return OpeningFailed(errno, path);
  return std::unique_ptr<ByteSource>(std::make_unique<FileSource>(descriptor, status.st_size));
}

Result<std::unique_ptr<ByteSource>> OpenBytes(std::span<const uint8_t> bytes) {
  if (bytes.empty()) return Error{ErrorCode::kCorruptData, "the recording is empty (0 bytes)"};
  return std::unique_ptr<ByteSource>(std::make_unique<MemorySource>(bytes));
}

InputStream::InputStream(std::unique_ptr<ByteSource> source, std::stop_token stop)
    : source_(std::move(source)), stop_(std::move(stop)) {
  auto* buffer = static_cast<uint8_t*>(av_malloc(kBufferSize));
  PEEKPROOF_CHECK(buffer != nullptr, "out of memory");
  context_ =
      avio_alloc_context(buffer, kBufferSize, 0, this, &InputStream::Read, nullptr, &InputStream::Seek);
  PEEKPROOF_CHECK(context_ != nullptr, "out of memory");
}

InputStream::~InputStream() {
  av_freep(&context_->buffer);
  avio_context_free(&context_);
}

int InputStream::Read(void* self, uint8_t* buffer, int size) {
  auto* stream = static_cast<InputStream*>(self);
  if (stream->stop_.stop_requested()) return AVERROR_EXIT;
  const int count = stream->source_->ReadAt(stream->position_, buffer, size);
  if (count == 0) return AVERROR_EOF;
  if (count < 0) {
    if (stream->io_error_ == 0) stream->io_error_ = -count;
    return AVERROR(-count);
  }
  stream->position_ += count;
  return count;
}

int64_t InputStream::Seek(void* self, int64_t offset, int whence) {
  auto* stream = static_cast<InputStream*>(self);
  const int64_t size = stream->source_->size();
  const int origin = whence & ~AVSEEK_FORCE;
  if (origin == AVSEEK_SIZE) return size;
  const int64_t base = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? stream->position_ : size;
  int64_t target = 0;
  if (__builtin_add_overflow(base, offset, &target) || target < 0) return AVERROR(EINVAL);
  if (target > size) stream->sought_past_end_ = true;
  stream->position_ = target;
  return target;
}

}  // namespace peekproof::media
