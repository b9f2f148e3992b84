// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/scene_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <set>

#include "testbed/option_texts.h"

namespace peekproof::testbed {
namespace {

using engines::ParameterSet;

Result<void> SetLook(const std::string& text, std::optional<int>* look) {
  int parsed = 0;
  if (text == "seeded") {
    look->reset();
    return {};
  }
  if (!ParseNumber(text, &parsed)) return Invalid(fmt::format("give a number or seeded, not '{}'", text));
  *look = parsed;
  return {};
}

constexpr const char* kOfTheLook = "look";

Result<void> SetStrands(const std::string& text, std::optional<float>* strands) {
  float parsed = 0;
  if (text == kOfTheLook) {
    strands->reset();
    return {};
  }
  if (!ParseNumber(text, &parsed) || !(parsed >= 0 && parsed <= 1))
    return Invalid(fmt::format("give 0 to 1, or {}, not '{}'", kOfTheLook, text));
  *strands = parsed;
  return {};
}

/// Names of the values of an optional choice; the first stands for none.
template <typename T>
using Choices = std::vector<std::pair<std::string, std::optional<T>>>;

const Choices<HeldObject> kHeld{{kOfTheLook, std::nullopt},
                                {"nothing", HeldObject::kNothing},
                                {"mug", HeldObject::kMug},
                                {"phone", HeldObject::kPhone},
                                {"paper", HeldObject::kPaper}};
const Choices<SecondPersonMotion> kSecond{{"none", std::nullopt},
                                          {"beside", SecondPersonMotion::kBeside},
                                          {"passing", SecondPersonMotion::kPassing}};

template <typename T>
std::string NamesOf(const Choices<T>& choices) {
  std::vector<std::string> names;
  for (const auto& [name, value] : choices) names.push_back(name);
  return engines::JoinNames(names);
}

template <typename T>
std::string NameOf(const Choices<T>& choices, const std::optional<T>& value) {
  for (const auto& [name, known] : choices)
    if (known == value) return name;
  return choices[0].first;
}

template <typename T>
Result<void> SetChoice(const std::string& text, const Choices<T>& choices, std::optional<T>* value) {
  for (const auto& [name, known] : choices) {
    if (name != text) continue;
    *value = known;
    return {};
  }
  return Invalid(fmt::format("give one of {}, not '{}'", NamesOf(choices), text));
}

/// Binds a list of structs that are rows of numbers.
template <typename T>
void BindRows(const char* name, std::vector<T>* target, size_t columns, const char* form,
              std::function<T(const std::vector<double>&)> parse,
              std::function<std::vector<double>(const T&)> tell, const std::string& description,
              ParameterSet* set) {
  set->Custom(
      name,
      [=](const std::string& text) -> Result<void> {
        std::vector<std::vector<double>> rows;
        PEEKPROOF_RETURN_IF_ERROR(SetRows(text, columns, form, &rows));
        target->clear();
        for (const std::vector<double>& row : rows) target->push_back(parse(row));
        return {};
      },
      [=] {
        std::vector<std::vector<double>> rows;
        for (const T& item : *target) rows.push_back(tell(item));
        return RowsText(rows);
      },
      fmt::format("{}: {},... or none", description, form));
}

Result<void> SetKey(const std::string& text, KeyOptions* key) {
  if (text != "backdrop" && text != "paper")
    return Invalid(fmt::format("give backdrop or paper, not '{}'", text));
  key->method = text == "paper" ? KeyMethod::kPaper : KeyMethod::kBackdrop;
  return {};
}

void BindCall(SceneOptions* o, ParameterSet* set) {
  set->Custom(
      "seed", [o](const std::string& text) { return SetSeed(text, &o->seed); },
      [o] { return fmt::format("{}", o->seed); }, "Everything random follows from it");
  set->Custom(
      "size", [o](const std::string& text) { return SetSize(text, &o->size); },
      [o] { return fmt::format("{}x{}", o->size.width, o->size.height); },
      "Of the picture, WIDTHxHEIGHT; even");
  set->Number("fps", &o->frame_rate, 1.0, 240.0, "Frames a second");
  set->Integer("frames", &o->frames, 1, 10'000'000, "Length of the call in frames");
}

void BindPerson(SceneOptions* o, ParameterSet* set) {
  set->Text(
      "person", &o->foreground.source,
      "Who is before the camera: drawn, or a file: a still with a matte, a video with alpha, or one before a "
      "plain backdrop, to be keyed");
  ForegroundOptions* const f = &o->foreground;
  set->Custom(
      "look", [o](const std::string& text) { return SetLook(text, &o->foreground.look); },
      [o] { return o->foreground.look ? fmt::format("{}", *o->foreground.look) : std::string("seeded"); },
      fmt::format("Of a drawn person: a number (below {}: a preset), or seeded", kPresetLooks));
  set->Custom(
      "strands", [f](const std::string& text) { return SetStrands(text, &f->strands); },
      [f] { return f->strands ? fmt::format("{}", *f->strands) : std::string(kOfTheLook); },
      "Loose, half transparent hair of a drawn person, 0 to 1, or look");
  set->Custom(
      "held", [f](const std::string& text) { return SetChoice(text, kHeld, &f->held); },
      [f] { return NameOf(kHeld, f->held); },
      "What a drawn person's raised hand holds (" + NamesOf(kHeld) + ")");
  set->Custom(
      "second_person", [f](const std::string& text) { return SetChoice(text, kSecond, &f->second); },
      [f] { return NameOf(kSecond, f->second); }, "Somebody else, drawn, behind (" + NamesOf(kSecond) + ")");
  set->Integer("drawn_height", &o->foreground.render_height_px, 16, 8192,
               "Height at which a drawn person is drawn before it is scaled, pixels");
}

void BindBoxes(const char* name, std::vector<cv::Rect2d>* boxes, const char* description, ParameterSet* set) {
  BindRows<cv::Rect2d>(
      name, boxes, 4, "X:Y:WIDTH:HEIGHT",
      [](const auto& row) { return cv::Rect2d(row[0], row[1], row[2], row[3]); },
      [](const cv::Rect2d& box) {
        return std::vector<double>{box.x, box.y, box.width, box.height};
      },
      description, set);
}

void BindCutout(SceneOptions* o, ParameterSet* set) {
  ForegroundOptions* const f = &o->foreground;
  KeyOptions* const k = &f->key;
  set->Custom(
      "matte",
      [f](const std::string& text) -> Result<void> {
        f->matte = text == "own" ? "" : text;
        return {};
      },
      [f] { return f->matte.empty() ? std::string("own") : f->matte; },
      "Of a still: a grey picture, or own (its alpha channel, or X_alpha.png beside X_rgb.*)");
  set->Number("headroom", &f->placement.headroom, 0.0F, 0.5F, "Of a file: share of the frame above the head");
  set->Number("head_height", &f->placement.head_height, 0.05F, 0.9F,
              "Of a file: share of the frame's height that the head takes at least");
  set->Number("centre", &f->placement.centre, 0.0F, 1.0F, "Of a file: where the head is, share of the width");
  set->Custom(
      "key", [k](const std::string& text) { return SetKey(text, k); },
      [k] { return std::string(k->method == KeyMethod::kPaper ? "paper" : "backdrop"); },
      "How a video is keyed: backdrop (fitted to the clip), or paper (the range of Seeing Through)");
  set->Number("key_low", &k->low, 0.1F, 200.0F, "Distance to the backdrop up to which a pixel is backdrop");
  set->Number("key_high", &k->high, 0.1F, 200.0F, "Distance from which it is person, both in its noise");
  set->Number("key_despill", &k->despill, 0.0F, 1.0F, "How far the backdrop's hue is taken out of edges");
  set->Number("key_hole", &k->largest_hole, 0.0F, 1.0F, "Share of the frame up to which holes are filled");
  set->Number("key_softness", &k->softness, 0.0F, 0.25F,
              "Share of the height by which a coloured backdrop may shine through hair");
  BindBoxes("key_drop", &k->drop, "Garbage boxes, always backdrop, as shares of the frame", set);
  BindBoxes("key_keep", &k->keep, "Boxes that are always person", set);
}

void BindMotion(SceneOptions* o, ParameterSet* set) {
  MotionOptions* const m = &o->motion;
  set->Custom(
      "motion",
      [m](const std::string& text) -> Result<void> {
        PEEKPROOF_ASSIGN_OR_RETURN(m->script, ParseMotionScript(text));
        return {};
      },
      [m] { return NameOfMotionScript(m->script); },
      fmt::format("What the person does ({})", engines::JoinNames(MotionScriptNames())));
  set->Number("sway", &m->sway_m, 0.0F, 0.14F, "Sideways wandering of the body, metres to either side");
  set->Number("lean", &m->lean_rad, 0.0F, 0.3F, "Rolling from side to side, radians");
  set->Number("head_turn", &m->head_rad, 0.0F, 1.0F, "Widest turn of the head, radians");
  set->Number("wave_period", &m->wave_period_s, 0.0, 1e6,
              "Seconds from one raised hand to the next; 0: none");
  set->Number("distance", &m->distance_m, 0.62F, 1.12F, "Mean distance from the camera, metres");
}

void BindPlaces(SceneOptions* o, ParameterSet* set) {
  set->Text("room", &o->room, "The real room: drawn, chart (writing in eight sizes), or a picture file");
  BindRows<RoomChange>(
      "room_changes", &o->room_changes, 5, "SECONDS:X:Y:WIDTH:HEIGHT",
      [](const auto& row) {
        return RoomChange{row[0], {row[1], row[2], row[3], row[4]}};
      },
      [](const RoomChange& change) {
        const cv::Rect2d& box = change.box;
        return std::vector<double>{change.time_s, box.x, box.y, box.width, box.height};
      },
      "When a part of the room shows something else, as a moved chair or an opened door does; in shares of "
      "the "
      "picture",
      set);
  set->Text("wallpaper", &o->wallpaper,
            "The virtual background: beach, mountains or office (drawn), a picture or video file, a colour "
            "such as #00b140, or a blur (peekproof list blurs)");
  set->Integer("wallpaper_noise", &o->wallpaper_noise, 0, 127,
               "Noise on the wallpaper, new in every frame, by up to so many of 255 steps: a defense");
  set->Number("light_follow", &o->light.follow, 0.0F, 1.0F,
              "How far the light on the person is the room's in colour and brightness");
  set->Number("light_gradient", &o->light.gradient, 0.0F, 1.0F,
              "How far the difference between the room's halves falls on the person");
}

void BindCameraColour(CameraOptions* c, ParameterSet* set) {
  set->Number("white_balance", &c->white_balance_k, 3000.0F, 12000.0F,
              "Kelvin that the camera takes for white");
  set->Number("white_balance_drift", &c->white_balance_drift, 0.0F, 0.2F, "Its slow wandering, relative");
  set->Number("read_noise", &c->read_noise, 0.0F, 0.1F, "Sigma of noise in linear light, white 1");
  set->Number("shot_noise", &c->shot_noise, 0.0F, 0.02F, "Variance of noise in linear light, per unit of it");
  set->Number("noise_grain", &c->noise_grain, 0.0F, 1.0F, "Weight of each neighbour's noise in both");
}

void BindCameraMotion(CameraOptions* c, ParameterSet* set) {
  set->Number("shutter", &c->shutter_share, 0.0F, 1.0F, "Share of the time that the shutter is open");
  set->Integer("shutter_samples", &c->shutter_samples, 1, 64, "Moments drawn for it; 1: no motion blur");
  set->Number("shake", &c->shake_px, 0.0F, 20.0F, "Furthest move of the camera, pixels");
  set->Number("shake_roll", &c->shake_rad, 0.0F, 0.05F, "Furthest roll of the camera, radians");
  set->Number("compose_scale", &c->compose_scale, 1.0F, 4.0F,
              "Size that is composed at before it is scaled down: 1, 1.5, 2, 3 or 4 times the frame's");
}

void BindCamera(SceneOptions* o, ParameterSet* set) {
  CameraOptions* const c = &o->camera;
  set->Number("noise", &c->noise_sigma, 0.0F, 20.0F, "Sigma of the sensor's noise, steps of 8 bits");
  set->Number("exposure_drift", &c->exposure_drift, 0.0F, 0.2F, "Slow wandering of the exposure, relative");
  set->Number("drift_period", &c->drift_period_s, 0.5F, 1e6F, "Of that wandering, seconds");
  BindRows<ExposureStep>(
      "exposure_steps", &c->exposure_steps, 2, "SECONDS:FACTOR",
      [](const auto& row) {
        return ExposureStep{row[0], static_cast<float>(row[1])};
      },
      [](const ExposureStep& step) {
        return std::vector<double>{step.time_s, double(step.factor)};
      },
      "When automatic exposure is caught out, and by how much", set);
  set->Number("exposure_settle", &c->exposure_settle_s, 0.05F, 10.0F, "Its time constant, seconds");
  BindRows<LightSwitch>(
      "lights", &c->lights, 3, "SECONDS:ROOM:PERSON",
      [](const auto& row) {
        return LightSwitch{row[0], static_cast<float>(row[1]), static_cast<float>(row[2])};
      },
      [](const LightSwitch& light) {
        return std::vector<double>{light.time_s, double(light.room), double(light.caller)};
      },
      "When the light changes, to which share on room and person", set);
  BindCameraColour(c, set);
  BindCameraMotion(c, set);
}

void BindService(SceneOptions* o, ParameterSet* set) {
  set->Integer("setup_frames", &o->setup_frames, 0, 100'000,
               "Frames of the empty room that the engine is shown before the call; only guard looks at them");
  set->Text(
      "engine", &o->engine,
      "The service that makes the virtual background (peekproof list engines), or browser:NAME, as browsers "
      "ship it: twilio, livekit, mediapipe, shiguredo");
  BindRows<RawInterval>(
      "raw", &o->raw, 2, "SECONDS:FRAMES",
      [](const auto& row) {
        return RawInterval{row[0], static_cast<int>(row[1])};
      },
      [](const RawInterval& raw) {
        return std::vector<double>{raw.start_s, double(raw.frames)};
      },
      "When the service drops out and the camera shows", set);
  set->Flag("oracle", &o->use_oracle, "Use the true matte, made wrong, in place of the service's network");
  set->Integer("oracle_lag", &o->oracle.lag_frames, 0, 30, "Frames by which the oracle trails");
  set->Integer("oracle_dilate", &o->oracle.dilate_px, 0, 20, "Growth of its caller, pixels of 256 x 144");
  set->Number("oracle_blur", &o->oracle.blur_px, 0.0F, 10.0F, "Softness of its border, pixels of 256 x 144");
  set->Integer("oracle_blobs", &o->oracle.blobs, 0, 50, "Patches of room that it takes for the caller");
  set->Number("oracle_blob_radius", &o->oracle.blob_radius_px, 1.0F, 40.0F, "Their size");
  set->Number("oracle_blob_strength", &o->oracle.blob_strength, 0.0F, 1.0F, "Their confidence");
}

void BindChannel(SceneOptions* o, ParameterSet* set) {
  ChannelOptions* const c = &o->channel;
  set->Custom(
      "codec",
      [c](const std::string& text) -> Result<void> {
        PEEKPROOF_ASSIGN_OR_RETURN(c->codec, ParseChannelCodec(text));
        return {};
      },
      [c] { return std::string(ChannelCodecName(c->codec)); }, "Of the call (lossless, h264, vp8, vp9, av1)");
  set->Custom(
      "bit_rate", [c](const std::string& text) { return SetBitRate(text, &c->bit_rate); },
      [c] { return fmt::format("{}", c->bit_rate); }, "Of the call, bits a second; 1500k, 1.5M");
  BindRows<BandwidthStep>(
      "bandwidth", &c->bandwidth, 2, "SECONDS:BITS",
      [](const auto& row) {
        return BandwidthStep{row[0], std::llround(row[1])};
      },
      [](const BandwidthStep& step) {
        return std::vector<double>{step.time_s, double(step.bit_rate)};
      },
      "What the network carries from a time on", set);
  set->Number("dips", &c->dips.per_minute, 0.0, 600.0, "Seeded times of little bandwidth, a minute");
  set->Number("losses", &c->losses.per_minute, 0.0, 600.0, "Seeded times in which nothing arrives, a minute");
  set->Number("reaction", &c->reaction_s, 0.0, 60.0, "Seconds after which the encoder follows the bandwidth");
  set->Flag("drop_frames", &c->drop_frames, "Leave out frames that the bandwidth does not carry");
  set->Number("bucket", &c->bucket_s, 0.001, 60.0,
              "Seconds of bandwidth by which bits may run ahead before that");
  set->Flag("adapt_resolution", &c->adapt_resolution, "Send smaller pictures where bits are short");
}

void BindOutput(SceneOptions* o, ParameterSet* set) {
  set->Flag("truth_frames", &o->write_frames, "Also write the mattes of every frame, as videos");
}

}  // namespace

ParameterSet ParametersOf(SceneOptions* options) {
  ParameterSet set("scene");
  BindCall(options, &set);
  BindPerson(options, &set);
  BindCutout(options, &set);
  BindMotion(options, &set);
  BindPlaces(options, &set);
  BindCamera(options, &set);
  BindService(options, &set);
  BindChannel(options, &set);
  BindOutput(options, &set);
  return set;
}

std::vector<std::pair<std::string, std::string>> ValuesOf(const SceneOptions& options) {
  SceneOptions copy = options;
  std::vector<std::pair<std::string, std::string>> values;
  for (engines::ParameterInfo& info : ParametersOf(&copy).Describe())
    values.emplace_back(std::move(info.name), std::move(info.default_value));
  return values;
}

Result<void> SetOption(const std::string& name, const std::string& value, SceneOptions* options) {
  return ParametersOf(options).Assign({"option", {{name, value}}});
}

bool IsFileOption(const std::string& name) {
  static const std::set<std::string> files{"person", "matte", "room", "wallpaper"};
  return files.contains(name);
}

}  // namespace peekproof::testbed
