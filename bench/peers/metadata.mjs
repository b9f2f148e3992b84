// SPDX-License-Identifier: Apache-2.0
// MediaPipe's tasks, which LiveKit segments with, refuse a TFLite model that does not describe its input. This adds
// the description (TFLite's metadata: RGB, value / 255) to a selfie segmentation model of npm, in memory: a new root
// in front of the model as it is, which refers to everything in it.

import {readFile} from 'node:fs/promises';
import * as flatbuffers from 'flatbuffers';

const folder = new URL('./node_modules/@mediapipe/selfie_segmentation/', import.meta.url);
// Fields of the tables in TFLite's schema.fbs and metadata_schema.fbs, by number.
const model = {version: 0, operatorCodes: 1, subgraphs: 2, description: 3, buffers: 4, metadata: 6, count: 8};
const placeholder = 1;

// A table of fields [number, 'Offset' | 'Int8' | ..., value].
function table(builder, count, fields) {
  builder.startObject(count);
  for (const [number, kind, value] of fields) builder[`addField${kind}`](number, value, 0);
  return builder.endObject();
}

function offsets(builder, values) {
  builder.startVector(4, values.length, 4);
  for (const value of [...values].reverse()) builder.addOffset(value);
  return builder.endVector();
}

function floats(builder, values) {
  builder.startVector(4, values.length, 4);
  for (const value of [...values].reverse()) builder.addFloat32(value);
  return builder.endVector();
}

// ModelMetadata: one RGB image in, (value - 0) / 255; one mask out.
function description() {
  const builder = new flatbuffers.Builder(1024);
  const normalization = table(builder, 2, [[0, 'Offset', floats(builder, [0])], [1, 'Offset', floats(builder, [255])]]);
  const unit = table(builder, 2, [[0, 'Int8', 1], [1, 'Offset', normalization]]);
  const image = table(builder, 2, [[0, 'Int8', 1]]);
  const content = table(builder, 3, [[0, 'Int8', 2], [1, 'Offset', image]]);
  const units = offsets(builder, [unit]);
  const imageName = builder.createString('image');
  const input = table(builder, 7, [[0, 'Offset', imageName], [3, 'Offset', content], [4, 'Offset', units]]);
  const output = table(builder, 7, [[0, 'Offset', builder.createString('segmentation_masks')]]);
  const [inputs, outputs] = [offsets(builder, [input]), offsets(builder, [output])];
  const subgraph = table(builder, 10, [[2, 'Offset', inputs], [3, 'Offset', outputs]]);
  const name = builder.createString('Selfie segmentation');
  builder.finish(table(builder, 8, [[0, 'Offset', name], [3, 'Offset', offsets(builder, [subgraph])]]), 'M001');
  return builder.asUint8Array();
}

// Where the old model's root is, and where the parts are that its fields refer to.
function dissect(bytes) {
  const buffer = new flatbuffers.ByteBuffer(bytes);
  const root = buffer.readInt32(0);
  const field = (number) => {
    const slot = buffer.__offset(root, 4 + 2 * number);
    return slot === 0 ? undefined : root + slot;
  };
  const target = (number) => (field(number) === undefined ? undefined : buffer.__indirect(field(number)));
  const list = (number) => {
    const start = target(number);
    const length = start === undefined ? 0 : buffer.readInt32(start);
    return Array.from({length}, (_, i) => buffer.__indirect(start + 4 + 4 * i));
  };
  return {version: buffer.readInt32(field(model.version)), operatorCodes: target(model.operatorCodes),
    subgraphs: target(model.subgraphs), description: target(model.description), buffers: list(model.buffers),
    metadata: list(model.metadata)};
}

// A vector of placeholders for parts of the old model, with one part of our own at the end.
function withOneMore(builder, old, own) {
  builder.startVector(4, old.length + 1, 4);
  builder.addOffset(own);
  for (let i = 0; i < old.length; ++i) builder.addInt32(placeholder);
  return builder.endVector();
}

function buildFront(old, content) {
  const builder = new flatbuffers.Builder(content.length + 4096);
  builder.startVector(1, content.length, 16);
  for (let i = content.length - 1; i >= 0; --i) builder.addInt8(content[i]);
  const buffers = withOneMore(builder, old.buffers, table(builder, 3, [[0, 'Offset', builder.endVector()]]));
  const name = builder.createString('TFLITE_METADATA');
  const entry = table(builder, 2, [[0, 'Offset', name], [1, 'Int32', old.buffers.length]]);
  const metadata = withOneMore(builder, old.metadata, entry);
  const root = table(builder, model.count, [[model.version, 'Int32', old.version],
    ...['operatorCodes', 'subgraphs', 'description'].filter((part) => old[part] !== undefined)
      .map((part) => [model[part], 'Int32', placeholder]),
    [model.buffers, 'Offset', buffers], [model.metadata, 'Offset', metadata]]);
  builder.finish(root, 'TFL3');
  return builder.asUint8Array();
}

// Writes into the slots of the new root how far behind them the old parts are.
function connect(bytes, shift, old) {
  const buffer = new flatbuffers.ByteBuffer(bytes);
  const root = buffer.readInt32(0);
  const slotOf = (number) => root + buffer.__offset(root, 4 + 2 * number);
  const refer = (slot, position) => buffer.writeInt32(slot, shift + position - slot);
  for (const part of ['operatorCodes', 'subgraphs', 'description']) {
    if (old[part] !== undefined) refer(slotOf(model[part]), old[part]);
  }
  for (const part of ['buffers', 'metadata']) {
    const first = buffer.__vector(slotOf(model[part]));
    old[part].forEach((position, i) => refer(first + 4 * i, position));
  }
}

// The bytes of a model of npm with the description.
export async function withMetadata(name) {
  const bytes = await readFile(new URL(name, folder));
  const old = dissect(bytes);
  const front = buildFront(old, description());
  const shift = (front.length + 15) & ~15;  // The weights stay aligned.
  const result = new Uint8Array(shift + bytes.length);
  result.set(front);
  result.set(bytes, shift);
  connect(result, shift, old);
  return Buffer.from(result.buffer);
}
