// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/blur.h"

#include <fmt/format.h>

#include <utility>

#include "base/check.h"
#include "engines/blur_filter.h"
#include "engines/room_blur.h"
#include "engines/spec.h"

namespace peekproof::engines {
namespace {

/// The parameters of all blurs; each binds those that it has.
struct BlurOptions {
  Extent extent;
  float hides = 0.1F;
  int kernel = 0;
  int size = 25;
  int levels = 4;
  int passes = 5;
  int radius = 10;
  std::string strength = "medium";
  DepthBlurOptions depth;
  std::string model = "tcmonodepth";
  int weighted = 0;
  std::string keep = "none";
  int feather = 8;
};

/// One blur: its place in the list, its defaults and parameters, and its filter (for `depth`: at full
/// strength).
struct BlurKind {
  const char* name;
  const char* description;
  const char* source;
  BlurOptions defaults;
  void (*bind)(BlurOptions* options, ParameterSet* set);
  std::unique_ptr<BlurFilter> (*make_filter)(const BlurOptions& options);
};

constexpr const char* kDepthName = "depth";

void BindSigma(BlurOptions* options, ParameterSet* set) {
  set->Number("sigma", &options->extent.px, 0.5F, 400.0F, "standard deviation in frame pixels");
  set->Number("share", &options->extent.share, 0.0F, 0.5F,
              "standard deviation as a share of the frame's height; 0: sigma counts");
}

void BindWeighted(BlurOptions* options, ParameterSet* set) {
  set->Integer("weighted", &options->weighted, 0, 1,
               "1: without the caller's pixels; 0: the whole frame, with a halo of the caller");
}

void BindGaussian(BlurOptions* options, ParameterSet* set) {
  BindSigma(options, set);
  set->Integer("kernel", &options->kernel, 0, 255, "odd number of taps at which it is cut; 0: whole");
  BindWeighted(options, set);
}

void BindPrivacy(BlurOptions* options, ParameterSet* set) {
  set->Number(
      "hides", &options->hides, 0.03F, 0.5F,
      "capitals up to this share of the frame's height cannot be read, also once the blur is taken back");
  BindWeighted(options, set);
}

void BindBox(BlurOptions* options, ParameterSet* set) {
  set->Integer("size", &options->size, 1, 255, "side of the square in frame pixels, odd");
  BindWeighted(options, set);
}

void BindBokeh(BlurOptions* options, ParameterSet* set) {
  set->Number("radius", &options->extent.px, 1.0F, 200.0F, "of the disc, in frame pixels");
  set->Number("share", &options->extent.share, 0.0F, 0.2F,
              "radius as a share of the frame's height; 0: radius counts");
  BindWeighted(options, set);
}

void BindDualKawase(BlurOptions* options, ParameterSet* set) {
  set->Integer("levels", &options->levels, 1, 10,
               "times that the size is halved; sigma about doubles with each");
  BindWeighted(options, set);
}

void BindKawase(BlurOptions* options, ParameterSet* set) {
  set->Integer("passes", &options->passes, 0, 20, "of four reads each");
  BindWeighted(options, set);
}

void BindLiveKit(BlurOptions* options, ParameterSet* set) {
  set->Integer("radius", &options->radius, 4, 400, "LiveKit's blurRadius");
  BindWeighted(options, set);
}

void BindChime(BlurOptions* options, ParameterSet* set) {
  set->Choice("strength", &options->strength, {"low", "medium", "high"},
              "sigma 7, 15 or 30 at a height of 540");
  BindWeighted(options, set);
}

void BindDepth(BlurOptions* options, ParameterSet* set) {
  BindSigma(options, set);
  set->Number("focus", &options->depth.focus, 0.0F, 1.0F, "distance that is sharp: 0 nearest, 1 farthest");
  set->Number("sharp", &options->depth.sharp, 0.0F, 1.0F, "distance off the focus up to which all is sharp");
  set->Number("ramp", &options->depth.ramp, 0.0F, 1.0F, "distance from there to full strength");
  set->Text("model", &options->model, "depth network, where no depth stream is given");
  BindWeighted(options, set);
}

void BindCommon(BlurOptions* options, ParameterSet* set) {
  set->Text("keep", &options->keep, "boxes WIDTHxHEIGHT+X+Y that stay sharp, joined by ';', or none");
  set->Integer("feather", &options->feather, 0, 500, "soft border around these boxes, in pixels");
}

float ChimeBase(const std::string& strength) {
  if (strength == "low") return 7.0F;
  return strength == "medium" ? 15.0F : 30.0F;
}

std::vector<BlurKind> MakeKinds() {
  const auto gaussian = [](const BlurOptions& o) { return MakeGaussianFilter(o.extent, o.kernel); };
  return {
      {"gaussian",
       "Gaussian; canvas and CSS blur(N px) are sigma=N",
       "definition; a canvas fades the frame's edge, here the edge is repeated",
       {.extent = {25, 0}},
       BindGaussian,
       gaussian},
      {"box",
       "mean over a square",
       "definition",
       {},
       BindBox,
       [](const BlurOptions& o) { return MakeBoxFilter(o.size); }},
      {"dual-kawase",
       "halved and doubled again in small steps",
       "Bjorge, SIGGRAPH 2015",
       {},
       BindDualKawase,
       [](const BlurOptions& o) { return MakeDualKawaseFilter(o.levels); }},
      {"kawase",
       "the OBS plug-in's: four reads a pass, further out each time",
       "obs-backgroundremoval, kawase_blur.effect",
       {.weighted = 1},
       BindKawase,
       [](const BlurOptions& o) { return MakeKawaseFilter(o.passes); }},
      {"bokeh",
       "mean over a disc, as of a lens out of focus",
       "definition; the disc's rim is soft",
       {.extent = {24, 0}},
       BindBokeh,
       [](const BlurOptions& o) { return MakeBokehFilter(o.extent); }},
      {"volcomix",
       "three times 9 taps each way at half the size",
       "Volcomix's public reimplementation of Google Meet",
       {.weighted = 1},
       BindWeighted,
       [](const BlurOptions&) { return MakeVolcomixFilter(); }},
      {"livekit",
       "a quarter of the size by one read, then a Gaussian cut at one sigma",
       "LiveKit track-processors, webgl",
       {},
       BindLiveKit,
       [](const BlurOptions& o) { return MakeLiveKitFilter(o.radius); }},
      {"chime",
       "Gaussian that grows with the frame",
       "Amazon Chime SDK, backgroundblurprocessor",
       {},
       BindChime,
       [](const BlurOptions& o) { return MakeHeightScaledGaussian(ChimeBase(o.strength)); }},
      {"privacy",
       "Gaussian wide enough for writing of a stated size to stay unreadable (docs/blur.md)",
       "our own; measured with our own attack on blurs",
       {.weighted = 1},
       BindPrivacy,
       [](const BlurOptions& o) { return MakeHidingGaussian(o.hides); }},
      {kDepthName,
       "Gaussian that grows with the distance from the focus",
       "our own; focus mode of obs-backgroundremoval",
       {.extent = {20, 0}, .weighted = 1},
       BindDepth,
       gaussian},
  };
}

const std::vector<BlurKind>& Kinds() {
  static const std::vector<BlurKind> kinds = MakeKinds();
  return kinds;
}

ParameterSet Bind(const BlurKind& kind, BlurOptions* options) {
  ParameterSet set("blur");
  kind.bind(options, &set);
  BindCommon(options, &set);
  return set;
}

/// 0 stands for none.
Result<void> CheckOdd(const std::string& blur, const char* name, int value) {
  if (value == 0 || value % 2 == 1) return {};
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("blur {}: {} must be odd, not {}", blur, name, value)};
}

/// A spec that was understood.
struct Chosen {
  const BlurKind* kind;
  BlurOptions options;
};

Result<Chosen> Choose(const std::string& text) {
  PEEKPROOF_ASSIGN_OR_RETURN(const Spec spec, ParseSpec(text, "blur"));
  std::vector<std::string> names;
  for (const BlurKind& kind : Kinds()) {
    names.emplace_back(kind.name);
    if (spec.name != kind.name) continue;
    Chosen chosen{&kind, kind.defaults};
    PEEKPROOF_RETURN_IF_ERROR(Bind(kind, &chosen.options).Assign(spec));
    PEEKPROOF_RETURN_IF_ERROR(CheckOdd(spec.name, "kernel", chosen.options.kernel));
    PEEKPROOF_RETURN_IF_ERROR(CheckOdd(spec.name, "size", chosen.options.size));
    return chosen;
  }
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("no blur is called '{}'; there are {}", spec.name, JoinNames(names))};
}

Result<std::unique_ptr<RoomBlur>> MakeDepth(const BlurOptions& options, const BlurInputs& inputs) {
  DepthBlurOptions depth = options.depth;
  depth.sigma = options.extent;
  depth.weighted = options.weighted == 1;
  if (inputs.depth != nullptr) return MakeDepthRoom(depth, inputs.depth);
  PEEKPROOF_CHECK(inputs.make_depth_estimator != nullptr, "no source of depth");
  PEEKPROOF_ASSIGN_OR_RETURN(auto estimator, inputs.make_depth_estimator(options.model));
  return MakeDepthRoom(depth, DepthFromNetwork(std::move(estimator)));
}

}  // namespace

const std::vector<BlurInfo>& ListBlurs() {
  static const std::vector<BlurInfo> infos = [] {
    std::vector<BlurInfo> list;
    for (const BlurKind& kind : Kinds()) {
      BlurOptions options = kind.defaults;
      list.push_back({kind.name, kind.description, kind.source, Bind(kind, &options).Describe()});
    }
    return list;
  }();
  return infos;
}

Result<std::unique_ptr<Background>> MakeBlur(const std::string& spec, const BlurInputs& inputs) {
  PEEKPROOF_ASSIGN_OR_RETURN(const Chosen chosen, Choose(spec));
  KeepOptions keep{{}, chosen.options.feather, inputs.keep};
  PEEKPROOF_ASSIGN_OR_RETURN(keep.boxes, ParseKeepBoxes(chosen.options.keep));
  std::unique_ptr<RoomBlur> room;
  if (chosen.kind->name == kDepthName) {
    PEEKPROOF_ASSIGN_OR_RETURN(room, MakeDepth(chosen.options, inputs));
  } else {
    room = MakeFilteredRoom(chosen.kind->make_filter(chosen.options), chosen.options.weighted == 1);
  }
  return MakeRoomBackground(std::move(room), std::move(keep));
}

Result<double> EffectiveSigma(const std::string& spec, cv::Size frame) {
  PEEKPROOF_ASSIGN_OR_RETURN(const Chosen chosen, Choose(spec));
  PEEKPROOF_RETURN_IF_ERROR(ParseKeepBoxes(chosen.options.keep));
  return chosen.kind->make_filter(chosen.options)->EffectiveSigma(frame);
}

}  // namespace peekproof::engines
