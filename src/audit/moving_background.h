// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "audit/survey.h"

namespace peekproof::audit {

/// The parts of a scene's background that move, as those of an animated wallpaper: 255 where places that were
/// free of the caller held their colour clearly less often than the stillest tenth of the background did.
/// Judged on patches of 35 pixels of a picture 720 high, so that the codec's restlessness on textures, which
/// is scattered, does not count; parts below 0.5 % of the frame are left out.
///
/// Out     of the thumbnail's size; empty where no frame was sampled.
cv::Mat1b MovingBackground(const SurveyedScene& scene);

/// Share of the places free of the caller that move, in [0, 1].
double MovingShare(const SurveyedScene& scene);

/// In how many sampled frames a place of a scene must have been free of the caller to tell of the background.
float LeastSettledFrames(const SurveyedScene& scene);

}  // namespace peekproof::audit
