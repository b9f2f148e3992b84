// SPDX-License-Identifier: Apache-2.0
// The weight of the camera in a linear blend out = weight camera + (1 - weight) wallpaper, from the same frame before
// plain black and before plain white: white - black = 255 (1 - weight), whatever the camera shows.

// black, white: RGBA bytes. {values, spread}: the mean over the channels, 0 to 1, and the largest difference between
// channels in units of 1/255: above 2 the blend is not linear, or not the same in both runs.
export function meanWeight(black, white) {
  const values = new Float32Array(black.length / 4);
  let spread = 0;
  for (let i = 0; i < values.length; ++i) {
    const red = white[4 * i] - black[4 * i];
    const green = white[4 * i + 1] - black[4 * i + 1];
    const blue = white[4 * i + 2] - black[4 * i + 2];
    values[i] = Math.min(1, Math.max(0, 1 - (red + green + blue) / 765));
    spread = Math.max(spread, Math.max(red, green, blue) - Math.min(red, green, blue));
  }
  return {values, spread};
}
