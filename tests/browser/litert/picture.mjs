// SPDX-License-Identifier: Apache-2.0
// The generated picture that reference outputs are made from: a person-like figure before a patterned wall.
// Integer arithmetic only, so that src/models/testing/reference_picture.cc computes the same bytes.

function hash(x, y) {
  return ((Math.imul(x, 73856093) ^ Math.imul(y, 19349663)) >>> 7) & 15;
}

function inEllipse(u, v, centreU, centreV, radiusU, radiusV) {
  const du = (u - centreU) * radiusV;
  const dv = (v - centreV) * radiusU;
  return du * du + dv * dv <= radiusU * radiusU * radiusV * radiusV;
}

// The colour [r, g, b] at (u, v), both in 0..255.
function colour(u, v) {
  if (inEllipse(u, v, 112, 88, 5, 4) || inEllipse(u, v, 144, 88, 5, 4)) return [40, 30, 30];
  if (inEllipse(u, v, 128, 118, 14, 4)) return [150, 60, 60];
  if (inEllipse(u, v, 128, 60, 40, 26) && v < 62) return [50, 35, 25];
  if (inEllipse(u, v, 128, 92, 36, 50)) {
    const shade = Math.abs(u - 128);
    return [215 - shade, 165 - shade, 140 - shade];
  }
  if (inEllipse(u, v, 128, 150, 18, 30)) return [190, 140, 115];
  if (inEllipse(u, v, 128, 262, 104, 106)) return [45 + (v >> 3), 70, 130 - (u >> 3)];
  const tile = ((u >> 5) + (v >> 5)) & 1;
  return [120 + (u >> 2) + 20 * tile, 150 - (v >> 2), 90 + ((u + v) >> 3)];
}

// width x height pixels, interleaved RGB bytes.
export function picture(width, height) {
  const bytes = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const rgb = colour(Math.trunc((x * 256) / width), Math.trunc((y * 256) / height));
      const noise = hash(x, y);
      for (let c = 0; c < 3; ++c) bytes[(y * width + x) * 3 + c] = rgb[c] + noise;
    }
  }
  return bytes;
}

// The bytes as a network wants them: "0..1" is value / 255, "-1..1" is value / 127.5 - 1, in float32 steps.
export function normalise(bytes, range) {
  const input = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; ++i) {
    input[i] = range === '0..1' ? bytes[i] / 255 : Math.fround(Math.fround(bytes[i] / 127.5) - 1);
  }
  return input;
}
