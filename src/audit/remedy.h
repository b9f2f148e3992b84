// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace peekproof::audit {

/// Remedy::setting of the call as it is.
inline constexpr const char* kAsItIs = "as it is";

/// One thing that a caller could change about a call, as an engine can re-enact it.
struct Remedy {
  std::string setting;       ///< For tables: "as it is", "meet(defend_choke=10)", "guard, set-up shot".
  std::string engine;        ///< Spec, as engines::MakeEngine takes it.
  bool setup = false;        ///< The engine is shown two seconds of the empty room before the call.
  int background_noise = 0;  ///< As apply::BackgroundOptions::noise.
  std::string action;        ///< What the caller would do; one sentence.
};

/// What to try for a call that was made with `engine`: the call as it is, which is first; the same engine
/// with the published defenses that it takes and does not have yet; noise on the wallpaper; the other engines
/// that an audit can tell apart; guard at three strengths, without and with a set-up shot.
///
/// A blurred room as wallpaper is left out: it shows the room on purpose, so an area of leak says nothing
/// of it.
/// Errors  ParseSpec's.
Result<std::vector<Remedy>> RemediesFor(const std::string& engine);

/// The call as it is, and engines of the user's own; guard without and with a set-up shot.
/// Errors  ParseSpec's.
Result<std::vector<Remedy>> RemediesFor(const std::string& engine, const std::vector<std::string>& specs);

/// What a remedy leaves of the leak, and its price.
struct LeakAndLoss {
  double leak = 0;  ///< Share of the room, 0 to 1.
  double lost = 0;  ///< Share of the caller's area that is missing, 0 to 1; 0 where it is not known.
};

/// Index of the one to recommend: of those that leak at most 0.0005 of the room more than the least, the one
/// that loses least of the caller; of equals the one that leaks least. None where there is none.
std::optional<size_t> Recommended(const std::vector<LeakAndLoss>& remedies);

}  // namespace peekproof::audit
