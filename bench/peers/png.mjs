// SPDX-License-Identifier: Apache-2.0
// PNG files to pixels and back, and folders of numbered ones.

import {readdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {PNG} from 'pngjs';

// {width, height, data}: interleaved RGBA bytes.
export async function readRgba(file) {
  const {width, height, data} = PNG.sync.read(await readFile(file));
  return {width, height, data};
}

// {width, height, values}: the first channel, 0 to 1, of a PNG of 8 or 16 bits.
export async function readGrey(file) {
  const {width, height, depth, data} = PNG.sync.read(await readFile(file), {skipRescale: true});
  const scale = 1 / (depth === 16 ? 65535 : 255);
  const values = new Float32Array(width * height);
  for (let i = 0; i < values.length; ++i) values[i] = data[4 * i] * scale;
  return {width, height, values};
}

export function encodeRgba({width, height, data}, colorType = 2) {
  const png = new PNG({width, height});
  png.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return PNG.sync.write(png, {colorType, deflateLevel: 1});
}

// values: 0 to 1, written in 16 bits.
export function encodeGrey({width, height, values}) {
  const png = new PNG({width, height});
  png.data = Uint16Array.from(values, (value) => Math.round(value * 65535));
  return PNG.sync.write(png, {colorType: 0, inputColorType: 0, bitDepth: 16, inputHasAlpha: false, deflateLevel: 1});
}

// One colour [r, g, b] all over.
export function plain(width, height, colour) {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < data.length; ++i) data[i] = i % 4 === 3 ? 255 : colour[i % 4];
  return {width, height, data};
}

// The files NAME_0000.png, NAME_0001.png, ... of a folder, as a Map of number to path, in order.
export async function numbered(folder, name) {
  const files = [];
  for (const file of await readdir(folder)) {
    const match = /^(.*)_(\d+)\.png$/.exec(file);
    if (match !== null && match[1] === name) files.push([Number(match[2]), path.join(folder, file)]);
  }
  return new Map(files.sort((a, b) => a[0] - b[0]));
}

export function numberedPath(folder, name, number) {
  return path.join(folder, `${name}_${String(number).padStart(4, '0')}.png`);
}

export async function writeJson(file, value) {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
