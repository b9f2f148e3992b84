// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <png.h>

#include <bit>
#include <csetjmp>
#include <new>

#include "media/atomic_file.h"
#include "media/picture.h"

namespace peekproof::media {
namespace {

struct Output {
  std::vector<uint8_t> bytes;
  char message[128] = "unknown";
};

void Append(png_structp png, png_bytep bytes, size_t count) {
  auto* output = static_cast<Output*>(png_get_io_ptr(png));
  try {
    output->bytes.insert(output->bytes.end(), bytes, bytes + count);
    return;
  } catch (const std::bad_alloc&) {  // Not through libpng's C frames.
  }
  png_error(png, "out of memory");
}

void NoFlush(png_structp /*png*/) {}

[[noreturn]] void Fail(png_structp png, png_const_charp message) {
  auto* output = static_cast<Output*>(png_get_error_ptr(png));
  std::snprintf(output->message, sizeof(output->message), "%s", message);
  png_longjmp(png, 1);
}

void Ignore(png_structp /*png*/, png_const_charp /*message*/) {}

int ColourType(int type) {
  switch (type) {
    case CV_8UC3:
      return PNG_COLOR_TYPE_RGB;
    case CV_8UC4:
      return PNG_COLOR_TYPE_RGB_ALPHA;
    default:
      return PNG_COLOR_TYPE_GRAY;
  }
}

/// libpng reports errors by longjmp, so that nothing here may need a destructor.
bool Encode(const cv::Mat& picture, Output* output) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, output, Fail, Ignore);
  png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
  if (info == nullptr || setjmp(png_jmpbuf(png)) != 0) {
    png_destroy_write_struct(&png, &info);
    return false;
  }
  png_set_write_fn(png, output, Append, NoFlush);
  png_set_IHDR(png, info, static_cast<png_uint_32>(picture.cols), static_cast<png_uint_32>(picture.rows),
               picture.depth() == CV_16U ? 16 : 8, ColourType(picture.type()), PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  png_set_bgr(png);
  if (picture.depth() == CV_16U && std::endian::native == std::endian::little) png_set_swap(png);
  for (int row = 0; row < picture.rows; ++row) png_write_row(png, picture.ptr(row));
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return true;
}

}  // namespace

Result<std::vector<uint8_t>> EncodePng(const cv::Mat& picture) {
  const int type = picture.type();
  if (picture.empty() || (type != CV_8UC1 && type != CV_16UC1 && type != CV_8UC3 && type != CV_8UC4)) {
    return Error{ErrorCode::kInvalidArgument, "only grey, BGR and BGRA pictures can be written as PNG"};
  }
  Output output;
  if (!Encode(picture, &output)) {
    return Error{ErrorCode::kInternal, fmt::format("the PNG encoder failed: {}", output.message)};
  }
  return std::move(output.bytes);
}

Result<void> WritePng(const std::string& path, const cv::Mat& picture) {
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<uint8_t> bytes, EncodePng(picture));
  PEEKPROOF_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  PEEKPROOF_RETURN_IF_ERROR(file.Write(bytes));
  return file.Commit();
}

}  // namespace peekproof::media
