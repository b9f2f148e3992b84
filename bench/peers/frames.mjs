// SPDX-License-Identifier: Apache-2.0
// Input frames: a folder of frame_0000.png, frame_0001.png, ..., or a file of raw RGBA frames one behind the other.

import {open, stat} from 'node:fs/promises';
import {numbered, readRgba} from './png.mjs';

async function openFolder(folder, limit) {
  const files = [...(await numbered(folder, 'frame')).values()];
  if (files.length === 0) throw new Error(`no frame_NUMBER.png in ${folder}`);
  const {width, height} = await readRgba(files[0]);
  const read = async (n) => {
    const picture = await readRgba(files[n]);
    if (picture.width !== width || picture.height !== height) throw new Error(`another size than the first: ${files[n]}`);
    return picture.data;
  };
  return {width, height, count: Math.min(limit, files.length), read};
}

async function openRaw(file, width, height, limit) {
  const bytes = width * height * 4;
  const {size} = await stat(file);
  if (size === 0 || size % bytes !== 0) throw new Error(`not whole RGBA frames of ${width}x${height}: ${file}`);
  const read = async (n) => {
    const handle = await open(file);
    try {
      const buffer = Buffer.alloc(bytes);
      await handle.read(buffer, 0, bytes, n * bytes);
      return buffer;
    } finally {
      await handle.close();
    }
  };
  return {width, height, count: Math.min(limit, size / bytes), read};
}

// {width, height, count, read(n)}: read resolves to RGBA bytes. width and height are those of raw frames; count is an
// upper limit.
export async function openFrames(where, {width, height, count}) {
  return (await stat(where)).isDirectory() ? openFolder(where, count) : openRaw(where, width, height, count);
}
