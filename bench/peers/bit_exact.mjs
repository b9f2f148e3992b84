// SPDX-License-Identifier: Apache-2.0
// Passes random frames through every way in and out of the page, without an engine, and demands the same bits.

import {plain, encodeRgba} from './png.mjs';
import {runEngine} from './run_engine.mjs';

const paths = ['canvas', 'bitmap', 'track', 'webgl'];

// RGBA bytes, opaque, of a xorshift generator.
function randomFrame(width, height, seed) {
  const data = new Uint8Array(width * height * 4);
  let state = seed;
  for (let i = 0; i < data.length; ++i) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    data[i] = i % 4 === 3 ? 255 : state & 255;
  }
  return data;
}

// Resolves to the number of paths that changed a bit, each of which is reported.
export async function selfTest({width, height}) {
  const background = encodeRgba(plain(2, 2, [0, 0, 0]));
  let failures = 0;
  for (const path of paths) {
    const sent = [1, 2, 3].map((seed) => randomFrame(width, height, seed));
    const differing = [];
    const {ms} = await runEngine({
      engine: 'passthrough', options: {path}, background,
      frames: {width, height, count: sent.length, read: (n) => sent[n]},
      output: (n, bytes) => differing.push(bytes.reduce((sum, value, i) => sum + (value !== sent[n][i]), 0)),
    });
    const equal = differing.length === sent.length && differing.every((count) => count === 0);
    if (!equal) ++failures;
    console.log(`${path}: ${equal ? 'bit-exact' : `bytes that differ: ${differing}`}, ${width}x${height}, ` +
      `${Math.min(...ms).toFixed(1)} ms a frame`);
  }
  return failures;
}
