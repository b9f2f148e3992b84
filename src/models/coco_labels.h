// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

namespace peekproof::models {

/// Names of the 80 classes of COCO, in the order of detection networks.
/// Source  Lin et al., "Microsoft COCO" (2014), categories of detection.
inline constexpr std::array<const char*, 80> kCocoLabels{"person",        "bicycle",      "car",
                                                         "motorcycle",    "airplane",     "bus",
                                                         "train",         "truck",        "boat",
                                                         "traffic light", "fire hydrant", "stop sign",
                                                         "parking meter", "bench",        "bird",
                                                         "cat",           "dog",          "horse",
                                                         "sheep",         "cow",          "elephant",
                                                         "bear",          "zebra",        "giraffe",
                                                         "backpack",      "umbrella",     "handbag",
                                                         "tie",           "suitcase",     "frisbee",
                                                         "skis",          "snowboard",    "sports ball",
                                                         "kite",          "baseball bat", "baseball glove",
                                                         "skateboard",    "surfboard",    "tennis racket",
                                                         "bottle",        "wine glass",   "cup",
                                                         "fork",          "knife",        "spoon",
                                                         "bowl",          "banana",       "apple",
                                                         "sandwich",      "orange",       "broccoli",
                                                         "carrot",        "hot dog",      "pizza",
                                                         "donut",         "cake",         "chair",
                                                         "couch",         "potted plant", "bed",
                                                         "dining table",  "toilet",       "tv",
                                                         "laptop",        "mouse",        "remote",
                                                         "keyboard",      "cell phone",   "microwave",
                                                         "oven",          "toaster",      "sink",
                                                         "refrigerator",  "book",         "clock",
                                                         "vase",          "scissors",     "teddy bear",
                                                         "hair drier",    "toothbrush"};

}  // namespace peekproof::models
