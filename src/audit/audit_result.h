// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audit/blur_result.h"
#include "audit/engine_guess.h"
#include "audit/finding.h"
#include "base/diagnostics.h"
#include "image/reconstruction.h"

namespace peekproof::audit {

/// What kind of background a segment shows, and so whether the method applies.
enum class BackgroundKind {
  kStaticWallpaper,    ///< A still virtual background: the method holds.
  kAnimatedWallpaper,  ///< Something that moves: the static-wallpaper model does not hold.
  kBlurred,            ///< The room itself, blurred.
  kNone,               ///< The plain room: no virtual background was found.
  kUnknown,            ///< Too little evidence to tell.
};

/// The sentence that the audit ends with.
enum class Verdict {
  kRoomShown,      ///< Raw frames: the room was visible whole or in large part.
  kLeaks,          ///< Room pixels were recovered around the caller.
  kNoLeakFound,    ///< A virtual background, and nothing recovered above the noise.
  kPartlyAudited,  ///< The same, but a part moves by itself, has another background, or was not reached.
  kNoVirtualBackground,  ///< The plain room is in view; there is nothing to recover.
  kNoCaller,             ///< Nobody is in view.
  kBlurred,              ///< The room is blurred: what can be read and recognised behind it.
  kNotApplicable,        ///< Animated or unknown background: no statement about leaks.
};

/// A run of frames in which the room shows whole or in large part.
struct RawInterval {
  int64_t first_frame = 0;
  double start_s = 0;
  double end_s = 0;  ///< Time of the last such frame.
  int64_t frames = 0;
  double room_share = 0;  ///< Largest share of the non-caller area that was not wallpaper, in [0, 1].
  std::string reason;     ///< "start of the call", "glitch", "plain camera scene".
};

/// Leak of one moment, for the chart.
struct LeakSample {
  double time_s = 0;
  double leak_share = 0;      ///< Candidate leak pixels of the frame / all pixels, in [0, 1].
  double revealed_share = 0;  ///< Room recovered up to this moment / all pixels, in [0, 1].
};

/// One of the moments at which most of the room showed.
struct WorstMoment {
  double time_s = 0;
  int64_t frame_index = 0;
  double leak_share = 0;
  cv::Mat3b picture;  ///< The frame, caller blacked out unless asked otherwise, leak as recorded.
  cv::Mat1b leak;     ///< 255 where it leaks.
};

/// A raw frame, and what can be named in it.
struct RawView {
  double time_s = 0;
  cv::Mat3b picture;              ///< The frame, caller blacked out unless asked otherwise.
  std::vector<Finding> findings;  ///< By kind, then by confidence.
};

/// A part of the recording without cuts.
struct SegmentResult {
  double start_s = 0;
  double end_s = 0;
  int64_t frames = 0;
  BackgroundKind background = BackgroundKind::kUnknown;
  double background_confidence = 0;    ///< In [0, 1].
  std::string background_explanation;  ///< One sentence with the measured evidence.
  std::string engine;  ///< Spec of the engine whose matte was re-purposed; empty if !analysed.
  std::vector<EngineGuess> engine_guesses;  ///< What it was chosen from, most likely first; empty where it
                                            ///< was named, or could not be told.
  double caller_share = 0;                  ///< Mean share of the frame that is caller, in [0, 1].
  double moving_share =
      0;  ///< Of the background, what moves by itself, where it is estimated: nothing is claimed there.
  int64_t attacked_frames = 0;        ///< Of `frames`, those the attack looked at: neither raw nor, unless
                                      ///< AuditOptions::every_frame, a repetition of others; 0 if !analysed.
  bool analysed = false;              ///< Whether room, heat map and shares below were computed.
  image::Reconstruction room;         ///< Of the audit's attack; absent where nothing is known; empty if
                                      ///< !analysed.
  image::Reconstruction gathered;     ///< The paper's plain gathering.
  cv::Mat3b wallpaper;                ///< Estimated virtual background.
  cv::Mat1f heat;                     ///< Share of the attacked frames in which the pixel leaked, in [0, 1].
  double recovered_share = 0;         ///< Recovered room / all pixels, in [0, 1].
  double confident_share = 0;         ///< The same with confidence >= 0.5.
  double expected_correct_share = 0;  ///< Sum of unmix's confidences / all pixels, whatever the
                                      ///< attack: what the verdict rests on.
  std::vector<Finding> findings;      ///< What can be named in `room`, by kind, then by confidence.
  std::optional<BlurResult> blur;     ///< Of a blurred background, which is not `analysed`.
};

/// A video that a service loops behind the caller, as it was learned from the recording.
struct WallpaperLoop {
  double period_s = 0;     ///< Of one round.
  double rounds = 0;       ///< That the recording shows.
  int pictures = 0;        ///< Of a round.
  double known_share = 0;  ///< Of all pictures, what the caller left free, in [0, 1].
  bool is_sure =
      false;  ///< Whether so much repeats, or so slowly, that it is nothing in a room, as a fan is.
};

/// What another setting lets through, as measured on the test bed (closing_table.h): no statement about this
/// recording.
struct ClosingSetting {
  std::string setting;       ///< As Remedy::setting.
  std::string action;        ///< What the caller would do; one sentence.
  double leak_share = 0;     ///< Weighted leak, share of the room; a mean.
  double lost_share = 0;     ///< Share of the caller's area that is missing; a mean.
  bool as_it_is = false;     ///< The call's own engine.
  bool recommended = false;  ///< One at most: see Recommended.
};

/// Everything an audit found. One struct feeds all writers.
struct AuditResult {
  // What was audited.
  std::string input_name;  ///< File name without folders.
  cv::Size frame_size;
  double duration_s = 0;  ///< Time covered by the frames that were read.
  int64_t frames = 0;
  double frame_rate = 0;
  std::string codec;
  std::string attack;  ///< Spec of the attack that recovered `SegmentResult::room`.
  std::vector<std::pair<std::string, std::string>> options;   ///< As used, in display order.
  std::vector<std::pair<std::string, std::string>> versions;  ///< Program, models with hash, libraries.

  // What was found.
  Verdict verdict = Verdict::kNotApplicable;
  std::string verdict_sentence;
  bool complete = true;  ///< False after an interruption or a damaged stream.
  bool interrupted = false;
  bool caller_shown = false;   ///< --show-caller.
  double recovered_share = 0;  ///< Of the best segment; see SegmentResult.
  double confident_share = 0;
  double expected_correct_share = 0;
  std::vector<SegmentResult> segments;
  std::optional<WallpaperLoop> loop;   ///< Where the background repeats: its movement was taken out.
  std::optional<size_t> main_segment;  ///< Index of the segment shown first: the largest recovered area.
  std::vector<RawInterval> raw;
  std::vector<RawView> raw_views;       ///< Of the most telling of them, by time; empty where nothing is to
                                        ///< be looked for.
  std::vector<LeakSample> timeline;     ///< At most 600 samples a segment, by time.
  std::vector<WorstMoment> worst;       ///< At most 6, worst first, at least one second apart.
  std::vector<std::string> advice;      ///< What to do about it, most useful first; one sentence each.
  std::vector<ClosingSetting> closing;  ///< By rising leak, with the call as it is; empty without a leak, and
                                        ///< for engines that were not measured.
  std::vector<std::string> limits;      ///< What this audit cannot know; one sentence each.
  Diagnostics diagnostics;

  // How long it took.
  double elapsed_s = 0;
};

}  // namespace peekproof::audit
