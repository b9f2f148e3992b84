// SPDX-License-Identifier: Apache-2.0
// Where the outline is: pixels that either of two mattes leaves undecided, and what is within 2 pixels of them.

const decided = 0.02;
const reach = 2;

// Any of the last, this and next `reach` elements along a line of `length` elements, `step` apart from `start`.
function spreadLine(from, to, start, length, step) {
  for (let i = 0; i < length; ++i) {
    let any = 0;
    for (let j = Math.max(0, i - reach); j <= Math.min(length - 1, i + reach); ++j) any |= from[start + j * step];
    to[start + i * step] = any;
  }
}

// a, b: {width, height, values}, 0 to 1. 1 in the band, 0 outside.
export function edgeBand(a, b) {
  const {width, height} = a;
  const band = new Uint8Array(width * height);
  const isSoft = (value) => value > decided && value < 1 - decided;
  for (let i = 0; i < band.length; ++i) band[i] = isSoft(a.values[i]) || isSoft(b.values[i]) ? 1 : 0;
  const rows = new Uint8Array(band.length);
  for (let y = 0; y < height; ++y) spreadLine(band, rows, y * width, width, 1);
  for (let x = 0; x < width; ++x) spreadLine(rows, band, x, height, width);
  return band;
}
