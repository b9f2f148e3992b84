// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/blur_attack_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "engines/spec.h"

namespace peekproof::attacks {
namespace {

constexpr const char* kOurs = "deblur";
constexpr const char* kStudy = "blur-study";
constexpr int kLeastLong = 64;
// In the order of BlurAggregate.
const std::array<std::string, 4> kAggregates = {"mean", "weighted", "median", "max"};

struct BlurChoices {
  BlurAttackOptions options;
  std::string align = "auto";
  std::string aggregate = "mean";
  std::string restore = "total-variation";
};

BlurChoices StudyChoices() {
  BlurChoices choices{.align = "farneback", .aggregate = "median", .restore = "none"};
  choices.options.paint_black = true;
  choices.options.caller_level = 0.5;
  choices.options.margin = 0;
  choices.options.halo = false;
  choices.options.denoise = true;
  choices.options.clahe = true;
  return choices;
}

engines::ParameterSet Bind(BlurChoices* choices) {
  engines::ParameterSet set("attack");
  BlurAttackOptions& options = choices->options;
  set.Number("fps", &options.fps, 0.0, 1000.0, "frames a second that count at most; 0: all");
  set.Integer("every", &options.every, 1, 100000, "of so many of those one counts");
  set.Integer("resize-long", &options.resize_long, 0, 16384,
              "longer side in pixels that frames are shrunk to; 0: none");
  set.Choice("align", &choices->align, AlignmentNames(),
             "moves frames to where the first was: auto: those that moved by a quarter of a pixel or more");
  set.Choice("aggregate", &choices->aggregate, {kAggregates.begin(), kAggregates.end()},
             "how frames become one picture; weighted: a mean by the inverse of the noise around each place");
  set.Integer("samples", &options.samples, 2, 1024, "most frames, spread evenly, that a median is made of");
  set.Flag("black", &options.paint_black, "the caller counts as black, instead of not at all");
  set.Number("caller", &options.caller_level, 0.0, 1.0, "probability from which a pixel is the caller's");
  set.Number("margin", &options.margin, -1.0, 0.5,
             "share of the height, around the caller, that does not count; -1: as the blur's width asks for");
  set.Choice("restore", &choices->restore, {"total-variation", "wiener", "richardson-lucy", "none"},
             "how the blur is taken back");
  set.Integer("iterations", &options.restoration.iterations, 0, 10000, "of it; 0: as it needs");
  set.Number("smoothness", &options.restoration.smoothness, 0.001, 1000.0, "of it: more shows less");
  set.Number("sigma", &options.sigma_px, 0.0, 400.0,
             "of the blur in pixels of the frame; 0: told from the recording");
  set.Flag("halo", &options.halo, "a second look that takes the caller's halo away");
  set.Flag("denoise", &options.denoise, "non-local means at the end");
  set.Flag("clahe", &options.clahe, "local contrast equalization at the end");
  return set;
}

}  // namespace

Result<BlurAttackOptions> ParseBlurAttack(const std::string& text) {
  PEEKPROOF_ASSIGN_OR_RETURN(const engines::Spec spec, engines::ParseSpec(text, "attack"));
  if (spec.name != kOurs && spec.name != kStudy)
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("there is no attack '{}' on blurs; known ones are {} and {}", spec.name, kOurs, kStudy)};
  BlurChoices choices = spec.name == kStudy ? StudyChoices() : BlurChoices{};
  PEEKPROOF_RETURN_IF_ERROR(Bind(&choices).Assign(spec));
  BlurAttackOptions options = choices.options;
  if (options.resize_long != 0 && options.resize_long < kLeastLong)
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("resize-long of the attack must be 0 or at least {}, not {}", kLeastLong,
                             options.resize_long)};
  const auto aggregate = std::find(kAggregates.begin(), kAggregates.end(), choices.aggregate);
  options.aggregate = static_cast<BlurAggregate>(std::distance(kAggregates.begin(), aggregate));
  PEEKPROOF_ASSIGN_OR_RETURN(options.align, ParseAlignment(choices.align));
  options.restore = choices.restore != "none";
  if (options.restore) {
    PEEKPROOF_ASSIGN_OR_RETURN(options.restoration.method, ParseRestorationMethod(choices.restore));
  }
  return options;
}

const std::vector<BlurAttackInfo>& ListBlurAttacks() {
  static const std::vector<BlurAttackInfo> infos = [] {
    BlurChoices ours;
    BlurChoices study = StudyChoices();
    return std::vector<BlurAttackInfo>{
        {kOurs, "averages a blurred background over the call, identifies the blur and takes it back", "ours",
         Bind(&ours).Describe()},
        {kStudy, "the published blur pipeline: median, denoising, contrast; takes no blur back",
         "CSE-227 blur study", Bind(&study).Describe()}};
  }();
  return infos;
}

}  // namespace peekproof::attacks
