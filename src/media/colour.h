// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "media/libav.h"

namespace peekproof::media {

/// How stored samples become RGB. Transfer curve and primaries are taken as they are: no tone mapping, no
/// gamut conversion.
struct ColourEncoding {
  AVColorSpace matrix = AVCOL_SPC_BT709;  ///< One that IsKnownMatrix.
  bool full_range = false;
  bool chroma_left = true;  ///< Subsampled chroma sits on the left luma sample, else between the two.
  bool chroma_top = false;  ///< With 4:2:0, chroma sits on the upper luma row, else between the two.

  bool operator==(const ColourEncoding&) const = default;
};

/// The weights of red and blue in luma.
struct LumaWeights {
  double red = 0;
  double blue = 0;
};

/// BT.709, BT.601 (both tags), FCC, SMPTE 240M, BT.2020 non-constant luminance, and RGB.
bool IsKnownMatrix(AVColorSpace matrix);
/// Of a known matrix other than RGB. Source  ITU-T H.273, table 4.
LumaWeights LumaWeightsOf(AVColorSpace matrix);
/// swscale's number for a known matrix.
int SwsMatrixOf(AVColorSpace matrix);

/// The encoding that a frame's tags state. Where they are silent: limited range; chroma on the left (as H.264
/// and MPEG-2 have it); and as matrix BT.601 for the codecs whose standard says so (VP8, WebP, JPEG, MPEG-1,
/// Theora), otherwise BT.709 from 720 rows and BT.601 below. An unknown matrix is treated as a silent one.
ColourEncoding ColourEncodingOf(const AVFrame& frame, AVCodecID codec);

/// The same layout without the deprecated "full range" marking in its name (yuvj420p is yuv420p).
AVPixelFormat PlainFormat(AVPixelFormat format);

}  // namespace peekproof::media
