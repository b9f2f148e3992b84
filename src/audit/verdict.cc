// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engines/blur_limit.h"

namespace peekproof::audit {
namespace {

bool HasCaller(const SegmentResult& segment) { return segment.caller_share >= 0.01; }

bool Replaced(const SegmentResult& segment) {
  return segment.background == BackgroundKind::kStaticWallpaper && HasCaller(segment);
}

bool Blurred(const SegmentResult& segment) { return segment.blur && HasCaller(segment); }

bool MainIsBlurred(const AuditResult& result) {
  return result.main_segment && Blurred(result.segments[*result.main_segment]);
}

bool AnySegment(const AuditResult& result, bool (*holds)(const SegmentResult&)) {
  return std::any_of(result.segments.begin(), result.segments.end(), holds);
}

// The replaced segment with most recovered room; else the longest blurred one; else the longest one.
std::optional<size_t> ChooseMainSegment(const std::vector<SegmentResult>& segments) {
  std::optional<size_t> best;
  for (size_t i = 0; i < segments.size(); ++i) {
    if (!best) {
      best = i;
      continue;
    }
    const SegmentResult& candidate = segments[i];
    const SegmentResult& champion = segments[*best];
    if (Replaced(candidate) != Replaced(champion)) {
      if (Replaced(candidate)) best = i;
    } else if (Replaced(candidate)) {
      if (candidate.expected_correct_share > champion.expected_correct_share) best = i;
    } else if (Blurred(candidate) != Blurred(champion)) {
      if (Blurred(candidate)) best = i;
    } else if (candidate.frames > champion.frames) {
      best = i;
    }
  }
  return best;
}

constexpr double kWorthTelling = 0.02;

// Of all that could be looked at, by frames and area, the share in [0, 1] that the wallpaper method passed
// over: what moves by itself in replaced segments, and the other segments that show a caller.
double UnseenShare(const AuditResult& result) {
  double frames = 0;
  double unseen = 0;
  for (const SegmentResult& segment : result.segments) {
    if (!HasCaller(segment)) continue;
    const double of_segment = Replaced(segment) ? segment.moving_share : 1.0;
    frames += static_cast<double>(segment.frames);
    unseen += of_segment * static_cast<double>(segment.frames);
  }
  return frames > 0 ? unseen / frames : 0.0;
}

// With a caller.
int64_t FramesOf(const AuditResult& result, BackgroundKind kind) {
  int64_t frames = 0;
  for (const SegmentResult& segment : result.segments)
    if (HasCaller(segment) && segment.background == kind) frames += segment.frames;
  return frames;
}

Verdict ChooseVerdict(const AuditResult& result) {
  if (result.segments.empty()) return Verdict::kNotApplicable;
  if (!AnySegment(result, HasCaller)) return Verdict::kNoCaller;
  if (AnySegment(result, Replaced)) {
    if (!result.raw.empty()) return Verdict::kRoomShown;
    const SegmentResult& main = result.segments[*result.main_segment];
    if (main.expected_correct_share >= kLeakFloor) return Verdict::kLeaks;
    const bool all_seen = UnseenShare(result) < kWorthTelling && !result.interrupted;
    return all_seen ? Verdict::kNoLeakFound : Verdict::kPartlyAudited;
  }
  if (AnySegment(result, Blurred)) return result.raw.empty() ? Verdict::kBlurred : Verdict::kRoomShown;
  // A few plain frames of a call whose background moves say nothing of the rest.
  const int64_t plain = FramesOf(result, BackgroundKind::kNone);
  const bool mostly = plain >= FramesOf(result, BackgroundKind::kAnimatedWallpaper);
  return plain > 0 && mostly ? Verdict::kNoVirtualBackground : Verdict::kNotApplicable;
}

double RawSeconds(const AuditResult& result) {
  double frames = 0;
  for (const RawInterval& interval : result.raw) frames += static_cast<double>(interval.frames);
  return result.frame_rate > 0 ? frames / result.frame_rate : 0.0;
}

int64_t CountRawFrames(const AuditResult& result) {
  int64_t frames = 0;
  for (const RawInterval& interval : result.raw) frames += interval.frames;
  return frames;
}

// What no more than a few pixels have: a confidence of 0.5 or more.
constexpr double kHardlyConfident = 0.0005;

std::string LeakClause(const AuditResult& result) {
  const char* doubt =
      result.confident_share < kHardlyConfident
          ? ", hardly a pixel of it with a confidence of one half, so look whether it is room "
            "or the caller's own outline"
          : "";
  return fmt::format(
      "room was recovered around the caller on {:.1f} % of the picture ({:.1f} % of the picture is expected "
      "to be right){}",
      100 * result.recovered_share, 100 * result.expected_correct_share, doubt);
}

// What stands in the way of reading, in pixels and as a share of the picture's height.
std::string HeightOf(double cap_px, const AuditResult& result) {
  return fmt::format("{:.0f} pixels ({:.1f} % of the picture's height)", cap_px,
                     100 * cap_px / std::max(1, result.frame_size.height));
}

std::string BlurredSentence(const AuditResult& result) {
  const BlurResult& blur = *result.segments[*result.main_segment].blur;
  if (blur.sigma_px <= 0)
    return "The background is blurred, but how far could not be told, so no size of readable writing is "
           "stated.";
  std::string sentence = fmt::format(
      "The background is blurred, and a blur can be taken back: by this recording, writing with "
      "capitals taller than about {} can be read",
      HeightOf(blur.readable_px, result));
  if (blur.seen_px > blur.readable_px * 1.15)
    sentence += fmt::format(", although in a single frame it takes {:.0f} pixels", blur.seen_px);
  return sentence + ".";
}

std::string RoomShownSentence(const AuditResult& result) {
  std::string sentence =
      fmt::format("The room itself was on screen: {} raw frame{} ({:.1f} s in all)", CountRawFrames(result),
                  CountRawFrames(result) == 1 ? "" : "s", RawSeconds(result));
  if (result.segments[*result.main_segment].expected_correct_share >= kLeakFloor)
    sentence += ", and beside that " + LeakClause(result);
  const BlurResult* blur = MainIsBlurred(result) ? &*result.segments[*result.main_segment].blur : nullptr;
  if (blur != nullptr && blur->sigma_px > 0)
    sentence += fmt::format("; behind the blur of the rest, capitals taller than about {} can be read",
                            HeightOf(blur->readable_px, result));
  return sentence + ".";
}

std::string NotApplicableSentence(const AuditResult& result) {
  if (!result.main_segment) return "The audit was stopped before it could tell anything.";
  const SegmentResult& main = result.segments[*result.main_segment];
  switch (main.background) {
    case BackgroundKind::kAnimatedWallpaper:
      return "The background moves, so this method can make no statement about leaks: do not read this as "
             "safe.";
    case BackgroundKind::kBlurred:
      return "The background is blurred, and too little of it was seen to tell what that lets "
             "through.";
    default:
      return "The kind of background could not be told, so this audit makes no statement about leaks.";
  }
}

// What a statement about leaks leaves out.
std::string MovingSentence(const AuditResult& result) {
  const double share = result.segments[*result.main_segment].moving_share;
  if (share < kWorthTelling) return "";
  return fmt::format(" {:.0f} % of the background moves by itself, and nothing is said of that part.",
                     100 * share);
}

std::string PartlyAuditedSentence(const AuditResult& result) {
  std::string sentence =
      "Where this method applies, no more room was found than it gets wrong by itself, but not all was "
      "looked at: do "
      "not read this as safe." +
      MovingSentence(result);
  const auto other = [](const SegmentResult& segment) { return HasCaller(segment) && !Replaced(segment); };
  if (AnySegment(result, other)) sentence += " Parts of the recording show another kind of background.";
  return sentence;
}

std::string Sentence(const AuditResult& result) {
  switch (result.verdict) {
    case Verdict::kRoomShown:
      return RoomShownSentence(result);
    case Verdict::kLeaks:
      return "The virtual background leaks: " + LeakClause(result) + "." + MovingSentence(result);
    case Verdict::kNoLeakFound:
      return "A virtual background was found, and no more room behind it than this method gets wrong by "
             "itself.";
    case Verdict::kPartlyAudited:
      return PartlyAuditedSentence(result);
    case Verdict::kNoVirtualBackground:
      return "No virtual background was found: the room is in plain view, so there is nothing to recover.";
    case Verdict::kNoCaller:
      return "Nobody was found in the picture, so there is no outline to look behind.";
    case Verdict::kBlurred:
      return BlurredSentence(result);
    case Verdict::kNotApplicable:
      return NotApplicableSentence(result);
  }
  return {};
}

void AddRawAdvice(AuditResult* result) {
  if (result->raw.empty()) return;
  result->advice.push_back(
      "Cut the raw frames out before you publish; one of them shows more than all leaks together.");
  result->advice.push_back(
      "Join with the camera off, switch the background on, look at your self-view, and only then switch the "
      "camera "
      "on; do the same after every mute, device change or rejoin.");
}

void AddLeakAdvice(AuditResult* result) {
  result->advice.push_back(
      "Remove or turn round what may be read or recognised where the heat map is bright; those places are "
      "the first "
      "to show again.");
  result->advice.push_back(
      "Sit before a plain wall, a closed curtain or a folding screen: what is not there cannot leak, and an "
      "even "
      "backdrop also makes the outline better.");
  result->advice.push_back(
      "Light your face from the front and wear something that differs from the wall: most leaks come from an "
      "outline that the program has to guess.");
  result->advice.push_back(
      "Move less and slower, keep hands near the body; every quick move opens a strip of room.");
}

void AddBlurAdvice(AuditResult* result) {
  const SegmentResult& main = result->segments[*result->main_segment];
  constexpr double kLargeWriting = 0.1;  // Of the height: a title on a poster.
  constexpr double kUsualNoise = 0.15;
  result->advice.push_back(fmt::format(
      "Use a picture as background, or a blur of at least {:.0f} pixels (standard deviation, at this size): "
      "behind less, writing a tenth as tall as the picture can be read.",
      std::ceil(engines::SigmaThatHides(kLargeWriting * result->frame_size.height,
                                        main.blur->noise > 0 ? main.blur->noise : kUsualNoise))));
  result->advice.push_back(
      "Take down or turn round what carries large writing, and faces in pictures: shapes and colours of a "
      "blurred room stay recognisable whatever the blur.");
}

void AddStillPictureAdvice(AuditResult* result) {
  const auto moves = [](const SegmentResult& segment) {
    return segment.background == BackgroundKind::kAnimatedWallpaper || segment.moving_share >= kWorthTelling;
  };
  if (AnySegment(*result, moves)) {
    result->advice.push_back(
        "If the background is a video of which you have the file, audit again with --wallpaper VIDEO: its "
        "movement is "
        "taken out.");
  }
  result->advice.push_back(
      "Record a minute of the same call with a still picture as the background and audit that.");
}

void AddAdvice(AuditResult* result) {
  AddRawAdvice(result);
  switch (result->verdict) {
    case Verdict::kRoomShown:
    case Verdict::kLeaks:
    case Verdict::kBlurred:
      MainIsBlurred(*result) ? AddBlurAdvice(result) : AddLeakAdvice(result);
      break;
    case Verdict::kNoLeakFound:
      result->advice.push_back(
          "Nothing to close was found in this recording. A longer or livelier call may leak; audit such a "
          "one too.");
      break;
    case Verdict::kPartlyAudited:
    case Verdict::kNotApplicable:
      AddStillPictureAdvice(result);
      break;
    case Verdict::kNoVirtualBackground:
      result->advice.push_back(
          "Switch a virtual background on, record a short call and audit that recording.");
      break;
    case Verdict::kNoCaller:
      result->advice.push_back("Name the caller's tile with --crop, or the time in which he is in view.");
      break;
  }
}

void AddBlurLimits(AuditResult* result) {
  result->limits = {
      "What was not read may still be readable by a stronger method: an audit proves what shows, never "
      "safety.",
      "The stated size of readable writing is that of black capitals on white, as Tesseract reads them after "
      "this program took the blur back; pale or joined writing needs to be larger.",
      "Structures of the restored picture that are finer than half of that size come from the method.",
      "The sharp rim of the room around the caller, which a blur leaves as a picture does, is not measured.",
      "A room that the lens leaves out of focus looks the same, and so does a virtual background that is "
      "itself a blurred picture: name that with --wallpaper.",
      "The camera is taken as fixed while a segment lasts."};
}

void AddLimits(AuditResult* result) {
  if (MainIsBlurred(*result)) return AddBlurLimits(result);
  result->limits = {
      "What was not recovered may still be recoverable by a stronger method: an audit proves leaks, never "
      "safety.",
      "A part of what is painted as room is wrong (the caller's outline, codec noise); the confidence "
      "picture and the "
      "expected-correct share say how much.",
      "A call without any leak still has an expected-correct share of up to 0.7 %, and of up to a few per "
      "cent "
      "where another engine is named than the call's, because hair, hands and clothes pass for room: look "
      "whether the picture shows the room or the caller.",
      "Places that the caller never passes cannot be seen at all, neither by this program nor by an "
      "attacker.",
      "Room colours close to the wallpaper's at the same place are invisible to this method.",
      "The service's matte is re-estimated on the recording with the engine named in the options, or with "
      "the "
      "one that explains the edges best; when the call used another service, less may be recovered than "
      "could be, "
      "and more of it may be wrong.",
      "The camera is taken as fixed while a segment lasts."};
  if (result->loop)
    result->limits.emplace_back(
        "The video behind the caller was learned from this recording; places that he hid in most of its "
        "rounds "
        "were not looked at, and the more it moves, the more of what is painted comes from it.");
}

}  // namespace

void Conclude(AuditResult* result) {
  result->main_segment = ChooseMainSegment(result->segments);
  if (result->main_segment) {
    const SegmentResult& main = result->segments[*result->main_segment];
    if (Replaced(main)) {
      result->recovered_share = main.recovered_share;
      result->confident_share = main.confident_share;
      result->expected_correct_share = main.expected_correct_share;
    }
  }
  result->verdict = ChooseVerdict(*result);
  result->verdict_sentence = Sentence(*result);
  if (result->interrupted)
    result->verdict_sentence += " Stopped early: only a part of the recording was audited.";
  AddAdvice(result);
  AddLimits(result);
}

}  // namespace peekproof::audit
