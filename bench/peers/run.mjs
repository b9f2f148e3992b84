// SPDX-License-Identifier: Apache-2.0
// Runs an official browser engine over frames, one at a time; see README.md.

import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {meanWeight} from './alpha.mjs';
import {selfTest} from './bit_exact.mjs';
import {engines, versionsOf} from './engines.mjs';
import {openFrames} from './frames.mjs';
import {withMetadata} from './metadata.mjs';
import {encodeGrey, encodeRgba, numberedPath, plain, writeJson} from './png.mjs';
import {runEngine} from './run_engine.mjs';
import {summary} from './statistics.mjs';

const usage = `usage: node run.mjs --engine NAME --frames FOLDER|RAW --background PICTURE --out FOLDER
                     [--size 1280x720] [--count N] [--alpha] [--options JSON] [--verbose]
       node run.mjs --self-test [--size 1280x720]
engines: ${Object.keys(engines).join(', ')}`;

function parse() {
  const {values} = parseArgs({options: {
    engine: {type: 'string'}, frames: {type: 'string'}, background: {type: 'string'}, out: {type: 'string'},
    size: {type: 'string', default: '1280x720'}, count: {type: 'string', default: 'Infinity'},
    options: {type: 'string', default: '{}'}, alpha: {type: 'boolean'}, verbose: {type: 'boolean'},
    'self-test': {type: 'boolean'}}});
  const size = /^(\d+)x(\d+)$/.exec(values.size);
  if (size === null) throw new Error(`${values.size}: a size is WIDTHxHEIGHT`);
  const needed = values['self-test'] ? [] : ['engine', 'frames', 'out', ...(values.alpha ? [] : ['background'])];
  const missing = needed.filter((name) => values[name] === undefined);
  if (missing.length > 0) throw new Error(`give ${missing.map((name) => `--${name}`).join(', ')}\n${usage}`);
  if (!values['self-test'] && !(values.engine in engines)) throw new Error(`${values.engine}: no such engine\n${usage}`);
  return {...values, width: Number(size[1]), height: Number(size[2]), count: Number(values.count),
    options: JSON.parse(values.options)};
}

// Runs the engine before one background and resolves to what it tells; outputs go to `output`.
async function pass(settings, frames, background, output) {
  const model = settings.engine === 'livekit' ? await withMetadata('selfie_segmentation.tflite') : undefined;
  const {engine, options, verbose} = settings;
  return runEngine({engine, options, verbose, frames, background, output, model});
}

async function writeComposites(settings, frames) {
  const {width, height} = frames;
  return pass(settings, frames, await readFile(settings.background), async (n, data) => {
    await writeFile(numberedPath(settings.out, 'out', n), encodeRgba({width, height, data}));
  });
}

// The same frames before black and before white tell the weight of each pixel. Files are numbered by the frame that
// went in; where several came out of it, the last counts.
async function writeWeights(settings, frames) {
  const {width, height} = frames;
  const black = [];
  await pass(settings, frames, encodeRgba(plain(width, height, [0, 0, 0])), (n, data) => { black[n] = data; });
  let spread = 0;
  const result = await pass(settings, frames, encodeRgba(plain(width, height, [255, 255, 255])), async (n, data, input) => {
    const weight = meanWeight(black[n], data);
    spread = Math.max(spread, weight.spread);
    await writeFile(numberedPath(settings.out, 'alpha', input), encodeGrey({width, height, values: weight.values}));
  });
  return {...result, channel_spread: spread};
}

async function main(settings) {
  if (settings['self-test']) return selfTest(settings);
  const frames = await openFrames(settings.frames, settings);
  await mkdir(settings.out, {recursive: true});
  const result = await (settings.alpha ? writeWeights : writeComposites)(settings, frames);
  const {version, ms, ...rest} = result;
  await writeJson(path.join(settings.out, settings.alpha ? 'alpha.json' : 'run.json'), {
    engine: settings.engine, packages: await versionsOf(settings.engine), chromium: version,
    frames: {width: frames.width, height: frames.height, count: frames.count}, options: settings.options,
    ms: summary(ms), ms_of_frame: ms, ...rest});
  const {median, min, max} = summary(ms);
  console.log(`${settings.engine}: ${rest.input_of_output.length} frames, ms a frame: median ${median.toFixed(1)}, ` +
    `min ${min.toFixed(1)}, max ${max.toFixed(1)}`);
  if (rest.transparent_outputs.length === 0) return 0;
  console.error(`outputs with transparent pixels: ${rest.transparent_outputs.join(', ')}`);
  return 1;
}

let settings;
try {
  settings = parse();
  process.exitCode = await main(settings) === 0 ? 0 : 1;
} catch (error) {
  // Of a browser that fails, the log follows the first line.
  console.error(settings === undefined || settings.verbose ? error.message : error.message.split('\n', 1)[0]);
  process.exitCode = settings === undefined ? 2 : 1;
}
