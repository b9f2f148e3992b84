// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "advise_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/text.h"

namespace peekproof::cli {
namespace {

using advise::Advice;
using advise::SettingResult;
using Json = nlohmann::ordered_json;

/// Leak over that of the call as it is: "1/170", "1/1.6", "x 1.4", "-" where neither leaks.
std::string FactorText(double leak, double as_it_is) {
  if (!(as_it_is > 0)) return "-";
  const double factor = leak / as_it_is;
  if (factor >= 0.67) return fmt::format("x {:.1f}", factor);
  if (!(leak > 0)) return "0";
  return factor < 0.1 ? fmt::format("1/{:.0f}", std::min(9999.0, 1 / factor))
                      : fmt::format("1/{:.1f}", 1 / factor);
}

std::string EngineLine(const Advice& advice) {
  const std::string guessed =
      advice.engine_probability
          ? fmt::format(", guessed, {:.0f} % sure (name it with --engine if you know it)",
                        100 * *advice.engine_probability)
          : "";
  return fmt::format("  engine      {}{}\n", report::CleanText(advice.engine), guessed);
}

std::string PlaceLines(const Advice& advice) {
  if (advice.on_camera) {
    std::string text = fmt::format("  tried on    {} frames of your camera clip{}\n", advice.trials.frames,
                                   advice.has_plate ? " and your empty room" : "");
    text +=
        advice.has_plate
            ? "  leak        an estimate without truth; reads up to 2.7 % behind guard, where nothing shows\n"
            : "  leak        an estimate without truth or empty room (--plate); may read a third of it "
              "only\n";
    return text;
  }
  if (!advice.nearest) return "";
  const auto traits = [](const advise::CallTraits& of) {
    return fmt::format("caller {:.0f} % of the picture, {:.2f} of him moves in a second, sweep {:.2f}",
                       100 * of.caller_share, of.speed_per_s, of.sweep);
  };
  std::string text = fmt::format("  recording   {}\n", traits(advice.traits));
  text += fmt::format("  nearest     {}: {} (distance {:.1f})\n", NameOf(advice.nearest->chosen),
                      traits(advice.nearest->chosen.traits), advice.nearest->distance);
  text += fmt::format("  tried on    {} drawn call{} of {} frames, {}x{} at {:.4g} a second\n",
                      advice.trials.calls, advice.trials.calls == 1 ? "" : "s", advice.trials.frames,
                      advice.tried_size.width, advice.tried_size.height, advice.frame_rate);
  text += "  note        trust the order of one engine's defenses and of guard, not that of two services\n";
  return text;
}

std::string TableOf(const Advice& advice) {
  const SettingResult* as_it_is = advice.AsItIs();
  size_t width = 8;
  for (const SettingResult& result : advice.trials.settings)
    width = std::max(width, report::CleanText(result.remedy.setting).size());
  std::string text = fmt::format("\n  {:<{}}  {:>8}  {:>15}  {:>8}  {:>8}  {:>8}  {:>6}\n", "setting", width,
                                 "leak %", "least to most", "as it is", "lost %", "closed %", "ms");
  for (const SettingResult& result : advice.trials.settings) {
    const std::string lost = result.lost ? fmt::format("{:.1f}", 100 * *result.lost) : "-";
    const std::string spread = advice.trials.calls > 1
                                   ? fmt::format("{:.3f} to {:.3f}", 100 * result.least, 100 * result.largest)
                                   : "-";
    text += fmt::format("  {:<{}}  {:>8.3f}  {:>15}  {:>8}  {:>8}  {:>8.1f}  {:>6.1f}\n",
                        report::CleanText(result.remedy.setting), width, 100 * result.leak, spread,
                        as_it_is ? FactorText(result.leak, as_it_is->leak) : "-", lost, 100 * result.closed,
                        result.ms);
  }
  return text;
}

std::string ActionsOf(const Advice& advice) {
  std::string text = "\nWhat to do:\n";
  for (const SettingResult& result : advice.trials.settings)
    text += fmt::format("  {}: {}\n", report::CleanText(result.remedy.setting),
                        report::CleanText(result.remedy.action));
  return text;
}

Json SettingObject(const SettingResult& result, const SettingResult* as_it_is) {
  Json object = {{"setting", result.remedy.setting},
                 {"engine", result.remedy.engine},
                 {"setup", result.remedy.setup},
                 {"background_noise", result.remedy.background_noise},
                 {"action", result.remedy.action},
                 {"leak", result.leak},
                 {"least", result.least},
                 {"largest", result.largest},
                 {"factor", nullptr},
                 {"caller_lost", nullptr},
                 {"closed", result.closed},
                 {"ms", result.ms}};
  if (as_it_is != nullptr && as_it_is->leak > 0) object["factor"] = result.leak / as_it_is->leak;
  if (result.lost) object["caller_lost"] = *result.lost;
  return object;
}

Json TraitsObject(const advise::CallTraits& traits) {
  return {
      {"caller_share", traits.caller_share}, {"speed_per_s", traits.speed_per_s}, {"sweep", traits.sweep}};
}

Json SettingOrNull(const SettingResult* result) {
  return result == nullptr ? Json(nullptr) : Json(result->remedy.setting);
}

Json TriedObject(const Advice& advice) {
  Json tried = {{"on", advice.on_camera ? "camera" : "test_bed"},
                {"plate", advice.has_plate},
                {"calls", advice.trials.calls},
                {"frames", advice.trials.frames},
                {"traits", nullptr},
                {"case", nullptr}};
  if (!advice.nearest) return tried;
  tried["traits"] = TraitsObject(advice.traits);
  tried["case"] = {
      {"name", NameOf(advice.nearest->chosen)}, {"traits", TraitsObject(advice.nearest->chosen.traits)},
      {"distance", advice.nearest->distance},   {"width", advice.tried_size.width},
      {"height", advice.tried_size.height},     {"frame_rate", advice.frame_rate}};
  return tried;
}

}  // namespace

std::string AdviceSentences(const Advice& advice) {
  const SettingResult* as_it_is = advice.AsItIs();
  if (as_it_is == nullptr) return "The call as it is was not tried, so nothing can be compared with it.\n";
  const SettingResult* best = advice.Best();
  if (best == nullptr) {
    return fmt::format("None of these settings is known to show less of the room than the {} of it now.\n",
                       report::FormatLeak(as_it_is->leak));
  }
  const char* tense = advice.on_camera ? "shows" : "would have shown";
  std::string text =
      fmt::format("{} {} {} of the room instead of {}.\n", report::CleanText(best->remedy.setting), tense,
                  report::FormatLeak(best->leak), report::FormatLeak(as_it_is->leak));
  const SettingResult* same = advice.BestOfTheEngine();
  if (same != nullptr && same != best) {
    text += fmt::format("Without another program, {} {} {}.\n", report::CleanText(same->remedy.setting),
                        tense, report::FormatLeak(same->leak));
  }
  return text;
}

std::string AdviceText(const Advice& advice) {
  std::string text = fmt::format("{}: {}\n", report::CleanText(advice.input_name),
                                 report::CleanText(advice.verdict_sentence));
  text.append(EngineLine(advice)).append(PlaceLines(advice)).append(TableOf(advice));
  text.append("\n").append(AdviceSentences(advice)).append(ActionsOf(advice));
  for (const Diagnostic& item : advice.diagnostics.items())
    text.append(fmt::format("  note        {}\n", report::CleanText(item.message)));
  if (advice.trials.interrupted)
    text += "  partial     stopped early: only what was tried until then is told\n";
  return text;
}

std::string AdviceJson(const Advice& advice) {
  const SettingResult* as_it_is = advice.AsItIs();
  Json root = {{"schema", 1}, {"input", advice.input_name}, {"audit", advice.verdict_sentence}};
  root["engine"] = {{"used", advice.engine}, {"probability", nullptr}};
  if (advice.engine_probability) root["engine"]["probability"] = *advice.engine_probability;
  root["tried"] = TriedObject(advice);
  root["settings"] = Json::array();
  for (const SettingResult& result : advice.trials.settings)
    root["settings"].push_back(SettingObject(result, as_it_is));
  root["best"] = SettingOrNull(advice.Best());
  root["best_of_the_engine"] = SettingOrNull(advice.BestOfTheEngine());
  root["complete"] = advice.complete;
  root["interrupted"] = advice.trials.interrupted;
  root["diagnostics"] = Json::array();
  for (const Diagnostic& item : advice.diagnostics.items())
    root["diagnostics"].push_back({{"message", item.message}, {"count", item.count}});
  return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace peekproof::cli
