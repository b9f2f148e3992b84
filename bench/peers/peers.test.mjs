// SPDX-License-Identifier: Apache-2.0
// npm test: the parts that need no browser.

import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import * as flatbuffers from 'flatbuffers';
import {meanWeight} from './alpha.mjs';
import {edgeBand} from './edge_band.mjs';
import {withMetadata} from './metadata.mjs';
import {encodeGrey, encodeRgba, numbered, readGrey, readRgba} from './png.mjs';
import {Differences, summary} from './statistics.mjs';
import {ByteReader, isOpaque, packWeights, Rounds, SharedFrames} from './streaming.mjs';

async function inFolder(body) {
  const folder = await mkdtemp(path.join(tmpdir(), 'peers-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, {recursive: true});
  }
}

test('the weight of a linear blend comes back, whatever the camera shows', () => {
  const weights = Array.from({length: 256}, (_, i) => i / 255);
  const blend = (background) => Uint8Array.from(weights.flatMap((a, i) =>
    [i, 255 - i, 77].map((camera) => Math.round(a * camera + (1 - a) * background)).concat(255)));
  const {values, spread} = meanWeight(blend(0), blend(255));
  assert.ok(spread <= 1);
  weights.forEach((a, i) => assert.ok(Math.abs(values[i] - a) <= 1.01 / 255, `${a} came back as ${values[i]}`));
});

test('a channel that is mixed differently is noticed', () => {
  assert.equal(meanWeight(Uint8Array.of(0, 0, 0, 255), Uint8Array.of(255, 255, 245, 255)).spread, 10);
});

test('summaries are those of a sorted list', () => {
  assert.deepEqual(summary([5, 1, 3]), {median: 3, min: 1, max: 5});
  assert.deepEqual(summary([4, 1, 3, 2]), {median: 2.5, min: 1, max: 4});
  const differences = new Differences();
  for (let i = 1; i <= 100; ++i) differences.add((i % 2 === 0 ? i : -i) / 255);
  const {bias, ...rest} = differences.summary();
  assert.deepEqual(rest, {count: 100, mean: 50.5, p95: 95, max: 100});
  assert.ok(Math.abs(bias - 0.5) < 1e-9);
  assert.deepEqual(new Differences().summary(), {count: 0});
});

test('the edge band is what is undecided in either matte, and two pixels more', () => {
  const [width, height] = [12, 9];
  const matte = (soft) => ({width, height, values: new Float32Array(width * height).fill(1).fill(0.5, soft, soft + 1)});
  const band = edgeBand(matte(0), matte(5 * width + 8));
  for (let i = 0; i < band.length; ++i) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const near = (cx, cy) => Math.max(Math.abs(x - cx), Math.abs(y - cy)) <= 2;
    assert.equal(band[i], near(0, 0) || near(8, 5) ? 1 : 0, `at ${x}, ${y}`);
  }
});

test('pictures survive their files', () => inFolder(async (folder) => {
  const data = Uint8Array.from({length: 5 * 3 * 4}, (_, i) => (i % 4 === 3 ? 255 : (37 * i) & 255));
  await writeFile(path.join(folder, 'frame_0002.png'), encodeRgba({width: 5, height: 3, data}));
  const values = Float32Array.from({length: 15}, (_, i) => Math.fround((i * 4369) / 65535));
  await writeFile(path.join(folder, 'alpha_0000.png'), encodeGrey({width: 5, height: 3, values}));
  assert.deepEqual([...(await numbered(folder, 'frame')).keys()], [2]);
  assert.deepEqual(Uint8Array.from((await readRgba(path.join(folder, 'frame_0002.png'))).data), data);
  const read = (await readGrey(path.join(folder, 'alpha_0000.png'))).values;
  values.forEach((value, i) => assert.ok(Math.abs(read[i] - value) < 1e-6, `${value} came back as ${read[i]}`));
}));

test('bytes are taken off a stream in any pieces', async () => {
  const reader = new ByteReader((async function* () {
    for (const piece of [[1], [2, 3, 4, 5], [], [6]]) yield Buffer.from(piece);
  })());
  assert.deepEqual([...(await reader.take(2))], [1, 2]);
  assert.deepEqual([...(await reader.take(4))], [3, 4, 5, 6]);
  assert.equal(await reader.take(4), null);
  const short = new ByteReader((async function* () { yield Buffer.from([1]); })());
  await assert.rejects(short.take(2), /1 bytes short/);
});

test('frames of a stream reach every run, and are read once', async () => {
  let taken = 0;
  const shared = new SharedFrames(2, async () => taken++);
  assert.deepEqual(await Promise.all([shared.read(0), shared.read(0), shared.read(1)]), [0, 0, 1]);
  assert.equal(await shared.read(1), 1);
  assert.equal(taken, 2);
  assert.throws(() => shared.read(1), /frame 1 was asked for where 2 is due/);
});

test('outputs of three runs are put together, the first of each frame', async () => {
  const emitted = [];
  const rounds = new Rounds(async (number, rgba, {values}) => { emitted.push([number, rgba[0], values[0]]); });
  const pixel = (value) => Uint8Array.of(value, value, value, 255);
  await rounds.add(1, 0, pixel(10));
  await rounds.add(0, 0, pixel(77));
  await rounds.add(0, 0, pixel(99));
  await rounds.add(0, 1, pixel(78));
  await rounds.add(2, 0, pixel(61));
  await rounds.add(2, 1, pixel(255));
  await rounds.add(1, 1, pixel(0));
  assert.deepEqual(emitted, [[0, 77, Math.fround(1 - 51 / 255)], [1, 78, 0]]);
  assert.deepEqual([...packWeights(Float32Array.of(0, 1))], [0, 0, 255, 255]);
  assert.ok(isOpaque(pixel(1)) && !isOpaque(Uint8Array.of(1, 2, 3, 254)));
});

// The bytes of each buffer of a TFLite model, as hashes, and its metadata as [name, buffer].
function partsOf(bytes) {
  const buffer = new flatbuffers.ByteBuffer(bytes);
  const table = (at) => ({at, field: (number) => at + buffer.__offset(at, 4 + 2 * number),
    has: (number) => buffer.__offset(at, 4 + 2 * number) !== 0});
  const list = ({field, has}, number) => (has(number) ? Array.from({length: buffer.__vector_len(field(number))},
    (_, i) => table(buffer.__indirect(buffer.__vector(field(number)) + 4 * i))) : []);
  const root = table(buffer.readInt32(0));
  const hash = ({field, has}) => {
    if (!has(0)) return 'empty';
    const start = buffer.__vector(field(0));
    assert.equal(start % 16, 0);
    return createHash('sha256').update(bytes.subarray(start, start + buffer.__vector_len(field(0)))).digest('hex');
  };
  return {version: buffer.readInt32(root.field(0)), subgraphs: list(root, 2).length, operators: list(root, 1).length,
    buffers: list(root, 4).map(hash),
    metadata: list(root, 6).map(({field}) => [buffer.__string(field(0)), buffer.readInt32(field(1))])};
}

test('a model with metadata is the model, with metadata', async () => {
  for (const name of ['selfie_segmentation.tflite', 'selfie_segmentation_landscape.tflite']) {
    const file = new URL(`./node_modules/@mediapipe/selfie_segmentation/${name}`, import.meta.url);
    const before = partsOf(await readFile(file));
    const after = partsOf(await withMetadata(name));
    assert.equal(before.subgraphs, 1);
    assert.ok(before.buffers.length > 100);
    assert.deepEqual(after.buffers.slice(0, -1), before.buffers);
    assert.deepEqual(after.metadata, [...before.metadata, ['TFLITE_METADATA', before.buffers.length]]);
    for (const part of ['version', 'subgraphs', 'operators']) assert.equal(after[part], before[part]);
  }
});
