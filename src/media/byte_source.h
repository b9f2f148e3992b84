// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "media/libav.h"

namespace peekproof::media {

/// Random access to the bytes of a recording, of a size fixed at opening.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Reads up to size bytes at a position; the number read, 0 at or after the end, -errno on failure.
  virtual int ReadAt(int64_t position, uint8_t* buffer, int size) = 0;
  virtual int64_t size() const = 0;
};

/// Opens a regular file. Errors  kNotFound; kUnsupported (a directory, pipe or device); kCorruptData (empty);
/// kIo.
Result<std::unique_ptr<ByteSource>> OpenFile(const std::string& path);
/// Reads bytes that outlive the source. Errors  kCorruptData (empty).
Result<std::unique_ptr<ByteSource>> OpenBytes(std::span<const uint8_t> bytes);

/// A ByteSource as FFmpeg reads it. Stays where it is made: FFmpeg holds its address.
class InputStream {
 public:
  InputStream(std::unique_ptr<ByteSource> source, std::stop_token stop);
  ~InputStream();
  InputStream(const InputStream&) = delete;
  InputStream& operator=(const InputStream&) = delete;

  AVIOContext* context() { return context_; }
  /// errno of the first failed read, 0 if none.
  int io_error() const { return io_error_; }
  /// Whether a position behind the last byte was asked for since the last ClearPastEnd: what a truncated
  /// file's index does.
  bool sought_past_end() const { return sought_past_end_; }
  void ClearPastEnd() { sought_past_end_ = false; }
  int64_t size() const { return source_->size(); }

 private:
  static int Read(void* self, uint8_t* buffer, int size);
  static int64_t Seek(void* self, int64_t offset, int whence);

  std::unique_ptr<ByteSource> source_;
  std::stop_token stop_;
  AVIOContext* context_ = nullptr;
  int64_t position_ = 0;
  int io_error_ = 0;
  bool sought_past_end_ = false;
};

}  // namespace peekproof::media
