// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "engines/background.h"

namespace peekproof::engines {

/// A background with noise of its own in every pixel of every frame, so that no colour of it is frequent: a
/// defense against attacks that vote for rare colours.
///
/// In      amplitude: each channel moves by a whole number that is uniform in [-amplitude, amplitude],
///         clamped to 8 bits; 0 to 127 (checked). seed: with the frame's index and the row, of the noise.
/// Source  The countermeasure of zoomg's authors (noise on the virtual background). Differs: they replace a
///         few pixels by random colours; here all move a little, which survives an encoder no better and
///         hides more from a vote.
std::unique_ptr<Background> MakeNoisyBackground(std::unique_ptr<Background> inner, int amplitude,
                                                uint64_t seed);

}  // namespace peekproof::engines
