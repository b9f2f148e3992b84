// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/make_foreground.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <utility>

#include "media/video_reader.h"
#include "testbed/accompanied_foreground.h"
#include "testbed/alpha_video_source.h"
#include "testbed/cutout_foreground.h"
#include "testbed/keyed_source.h"
#include "testbed/option_texts.h"
#include "testbed/procedural_foreground.h"
#include "testbed/still_source.h"

namespace peekproof::testbed {

namespace {

std::unique_ptr<Foreground> DrawnForeground(const ForegroundOptions& options, const MotionOptions& motion,
                                            uint64_t seed) {
  CallerLook look = VariedLook(seed);
  if (options.look) {
    look = *options.look < kPresetLooks ? PresetLook(*options.look)
                                        : PersonLook(static_cast<uint64_t>(*options.look));
  }
  look.strands = options.strands.value_or(look.strands);
  look.held[1] = options.held.value_or(look.held[1]);
  return std::make_unique<ProceduralForeground>(look, motion, seed, options.render_height_px);
}

bool IsStill(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  static const std::set<std::string> stills{".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"};
  return stills.contains(ending) && path.find('%') == std::string::npos;
}

Result<std::unique_ptr<CutoutSource>> OpenCutout(const ForegroundOptions& options) {
  if (IsStill(options.source)) {
    PEEKPROOF_ASSIGN_OR_RETURN(auto still, StillSource::Open(options.source, options.matte));
    return std::unique_ptr<CutoutSource>(std::move(still));
  }
  PEEKPROOF_ASSIGN_OR_RETURN(const auto reader, media::VideoReader::Open(options.source, {}));
  if (reader->info().has_alpha) {
    PEEKPROOF_ASSIGN_OR_RETURN(auto video, AlphaVideoSource::Open(options.source));
    return std::unique_ptr<CutoutSource>(std::move(video));
  }
  PEEKPROOF_ASSIGN_OR_RETURN(auto keyed, KeyedSource::Open(options.source, options.key));
  return std::unique_ptr<CutoutSource>(std::move(keyed));
}

Result<std::unique_ptr<Foreground>> CallerAlone(const ForegroundOptions& options, const MotionOptions& motion,
                                                uint64_t seed) {
  if (options.source == "drawn") return DrawnForeground(options, motion, seed);
  PEEKPROOF_RETURN_IF_ERROR(CheckScript(motion.script));
  PEEKPROOF_ASSIGN_OR_RETURN(auto source, OpenCutout(options));
  PEEKPROOF_ASSIGN_OR_RETURN(auto cutout,
                             CutoutForeground::Create(std::move(source), options.placement, motion, seed));
  return std::unique_ptr<Foreground>(std::move(cutout));
}

}  // namespace

Result<void> ForegroundOptions::Validate() const {
  constexpr int kLowest = 16;
  constexpr int kHighest = 8192;
  constexpr int kLastLook = 1'000'000;
  if (look && (*look < 0 || *look > kLastLook))
    return Invalid(fmt::format("there is no look {}; give 0 to {}", *look, kLastLook));
  if (strands && !(*strands >= 0 && *strands <= 1))
    return Invalid(fmt::format("strands of {} are out of range; give 0 to 1", *strands));
  if (render_height_px < kLowest || render_height_px > kHighest)
    return Invalid(fmt::format("render height of {} is out of range; give {} to {}", render_height_px,
                               kLowest, kHighest));
  PEEKPROOF_RETURN_IF_ERROR(placement.Validate());
  return key.Validate();
}

Result<std::unique_ptr<Foreground>> MakeForeground(const ForegroundOptions& options,
                                                   const MotionOptions& motion, uint64_t seed) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  PEEKPROOF_ASSIGN_OR_RETURN(auto caller, CallerAlone(options, motion, seed));
  if (!options.second) return caller;
  return std::unique_ptr<Foreground>(std::make_unique<AccompaniedForeground>(
      std::move(caller), SecondPerson{PersonLook(seed + 1), *options.second}, seed,
      options.render_height_px));
}

}  // namespace peekproof::testbed
