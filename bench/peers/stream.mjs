// SPDX-License-Identifier: Apache-2.0
// Runs an official browser engine over frames as they come, for programs that make calls; see README.md.

import {execFile} from 'node:child_process';
import {parseArgs, promisify} from 'node:util';
import {chromiumPath} from './browser.mjs';
import {engines, versionsOf} from './engines.mjs';
import {withMetadata} from './metadata.mjs';
import {encodeRgba, plain} from './png.mjs';
import {runEngine} from './run_engine.mjs';
import {ByteReader, isOpaque, packWeights, Rounds, SharedFrames} from './streaming.mjs';

function parse() {
  const {values} = parseArgs({options: {engine: {type: 'string', default: ''}, size: {type: 'string', default: ''}}});
  const size = /^(\d+)x(\d+)$/.exec(values.size);
  if (size === null) throw new Error('usage: node stream.mjs --engine NAME --size 1280x720');
  if (!(values.engine in engines)) {
    throw new Error(`${values.engine}: no such engine; choose one of: ${Object.keys(engines).join(', ')}`);
  }
  return {engine: values.engine, width: Number(size[1]), height: Number(size[2])};
}

async function chromiumVersion() {
  try {
    return (await promisify(execFile)(chromiumPath, ['--version'])).stdout.trim();
  } catch {
    throw new Error(`Chromium does not start from ${chromiumPath}; run bench/peers/setup`);
  }
}

async function write(bytes) {
  if (!process.stdout.write(bytes)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}

async function main({engine, width, height}) {
  await write(`begin ${JSON.stringify({engine, packages: await versionsOf(engine), chromium: await chromiumVersion()})}\n`);
  const input = new ByteReader(process.stdin);
  const take = () => input.take(width * height * 4);
  const wallpaper = await take();
  if (wallpaper === null) return;
  const pictures = [{width, height, data: wallpaper}, plain(width, height, [0, 0, 0]), plain(width, height, [255, 255, 255])];
  const shared = new SharedFrames(pictures.length, take);
  const rounds = new Rounds(async (number, rgba, {values, spread}) => {
    if (!isOpaque(rgba)) throw new Error(`${engine}: what came out of frame ${number} has transparent pixels`);
    const raw = engine === 'livekit' && number === 0;
    await write(`frame ${number} ${raw ? 1 : 0} ${spread}\n`);
    await write(rgba);
    await write(packWeights(values));
  });
  const model = engine === 'livekit' ? await withMetadata('selfie_segmentation.tflite') : undefined;
  const frames = {width, height, count: Number.MAX_SAFE_INTEGER, read: (number) => shared.read(number)};
  await Promise.all(pictures.map((picture, run) => runEngine({engine, frames, background: encodeRgba(picture), model,
    output: (_, rgba, number) => rounds.add(run, number, rgba)})));
}

process.stdout.on('error', () => process.exit(1));
try {
  await main(parse());
} catch (error) {
  // Of a browser that fails, the log follows the first line.
  console.error(error.message.split('\n', 1)[0]);
  process.exit(1);
}
