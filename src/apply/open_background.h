// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engines/background.h"
#include "engines/engine.h"

namespace peekproof::apply {

/// What to put behind the caller, as a user writes it.
struct BackgroundOptions {
  /// One of: a picture or video file; "#rrggbb"; "blur" (the engine's own); a blur such as
  /// "gaussian(sigma=12)" (engines::ListBlurs). A name with a '/' or a '.' in it is a file.
  std::string background = "blur";
  std::optional<engines::Fit> fit;  ///< None: as the engine's service fits it.
  int noise = 0;  ///< Amplitude of noise on the background, in 8-bit steps (MakeNoisyBackground); 0 to 127.
  std::string keep_mask;  ///< Picture whose bright places stay sharp in a blur; empty: none.
  std::string depth;      ///< 16-bit grey video or numbered pictures for the depth blur; empty: none.
};

/// Whether `background` names a blur rather than a file or a colour.
bool IsBlur(const BackgroundOptions& options);
/// Whether it is the blur that each engine has of its own.
bool IsOwnBlur(const BackgroundOptions& options);

/// Whether it is another picture from frame to frame: a video, or the room blurred.
bool MovesByItself(const BackgroundOptions& options);

/// `spec` with `model` as its network where that is not empty, and in its blur mode where the background is a
/// blur, the engine has such a mode and the spec does not say which.
/// Errors  EngineInfoOf's.
Result<std::string> EngineSpecFor(const std::string& spec, const std::string& model,
                                  const BackgroundOptions& options);

/// The engine of `spec`, in its blur mode where the background is one and the engine has such a mode; `model`
/// replaces the engine's network where it is not empty.
/// Errors  engines::MakeEngine's.
Result<std::unique_ptr<engines::Engine>> OpenEngine(const std::string& spec, const std::string& model,
                                                    const BackgroundOptions& options);

/// The profile that a spec names. Its network is not looked for.
/// Errors  kInvalidArgument (no such engine: names the known ones; a parameter that the engine does not
/// take).
Result<engines::EngineInfo> EngineInfoOf(const std::string& spec);

/// The files that a background is read from.
std::vector<std::string> FilesOf(const BackgroundOptions& options);

/// Opens the background for an engine. frame_rate: of the recording, which numbered depth pictures share; 0:
/// not known. Errors  kInvalidArgument (bad colour or blur; "blur" for an engine without one: says what to
/// write
///         instead), those of reading the files.
Result<std::unique_ptr<engines::Background>> OpenBackground(const BackgroundOptions& options,
                                                            const engines::EngineInfo& engine,
                                                            double frame_rate = 0);

}  // namespace peekproof::apply
