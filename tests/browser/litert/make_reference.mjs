// SPDX-License-Identifier: Apache-2.0
// node make_reference.mjs OUTPUT.json FOLDER...: runs every segmentation model whose file is in one of the folders
// on the generated picture and writes what LiteRT computes: every step-th pixel of the first output, and the mean
// over the whole of it. src/models/litert_test.cc compares both backends with it.

import {createHash} from 'node:crypto';
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {withLiteRt} from './litert.mjs';
import {normalise, picture} from './picture.mjs';

// Registry name, file, width, height, input range, step.
const models = [
  ['landscape', 'selfie_segmentation_landscape.tflite', 256, 144, '0..1', 7],
  ['selfie', 'selfie_segmentation.tflite', 256, 256, '0..1', 9],
  ['landscape-metadata', 'selfie_segmentation_landscape_144x256.tflite', 256, 144, '0..1', 7],
  ['mlkit', 'mlkit_selfie_256x256_f16.tflite', 256, 256, '0..1', 9],
  ['meet-full', 'googlemeet_segm_full_v679_144x256.tflite', 256, 144, '0..1', 9],
  ['meet-lite', 'googlemeet_segm_lite_v681_96x160.tflite', 160, 96, '0..1', 7],
  ['deeplab', 'deeplabv3_257_mv_gpu.tflite', 257, 257, '-1..1', 37],
  ['bodypix', 'bodypix_float_050_8.tflite', 257, 257, '-1..1', 2],
];

async function find(name, folders) {
  for (const folder of folders) {
    try {
      return await readFile(path.join(folder, name));
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  return undefined;
}

// Every step-th pixel in both directions from half a step on, all channels, rounded to 7 decimals.
function sample({shape, values}, step) {
  const [, height, width, channels] = shape;
  const kept = [];
  for (let y = step >> 1; y < height; y += step) {
    for (let x = step >> 1; x < width; x += step) {
      for (let c = 0; c < channels; ++c) kept.push(Number(values[(y * width + x) * channels + c].toFixed(7)));
    }
  }
  return kept;
}

const [target, ...folders] = process.argv.slice(2);
if (folders.length === 0) {
  console.error('usage: node make_reference.mjs OUTPUT.json FOLDER...');
  process.exit(2);
}
const reference = [];
const chromium = await withLiteRt(async (run) => {
  for (const [name, file, width, height, range, step] of models) {
    const model = await find(file, folders);
    if (model === undefined) {
      console.error(`${file}: in none of the folders, left out`);
      continue;
    }
    const output = await run(model, normalise(picture(width, height), range));
    const mean = output.values.reduce((sum, value) => sum + value, 0) / output.values.length;
    const sha256 = createHash('sha256').update(model).digest('hex');
    reference.push({name, sha256, width, height, range, shape: output.shape, step, mean, values: sample(output, step)});
    console.log(`${name}: ${output.shape.join(' x ')}, mean ${mean}`);
  }
});
const {version} = JSON.parse(await readFile(new URL('./node_modules/@litertjs/core/package.json', import.meta.url)));
const lines = reference.map((entry) => JSON.stringify(entry)).join(',\n');
await writeFile(target, `{"litert": "${version}", "chromium": "${chromium}", "models": [\n${lines}\n]}\n`);
