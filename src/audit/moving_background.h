// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "audit/survey.h"

namespace peekproof::audit {

/// The parts of a scene's background that move, as those of an animated wallpaper: 255 where places that were
/// free of the caller strayed clearly further from their colour (ColourDrift) than half of the background
/// did. Parts below 2 % of the frame are left out.
///
/// Out     of the thumbnail's size; empty where no frame was sampled.
cv::Mat1b MovingBackground(const SurveyedScene& scene);

/// Share of the places free of the caller that move, in [0, 1].
double MovingShare(const SurveyedScene& scene);

/// In how many sampled frames a place of a scene must have been free of the caller to tell of the background.
float LeastSettledFrames(const SurveyedScene& scene);

}  // namespace peekproof::audit
