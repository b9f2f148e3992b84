// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "advise/call_case.h"

namespace peekproof::advise {
namespace {

using enum testbed::MotionScript;

// As build/release/call_cases measures them; a new row's traits may be anything until then. Standing up is
// not among them: its first time lies behind the end of a clip of 75 frames.
constexpr std::array<CallCase, 24> kCases = {{
    {kNone, 0.66F, {0.307, 0.000, 0.000}},      {kNone, 0.82F, {0.243, 0.000, 0.000}},
    {kNone, 1.05F, {0.188, 0.000, 0.000}},      {kNatural, 0.66F, {0.305, 0.422, 0.528}},
    {kNatural, 0.82F, {0.241, 0.323, 0.448}},   {kNatural, 1.05F, {0.186, 0.222, 0.374}},
    {kWalk, 0.66F, {0.053, 4.703, 8.177}},      {kWalk, 0.82F, {0.050, 4.735, 7.806}},
    {kWalk, 1.05F, {0.049, 4.749, 7.688}},      {kInterview, 0.66F, {0.312, 0.373, 0.438}},
    {kInterview, 0.82F, {0.250, 0.319, 0.409}}, {kInterview, 1.05F, {0.193, 0.215, 0.348}},
    {kWaveArm, 0.66F, {0.291, 1.874, 1.364}},   {kWaveArm, 0.82F, {0.227, 1.942, 1.546}},
    {kWaveArm, 1.05F, {0.179, 1.805, 1.546}},   {kWaveHand, 0.66F, {0.329, 1.173, 0.608}},
    {kWaveHand, 0.82F, {0.257, 0.940, 0.549}},  {kWaveHand, 1.05F, {0.196, 0.682, 0.450}},
    {kTiltHead, 0.66F, {0.299, 0.277, 0.364}},  {kTiltHead, 0.82F, {0.237, 0.210, 0.327}},
    {kTiltHead, 1.05F, {0.183, 0.138, 0.288}},  {kTurnHead, 0.66F, {0.298, 0.284, 0.387}},
    {kTurnHead, 0.82F, {0.235, 0.217, 0.348}},  {kTurnHead, 1.05F, {0.182, 0.141, 0.308}},
}};

}  // namespace

std::span<const CallCase> CallCases() { return kCases; }

}  // namespace peekproof::advise
