// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/scene_parameters.h"

#include <fmt/format.h>

#include <charconv>
#include <set>

namespace peekproof::testbed {
namespace {

using engines::ParameterSet;

template <typename T>
bool ParseWhole(const std::string& text, T* value) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *value);
  return error == std::errc() && stop == end;
}

Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

Result<void> SetSeed(const std::string& text, uint64_t* seed) {
  if (ParseWhole(text, seed)) return {};
  return Invalid(fmt::format("give a whole number from 0, not '{}'", text));
}

Result<void> SetSize(const std::string& text, cv::Size* size) {
  const size_t cross = text.find('x');
  cv::Size parsed;
  if (cross == std::string::npos || !ParseWhole(text.substr(0, cross), &parsed.width) ||
      !ParseWhole(text.substr(cross + 1), &parsed.height))
    return Invalid(fmt::format("give WIDTHxHEIGHT, such as 1280x720, not '{}'", text));
  *size = parsed;
  return {};
}

/// "2.5:3,7:1": three raw frames at 2.5 s, one at 7 s; "none".
Result<void> SetRaw(const std::string& text, std::vector<RawInterval>* raw) {
  std::vector<RawInterval> parsed;
  for (size_t begin = 0; text != "none" && begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    const std::string item = text.substr(begin, end - begin);
    const size_t colon = item.find(':');
    RawInterval interval;
    if (colon == std::string::npos || !ParseWhole(item.substr(0, colon), &interval.start_s) ||
        !ParseWhole(item.substr(colon + 1), &interval.frames))
      return Invalid(fmt::format("give SECONDS:FRAMES,... such as 2.5:3, or none, not '{}'", text));
    parsed.push_back(interval);
    begin = end + 1;
  }
  *raw = parsed;
  return {};
}

std::string RawText(const std::vector<RawInterval>& raw) {
  std::string text;
  for (const RawInterval& interval : raw)
    text += fmt::format("{}{}:{}", text.empty() ? "" : ",", interval.start_s, interval.frames);
  return text.empty() ? "none" : text;
}

Result<void> SetLook(const std::string& text, std::optional<int>* look) {
  int parsed = 0;
  if (text == "seeded") {
    look->reset();
    return {};
  }
  if (!ParseWhole(text, &parsed)) return Invalid(fmt::format("give a number or seeded, not '{}'", text));
  *look = parsed;
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
  set->Text("person", &o->foreground.source, "Who is before the camera: drawn");
  set->Custom(
      "look", [o](const std::string& text) { return SetLook(text, &o->foreground.look); },
      [o] { return o->foreground.look ? fmt::format("{}", *o->foreground.look) : std::string("seeded"); },
      "Of a drawn person: number of a preset, or seeded");
  set->Integer("drawn_height", &o->foreground.render_height_px, 16, 8192,
               "Height at which a drawn person is drawn before it is scaled, pixels");
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
  set->Text("room", &o->room, "The real room: drawn, or a picture file");
  set->Text("wallpaper", &o->wallpaper,
            "The virtual background: beach, mountains or office (drawn), a picture or video file, a colour "
            "such as #00b140, or a blur (peekproof list blurs)");
}

void BindCamera(SceneOptions* o, ParameterSet* set) {
  CameraOptions* const c = &o->camera;
  set->Number("noise", &c->noise_sigma, 0.0F, 20.0F, "Sigma of the sensor's noise, steps of 8 bits");
  set->Number("exposure_drift", &c->exposure_drift, 0.0F, 0.2F, "Slow wandering of the exposure, relative");
  set->Number("drift_period", &c->drift_period_s, 0.5F, 1e6F, "Of that wandering, seconds");
}

void BindService(SceneOptions* o, ParameterSet* set) {
  set->Text("engine", &o->engine, "The service that makes the virtual background (peekproof list engines)");
  set->Custom(
      "raw", [o](const std::string& text) { return SetRaw(text, &o->raw); }, [o] { return RawText(o->raw); },
      "When the service drops out and the camera shows, SECONDS:FRAMES,... or none");
  set->Flag("oracle", &o->use_oracle, "Use the true matte, made wrong, in place of the service's network");
  set->Integer("oracle_lag", &o->oracle.lag_frames, 0, 30, "Frames by which the oracle trails");
  set->Integer("oracle_dilate", &o->oracle.dilate_px, 0, 20, "Growth of its caller, pixels of 256 x 144");
  set->Number("oracle_blur", &o->oracle.blur_px, 0.0F, 10.0F, "Softness of its border, pixels of 256 x 144");
  set->Integer("oracle_blobs", &o->oracle.blobs, 0, 50, "Patches of room that it takes for the caller");
  set->Number("oracle_blob_radius", &o->oracle.blob_radius_px, 1.0F, 40.0F, "Their size");
  set->Number("oracle_blob_strength", &o->oracle.blob_strength, 0.0F, 1.0F, "Their confidence");
}

void BindOutput(SceneOptions* o, ParameterSet* set) {
  set->Flag("truth_frames", &o->write_frames, "Also write the mattes of every frame, as videos");
}

}  // namespace

ParameterSet ParametersOf(SceneOptions* options) {
  ParameterSet set("scene");
  BindCall(options, &set);
  BindPerson(options, &set);
  BindMotion(options, &set);
  BindPlaces(options, &set);
  BindCamera(options, &set);
  BindService(options, &set);
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
  static const std::set<std::string> files{"person", "room", "wallpaper"};
  return files.contains(name);
}

}  // namespace peekproof::testbed
