// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Written by bench/engine_model_fit.py; docs/developing/unmix-training.md tells on what.
#pragma once

#include "audit/engine_identification.h"

namespace peekproof::audit {

inline constexpr double kEngineBias[5] = {-1.1181, 1.9671, 0.53411, -0.39268, -0.99041};
inline constexpr double kEngineWeights[5][kEngineInputs] = {
    {-7.2341, 2.9056, 1.6341, -2.6987, -0.65276, 2.7926, 19.569, 0.98407, 3.8662, -7.3712, 0.17738, 0.73413,
     -3.3103, 0.84985, -0.31694},
    {-0.17432, -0.85302, 2.3493, -11.534, -1.186, -1.1518, -14.648, -1.3162, -2.0881, 3.0602, 0.084167,
     0.95127, 4.5235, -0.67364, -0.25425},
    {3.0588, -0.6962, -0.38095, 6.4107, -2.0684, -1.1891, -25.296, -0.163, -4.6889, 11.803, -1.0868, 0.54506,
     7.9295, -3.3148, -0.19798},
    {4.1443, 0.42388, -0.18451, -8.84, 2.1924, -1.4014, 11.378, -0.9233, 0.70427, -9.1441, 1.9289, -0.71261,
     4.4916, 0.6415, 2.1305},
    {0.20532, -1.7802, -3.418, 16.662, 1.7148, 0.94973, 8.9966, 1.4185, 2.2065, 1.6522, -1.1036, -1.5179,
     -13.634, 2.4971, -1.3613}};

}  // namespace peekproof::audit
