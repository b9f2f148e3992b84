// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/text_reader.h"

#include <fmt/format.h>
#include <leptonica/allheaders.h>
#include <omp.h>
#include <tesseract/baseapi.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <utility>

namespace peekproof::models {
namespace {

/// Keeps OpenMP to the calling thread while it lives. Tesseract asks for four threads for each line of text,
/// which then wait for each other for longer than they work.
class OneOpenMpThread {
 public:
  OneOpenMpThread() : levels_(omp_get_max_active_levels()) { omp_set_max_active_levels(0); }
  ~OneOpenMpThread() { omp_set_max_active_levels(levels_); }
  OneOpenMpThread(const OneOpenMpThread&) = delete;
  OneOpenMpThread& operator=(const OneOpenMpThread&) = delete;

 private:
  int levels_;
};

std::string Trimmed(const char* text) {
  std::string line(text);
  const auto last = line.find_last_not_of(" \n\r\t");
  line.erase(last == std::string::npos ? 0 : last + 1);
  return line;
}

cv::Mat3b FilledIn(const cv::Mat3b& bgr, const cv::Mat1b& present) {
  if (present.empty()) return bgr;
  cv::Mat3b filled(bgr.size(), cv::Vec3b(128, 128, 128));
  if (cv::countNonZero(present) > 0) filled.setTo(cv::mean(bgr, present));
  bgr.copyTo(filled, present);
  return filled;
}

class TesseractReader : public TextReader {
 public:
  explicit TesseractReader(TextReaderOptions options) : options_(std::move(options)) {}
  ~TesseractReader() override { engine_.End(); }
  TesseractReader(const TesseractReader&) = delete;
  TesseractReader& operator=(const TesseractReader&) = delete;

  Result<void> Start() {
    // A null path means the place that the library was built for.
    if (engine_.Init(nullptr, options_.language.c_str(), tesseract::OEM_LSTM_ONLY) != 0)
      return Error{ErrorCode::kNotFound,
                   fmt::format("Tesseract has no language data for '{}'; install the package "
                               "tesseract-ocr-{}, or set TESSDATA_PREFIX",
                               options_.language, options_.language)};
    engine_.SetPageSegMode(tesseract::PSM_SPARSE_TEXT);
    engine_.SetVariable("debug_file", "/dev/null");
    setMsgSeverity(L_SEVERITY_NONE);  // Leptonica complains to the terminal of every odd box.
    return {};
  }

  Result<std::vector<ReadText>> Read(const cv::Mat3b& bgr, const cv::Mat1b& present) override {
    if (bgr.empty() || (!present.empty() && present.size() != bgr.size()))
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("a picture of {} x {} pixels with a mask of {} x {} cannot be read", bgr.cols,
                               bgr.rows, present.cols, present.rows)};
    cv::Mat1b grey;
    cv::cvtColor(FilledIn(bgr, present), grey, cv::COLOR_BGR2GRAY);
    cv::resize(grey, grey, {}, options_.enlarge, options_.enlarge, cv::INTER_CUBIC);
    engine_.SetImage(grey.data, grey.cols, grey.rows, 1, static_cast<int>(grey.step));
    constexpr int kScreenResolution = 96;
    engine_.SetSourceResolution(cvRound(kScreenResolution * options_.enlarge));
    const OneOpenMpThread one;
    if (engine_.Recognize(nullptr) != 0)
      return Error{ErrorCode::kInternal, "Tesseract could not read the picture"};
    return Lines(present);
  }

  std::string description() const override {
    return fmt::format("Tesseract {} ({})", tesseract::TessBaseAPI::Version(), options_.language);
  }

 private:
  std::vector<ReadText> Lines(const cv::Mat1b& present) {
    std::vector<ReadText> lines;
    const std::unique_ptr<tesseract::ResultIterator> iterator(engine_.GetIterator());
    if (iterator == nullptr) return lines;
    do {
      const std::unique_ptr<char[]> text(iterator->GetUTF8Text(tesseract::RIL_TEXTLINE));
      if (text == nullptr) continue;
      ReadText line{Trimmed(text.get()), BoxOf(*iterator),
                    static_cast<double>(iterator->Confidence(tesseract::RIL_TEXTLINE)) / 100};
      const bool is_there = present.empty() || PresentShare(present, line.box) >= 0.5;
      if (!line.text.empty() && line.confidence >= options_.least_confidence && is_there)
        lines.push_back(std::move(line));
    } while (iterator->Next(tesseract::RIL_TEXTLINE));
    return lines;
  }

  cv::Rect BoxOf(const tesseract::ResultIterator& iterator) const {
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
    iterator.BoundingBox(tesseract::RIL_TEXTLINE, &left, &top, &right, &bottom);
    const auto scaled = [&](int value) { return cvRound(value / options_.enlarge); };
    return {scaled(left), scaled(top), scaled(right - left), scaled(bottom - top)};
  }

  static double PresentShare(const cv::Mat1b& present, const cv::Rect& box) {
    const cv::Rect inside = box & cv::Rect({0, 0}, present.size());
    if (inside.empty()) return 0;
    return static_cast<double>(cv::countNonZero(present(inside))) / inside.area();
  }

  TextReaderOptions options_;
  tesseract::TessBaseAPI engine_;
};

}  // namespace

Result<void> TextReaderOptions::Validate() const {
  if (language.empty()) return Error{ErrorCode::kInvalidArgument, "the text's language must not be empty"};
  if (!(least_confidence >= 0 && least_confidence <= 1))
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("least confidence of {} is out of range; give 0 to 1", least_confidence)};
  if (!(enlarge >= 1 && enlarge <= 6))
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("enlarging by {} is out of range; give 1 to 6", enlarge)};
  return {};
}

Result<std::unique_ptr<TextReader>> MakeTextReader(const TextReaderOptions& options) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  auto reader = std::make_unique<TesseractReader>(options);
  PEEKPROOF_RETURN_IF_ERROR(reader->Start());
  return std::unique_ptr<TextReader>(std::move(reader));
}

}  // namespace peekproof::models
