// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "media/libav.h"

namespace peekproof::media {

/// Sets an encoder that is not open yet to code as a call does: one packet for each frame at once, key frames
/// only where they are asked for, a constant rate that a buffer of one second evens out.
///
/// libx264: tune zerolatency, constrained baseline (no CABAC, no B-frames), as WebRTC negotiates by default.
/// libvpx: deadline realtime, cpu-used -6 (VP8) or 7 (VP9), quantiser 2 to 56, cyclic refresh (VP9), key
/// frames of at most three frames' bits. libaom: usage realtime, cpu-used 8, cyclic refresh. Other encoders:
/// the rate alone.
///
/// bit_rate: bits per second, positive. One tick of the encoder's clock must be one frame: libvpx and libaom
/// take a frame to last a tick.
/// Source  WebRTC's libvpx_vp8_encoder, libvpx_vp9_encoder, libaom_av1_encoder (their settings). Differs:
///         WebRTC lets libvpx choose its speed by load, which would make bytes depend on the machine, codes
///         H.264 with OpenH264, and AV1 at cpu-used up to 10, which FFmpeg 5.1 does not pass on.
void SetForCalls(int64_t bit_rate, AVCodecContext* encoder);

/// The same rate for an encoder that is open and takes a new one from frame to frame; false: it does not, and
/// has to be opened anew.
bool ChangeRate(int64_t bit_rate, AVCodecContext* encoder);

}  // namespace peekproof::media
