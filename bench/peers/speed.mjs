// SPDX-License-Identifier: Apache-2.0
// Times Google's web runtimes and the browser engines on the same frames; see README.md.

import {readFile} from 'node:fs/promises';
import {parseArgs} from 'node:util';
import {openFrames} from './frames.mjs';
import {withMetadata} from './metadata.mjs';
import {runEngine} from './run_engine.mjs';
import {summary} from './statistics.mjs';

const square = 'selfie_segmentation.tflite';
const landscape = 'selfie_segmentation_landscape.tflite';
const subjects = [
  ['no engine: frame in, frame out', 'passthrough', {path: 'canvas'}],
  ['MediaPipe 256x144, mask, GL', 'mediapipe_mask', {model: 1}],
  ['MediaPipe 256x256, mask, GL', 'mediapipe_mask', {model: 0}],
  ['MediaPipe tasks 256x144, mask, CPU', 'tasks_mask', {delegate: 'CPU'}, landscape],
  ['MediaPipe tasks 256x256, mask, CPU', 'tasks_mask', {delegate: 'CPU'}, square],
  ['MediaPipe 256x144, composited', 'mediapipe', {}],
  ['Twilio, composited', 'twilio', {}],
  ['LiveKit, composited', 'livekit', {}, square],
];

function line(name, {median, min, max}) {
  const [a, b, c] = [median, min, max].map((value) => value.toFixed(1).padStart(9));
  return `${name.padEnd(38)}${a}${b}${c}`;
}

const {values} = parseArgs({options: {frames: {type: 'string'}, background: {type: 'string'},
  count: {type: 'string', default: 'Infinity'}, verbose: {type: 'boolean'}}});
const frames = await openFrames(values.frames, {count: Number(values.count)});
if (frames.count < 2) throw new Error('the first frame is left out, so give two or more');
const background = await readFile(values.background);
console.log(`${frames.width}x${frames.height}, ${frames.count} frames, the first left out; ms per frame\n` +
  `${''.padEnd(38)}   median      min      max`);
for (const [name, engine, options, model] of subjects) {
  const {ms, stages} = await runEngine({engine, options, frames, background, verbose: values.verbose,
    model: model && await withMetadata(model), output: () => {}});
  console.log(line(name, summary(ms.slice(1))));
  if (stages.segmentationDelay === undefined) continue;
  console.log(`${'  of which its network, on the CPU'.padEnd(38)}${stages.segmentationDelay.toFixed(1).padStart(9)} (mean)`);
}
