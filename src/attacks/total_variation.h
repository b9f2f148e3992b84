// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "attacks/restoration_grid.h"

namespace peekproof::attacks {

/// The planes x, in levels, that minimise sum weight (H x - y)^2 / (2 noise^2) + prior sum |grad x|, the
/// gradient's length over all planes together.
///
/// `rounds` times, |grad x| is replaced by the square that touches it at the planes so far (Vogel and Oman
/// 1996), and the linear system is solved by conjugate gradients, started at the planes so far and
/// preconditioned by the same system without holes. Planes are solved in parallel.
///
/// In      start: planes to begin with. noise: levels, greater than 0. prior: per level, greater than 0.
std::vector<cv::Mat1f> MinimiseTotalVariation(const RestorationGrid& grid, std::vector<cv::Mat1f> start,
                                              double noise, double prior, int rounds);

}  // namespace peekproof::attacks
