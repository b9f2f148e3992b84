// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/random.h"
#include "testbed/painter.h"
#include "testbed/room.h"

// The things of a room, each painted into a box in the painter's units.

namespace peekproof::testbed {

void PaintWindow(Painter* painter, const cv::Rect2d& box, RowRandom* random);
void PaintPoster(Painter* painter, const cv::Rect2d& box, RowRandom* random);
void PaintBookcase(Painter* painter, const cv::Rect2d& box, RowRandom* random);
void PaintSideboard(Painter* painter, const cv::Rect2d& box, RowRandom* random);
void PaintLamp(Painter* painter, cv::Point2d foot, double height, RowRandom* random);
void PaintPlant(Painter* painter, cv::Point2d foot, double height, RowRandom* random);

/// A board with writing in three sizes and coloured notes; adds its lines to `texts`.
void PaintWhiteboard(Painter* painter, const cv::Rect2d& box, RowRandom* random,
                     std::vector<RoomText>* texts);
/// A month's sheet; adds its title to `texts`.
void PaintCalendar(Painter* painter, const cv::Rect2d& box, RowRandom* random, std::vector<RoomText>* texts);

/// Capitals and figures of kChartSizesPx, a line each, largest first, black on a sheet; adds them to `texts`.
void PaintTextChart(Painter* painter, const cv::Rect2d& box, RowRandom* random, std::vector<RoomText>* texts);

/// A saturated colour of medium brightness.
Paint VividPaint(RowRandom* random);

}  // namespace peekproof::testbed
