// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engines/guard_engine.h"
#include "engines/profiles.h"

namespace peekproof::engines {
namespace {

/// What each strength means; docs/guard.md says it in words.
GuardOptions NaturalOptions() {
  GuardOptions options;
  options.strength = "natural";
  options.zone.reach_blocks = 16;
  options.matte.tolerance.shadow = 0.05F;
  options.hold_masks = 1;
  options.careful_low = 0.5F;
  options.careful_high = 0.9F;
  return options;
}

GuardOptions StrictOptions() {
  GuardOptions options;
  options.strength = "strict";
  options.zone.reach_blocks = 2;
  options.matte.tolerance.shadow = 0.25F;
  options.matte.tolerance.doubt = 5;
  options.matte.share_low = 0.3F;
  options.matte.share_high = 0.8F;
  options.matte.room_speck = 3;
  options.matte.trust_network = false;
  options.hold_masks = 4;
  options.choke_cells = 1;
  options.careful_low = 0.9F;
  options.careful_high = 1.0F;
  options.reveal_frames = 4;
  options.limits.most_mask_age = 0;
  return options;
}

void BindTime(GuardOptions* options, ParameterSet* set) {
  Schedule& schedule = options->schedule;
  set->Integer("lag", &schedule.lag, 0, 30, "frames by which the mask trails the picture");
  set->Integer("stride", &schedule.stride, 1, 60, "the network runs on every so many frames");
  set->Integer("load_frames", &schedule.load_frames, 0, 1000000,
               "frames at the start for which the network is not ready");
  set->Integer("fail_from", &schedule.fail_from, 0, 1000000,
               "for studies: first frame on which the network is made to fail");
  set->Integer("fail_frames", &schedule.fail_frames, 0, 1000000, "and on how many frames it does");
  set->Integer("open_masks", &options->limits.open_masks, 1, 100,
               "good masks in a row before the caller is shown");
  set->Integer("most_mask_age", &options->limits.most_mask_age, 0, 60,
               "frames from which on an older mask is no mask");
  set->Number("most_gap_s", &options->limits.most_gap_s, 0.01, 60.0,
              "seconds between two frames from which on the second one came late");
  set->Number("most_change", &options->limits.most_change, 0.05, 1.0,
              "share of the known room that may differ at once before it counts as another scene");
}

ParameterSet Bind(GuardOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  set.Choice("strength", &options->strength, {"natural", "balanced", "strict"},
             "how much of doubt is hidden; sets the defaults of those below");
  set.Integer("reach", &options->zone.reach_blocks, 0, 32,
              "blocks of 8 pixels beyond the network's caller that may still be the caller's");
  set.Flag("one_person", &options->zone.one_person, "leave other people out");
  set.Flag("learn", &options->learn, "learn the room during the call, where nobody is");
  set.Number("shadow", &options->matte.tolerance.shadow, 0.0F, 0.9F,
             "the room under so much less light is the room");
  set.Number("doubt", &options->matte.tolerance.doubt, 0.0F, 100.0F,
             "deviations of the noise up to which a pixel agrees with the room");
  set.Number("share_low", &options->matte.share_low, 0.0F, 0.98F,
             "share of the caller in a pixel below which it is room");
  set.Number("share_high", &options->matte.share_high, 0.01F, 1.0F,
             "and from which it shows whole, at the caller's edge");
  set.Integer("edge", &options->matte.edge_px, 1, 32,
              "pixels from the room within which one may be a mixture");
  set.Integer("room_speck", &options->matte.room_speck, 1, 15,
              "side of the smallest square that counts as room amid the caller");
  set.Flag("trust_network", &options->matte.trust_network,
           "believe the network where caller and room have one colour");
  set.Integer("hold_masks", &options->hold_masks, 1, 30,
              "without a plate: masks in a row that must call a pixel the caller's");
  set.Integer("choke", &options->choke_cells, 0, 8,
              "without a plate: mask pixels by which the caller shrinks");
  set.Number("careful_low", &options->careful_low, 0.0F, 0.999F,
             "without a plate: mask value at which the caller begins to show");
  set.Number("careful_high", &options->careful_high, 0.001F, 1.0F, "and from which it shows whole");
  set.Integer("reveal_frames", &options->reveal_frames, 1, 250,
              "frames that a pixel takes from hidden to shown");
  BindTime(options, &set);
  return set;
}

Result<GuardOptions> OptionsOf(const Spec& spec) {
  std::string strength = "balanced";
  for (const auto& [key, value] : spec.values)
    if (key == "strength") strength = value;
  PEEKPROOF_ASSIGN_OR_RETURN(GuardOptions options, GuardOptionsOf(strength));
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  if (options.matte.share_low >= options.matte.share_high)
    return Error{ErrorCode::kInvalidArgument, "engine guard: share_low must be less than share_high"};
  if (options.careful_low >= options.careful_high)
    return Error{ErrorCode::kInvalidArgument, "engine guard: careful_low must be less than careful_high"};
  return options;
}

/// The network's mask as it is: what an attack re-purposes, and what the guard starts from.
class GuardProfile : public Profile {
 public:
  explicit GuardProfile(ProfileParts parts) : Profile(std::move(parts)), upscaler_(UpscaleOptions{}) {}

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    upscaler_.Apply(coarse.values, camera.size(), mask);
  }

 private:
  MaskUpscaler upscaler_;
};

Result<std::unique_ptr<Profile>> MakeGuardProfile(const Spec& spec, const SegmenterMaker& make_segmenter) {
  PEEKPROOF_ASSIGN_OR_RETURN(const GuardOptions options, OptionsOf(spec));
  ProfileParts parts{.downscale = Downscale::kNearest, .schedule = options.schedule};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return std::unique_ptr<Profile>(std::make_unique<GuardProfile>(std::move(parts)));
}

Result<std::unique_ptr<Engine>> MakeGuardEngine(const Spec& spec, const SegmenterMaker& make_segmenter) {
  PEEKPROOF_ASSIGN_OR_RETURN(const GuardOptions options, OptionsOf(spec));
  PEEKPROOF_ASSIGN_OR_RETURN(auto profile, MakeGuardProfile(spec, make_segmenter));
  return std::unique_ptr<Engine>(std::make_unique<GuardEngine>(std::move(profile), options));
}

}  // namespace

Result<GuardOptions> GuardOptionsOf(const std::string& strength) {
  if (strength == "natural") return NaturalOptions();
  if (strength == "balanced") return GuardOptions();
  if (strength == "strict") return StrictOptions();
  return Error{ErrorCode::kInvalidArgument,
               "engine guard: strength must be natural, balanced or strict, not '" + strength + "'"};
}

/// Ours; no service does it.
ProfileEntry GuardEntry() {
  GuardOptions options;
  return {.info = {.name = "guard",
                   .description = "Peekproof's own: shows nothing of the room; learns it to tell it apart",
                   .source = "ours; docs/guard.md",
                   .fit = Fit::kCover,
                   .blur = "gaussian",
                   .parameters = Bind(&options).Describe()},
          .make = MakeGuardProfile,
          .make_engine = MakeGuardEngine};
}

}  // namespace peekproof::engines
