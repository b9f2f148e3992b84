// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/dnn.hpp>
#include <string>
#include <vector>

#include "models/tflite_graph.h"

namespace peekproof::models {

/// Name of the layer that computes a tensor in the network that BuildOpenCvNet makes.
std::string LayerNameOf(int tensor);

/// The graph as layers of OpenCV dnn (4.6 and later), planes first (NCHW). The input is called "input".
/// May throw cv::Exception, as OpenCV does.
cv::dnn::Net BuildOpenCvNet(const TfliteGraph& graph);

}  // namespace peekproof::models
