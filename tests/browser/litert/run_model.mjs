// SPDX-License-Identifier: Apache-2.0
// node run_model.mjs MODEL.tflite INPUT OUTPUT: runs a model on LiteRT on a raw float32 input tensor and writes
// its first output as raw float32.

import {readFile, writeFile} from 'node:fs/promises';
import {withLiteRt} from './litert.mjs';

const [modelPath, inputPath, outputPath] = process.argv.slice(2);
if (outputPath === undefined) {
  console.error('usage: node run_model.mjs MODEL.tflite INPUT OUTPUT');
  process.exit(2);
}
const model = await readFile(modelPath);
const raw = await readFile(inputPath);
const input = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));
await withLiteRt(async (run) => {
  const {shape, values} = await run(model, input);
  await writeFile(outputPath, Buffer.from(new Float32Array(values).buffer));
  console.log(`${outputPath}: ${shape.join(' x ')}`);
});
