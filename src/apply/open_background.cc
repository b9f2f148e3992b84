// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "apply/open_background.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <functional>
#include <string_view>
#include <utility>

#include "apply/depth_stream.h"
#include "engines/blur.h"
#include "engines/noisy_background.h"
#include "engines/profile.h"
#include "engines/spec.h"
#include "engines/video_background.h"
#include "media/looped_video.h"
#include "media/picture.h"

namespace peekproof::apply {
namespace {

Result<cv::Vec3b> ParseColour(const std::string& text) {
  unsigned value = 0;
  const char* begin = text.data() + 1;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(begin, end, value, 16);
  if (text.size() != 7 || error != std::errc() || stop != end) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("a background colour is written #rrggbb, such as #00ff00, not '{}'", text)};
  }
  return cv::Vec3b(static_cast<uint8_t>(value), static_cast<uint8_t>(value >> 8),
                   static_cast<uint8_t>(value >> 16));
}

/// A background that also tells what was lost of its own file.
class DiagnosedBackground : public engines::Background {
 public:
  DiagnosedBackground(std::unique_ptr<engines::Background> inner, std::function<Diagnostics()> diagnostics)
      : inner_(std::move(inner)), diagnostics_(std::move(diagnostics)) {}

  Result<const cv::Mat3b*> Draw(const engines::BackgroundView& view) override { return inner_->Draw(view); }
  bool shows_room() const override { return inner_->shows_room(); }
  void Reset() override { inner_->Reset(); }
  Diagnostics diagnostics() const override { return diagnostics_(); }

 private:
  std::unique_ptr<engines::Background> inner_;
  std::function<Diagnostics()> diagnostics_;
};

std::unique_ptr<engines::Background> Diagnosed(std::unique_ptr<engines::Background> inner,
                                               std::function<Diagnostics()> diagnostics) {
  return std::make_unique<DiagnosedBackground>(std::move(inner), std::move(diagnostics));
}

bool IsStillPicture(const std::string& path) {
  constexpr std::array<std::string_view, 10> kStills = {".png", ".jpg",  ".jpeg", ".webp", ".bmp",
                                                        ".tif", ".tiff", ".ppm",  ".pgm",  ".jfif"};
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return std::find(kStills.begin(), kStills.end(), extension) != kStills.end();
}

Result<std::unique_ptr<engines::Background>> OpenFile(const std::string& path, engines::Fit fit) {
  if (IsStillPicture(path)) {
    PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat3b picture, media::ReadPicture(path));
    return engines::MakePictureBackground(picture, fit);
  }
  PEEKPROOF_ASSIGN_OR_RETURN(auto opened, media::LoopedVideo::Create(path));
  std::shared_ptr<media::LoopedVideo> video = std::move(opened);
  const auto picture_at = [video](double time_s) -> Result<engines::VideoPicture> {
    PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat3b* picture, video->At(time_s));
    return engines::VideoPicture{picture, video->serial()};
  };
  return Diagnosed(engines::MakeVideoBackground(picture_at, fit), [video] { return video->diagnostics(); });
}

Result<std::unique_ptr<engines::Background>> OpenBlur(const std::string& spec,
                                                      const BackgroundOptions& options, double frame_rate) {
  engines::BlurInputs inputs;
  if (!options.keep_mask.empty()) {
    PEEKPROOF_ASSIGN_OR_RETURN(inputs.keep, media::ReadGreyPicture(options.keep_mask));
  }
  if (options.depth.empty()) return engines::MakeBlur(spec, inputs);
  PEEKPROOF_ASSIGN_OR_RETURN(auto opened, DepthStream::Open(options.depth, frame_rate));
  std::shared_ptr<DepthStream> stream = std::move(opened);
  inputs.depth = [stream](const image::Frame& frame) { return stream->At(frame); };
  PEEKPROOF_ASSIGN_OR_RETURN(auto blur, engines::MakeBlur(spec, inputs));
  return Diagnosed(std::move(blur), [stream] { return stream->diagnostics(); });
}

}  // namespace

bool IsBlur(const BackgroundOptions& options) {
  const std::string name = options.background.substr(0, options.background.find('('));
  return name.find_first_of("./#") == std::string::npos;
}

bool IsOwnBlur(const BackgroundOptions& options) { return options.background == "blur"; }

std::vector<std::string> FilesOf(const BackgroundOptions& options) {
  std::vector<std::string> files;
  const bool is_colour = options.background.starts_with('#');
  if (!IsBlur(options) && !is_colour) files.push_back(options.background);
  for (const std::string& file : {options.keep_mask, options.depth}) {
    if (!file.empty()) files.push_back(file);
  }
  return files;
}

Result<engines::EngineInfo> EngineInfoOf(const std::string& spec) {
  // A profile asks for its network last, so whatever else is wrong with the spec comes first.
  const auto no_network = [](const std::string&) -> Result<std::unique_ptr<models::Segmenter>> {
    return Error{ErrorCode::kNotFound, "not looked for"};
  };
  const auto profile = engines::MakeProfile(spec, no_network);
  if (profile.error().code == ErrorCode::kInvalidArgument) return profile.error();
  PEEKPROOF_ASSIGN_OR_RETURN(const engines::Spec parsed, engines::ParseSpec(spec));
  const std::vector<engines::EngineInfo>& all = engines::ListEngines();
  const auto is_named = [&](const engines::EngineInfo& info) { return info.name == parsed.name; };
  return *std::find_if(all.begin(), all.end(), is_named);
}

bool MovesByItself(const BackgroundOptions& options) {
  return IsBlur(options) || (!options.background.starts_with('#') && !IsStillPicture(options.background));
}

Result<std::string> EngineSpecFor(const std::string& spec, const std::string& model,
                                  const BackgroundOptions& options) {
  PEEKPROOF_ASSIGN_OR_RETURN(const engines::EngineInfo info, EngineInfoOf(spec));
  PEEKPROOF_ASSIGN_OR_RETURN(const engines::Spec parsed, engines::ParseSpec(spec));
  const auto is_mode = [](const auto& parameter) { return parameter.name == "mode"; };
  const auto sets_mode = [](const auto& value) { return value.first == "mode"; };
  const bool has_mode = std::any_of(info.parameters.begin(), info.parameters.end(), is_mode);
  const bool mode_given = std::any_of(parsed.values.begin(), parsed.values.end(), sets_mode);
  std::string full = engines::SpecWithModel(spec, model);
  if (IsBlur(options) && has_mode && !mode_given) full = engines::WithParameter(full, "mode", "blur");
  return full;
}

Result<std::unique_ptr<engines::Engine>> OpenEngine(const std::string& spec, const std::string& model,
                                                    const BackgroundOptions& options) {
  PEEKPROOF_ASSIGN_OR_RETURN(const std::string full, EngineSpecFor(spec, model, options));
  return engines::MakeEngine(full);
}

namespace {

Result<std::unique_ptr<engines::Background>> OpenQuiet(const BackgroundOptions& options,
                                                       const engines::EngineInfo& engine, double frame_rate) {
  if (options.background.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "the background must not be empty: name a picture, a video, "
                 "a colour such as #00ff00, or a blur"};
  }
  if (options.background.front() == '#') {
    PEEKPROOF_ASSIGN_OR_RETURN(const cv::Vec3b colour, ParseColour(options.background));
    return engines::MakeColourBackground(colour);
  }
  if (!IsBlur(options)) return OpenFile(options.background, options.fit.value_or(engine.fit));
  const std::string blur = IsOwnBlur(options) ? engine.blur : options.background;
  if (blur.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "the engine has no blur of its own; name one, such as gaussian(sigma=12) "
                 "(peekproof list blurs), or a picture"};
  }
  return OpenBlur(blur, options, frame_rate);
}

}  // namespace

Result<std::unique_ptr<engines::Background>> OpenBackground(const BackgroundOptions& options,
                                                            const engines::EngineInfo& engine,
                                                            double frame_rate) {
  constexpr uint64_t kSeed = 1;
  if (options.noise < 0 || options.noise > 127) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("the background's noise must be 0 to 127 steps, not {}", options.noise)};
  }
  PEEKPROOF_ASSIGN_OR_RETURN(auto background, OpenQuiet(options, engine, frame_rate));
  if (options.noise == 0) return background;
  return engines::MakeNoisyBackground(std::move(background), options.noise, kSeed);
}

}  // namespace peekproof::apply
