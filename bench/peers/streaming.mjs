// SPDX-License-Identifier: Apache-2.0
// What stream.mjs is made of: frames from a stream of bytes, for several runs, and the runs' outputs put together.

import {meanWeight} from './alpha.mjs';

// Takes counts of bytes off a stream. At its end: null.
export class ByteReader {
  #chunks;
  #left = Buffer.alloc(0);

  constructor(stream) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async take(count) {
    const parts = [];
    let missing = count;
    while (missing > 0) {
      if (this.#left.length === 0) {
        const {value, done} = await this.#chunks.next();
        if (done && missing === count) return null;
        if (done) throw new Error(`the input ends ${missing} bytes short of a frame`);
        this.#left = value;
      }
      parts.push(this.#left.subarray(0, missing));
      missing -= parts.at(-1).length;
      this.#left = this.#left.subarray(parts.at(-1).length);
    }
    return Buffer.concat(parts);
  }
}

// Frames of a stream for several runs, each of which asks for every frame once, in order. A frame is read when it is
// asked for first and kept until it was asked for last.
export class SharedFrames {
  #next = 0;
  #waiting = new Map();

  // take() resolves to the next frame's bytes.
  constructor(runs, take) {
    this.runs = runs;
    this.take = take;
  }

  read(number) {
    if (!this.#waiting.has(number)) {
      if (number !== this.#next) throw new Error(`frame ${number} was asked for where ${this.#next} is due`);
      ++this.#next;
      this.#waiting.set(number, {bytes: this.take(), asked: 0});
    }
    const frame = this.#waiting.get(number);
    if (++frame.asked === this.runs) this.#waiting.delete(number);
    return frame.bytes;
  }
}

// Puts the outputs of three runs together, before the wallpaper, before black and before white. Where several outputs
// come of one input, the first counts: the second of LiveKit's, on software GL, is one that no user sees.
export class Rounds {
  #rounds = new Map();
  #last = [-1, -1, -1];

  // emit(number, rgba, weight) takes the frames in order; weight as meanWeight gives it.
  constructor(emit) {
    this.emit = emit;
  }

  async add(run, input, rgba) {
    if (input === this.#last[run]) return;
    this.#last[run] = input;
    if (!this.#rounds.has(input)) this.#rounds.set(input, []);
    const round = this.#rounds.get(input);
    round[run] = rgba;
    if (!round[0] || !round[1] || !round[2]) return;
    this.#rounds.delete(input);
    await this.emit(input, round[0], meanWeight(round[1], round[2]));
  }
}

// 0 to 1 as 16 bits, in the machine's order of bytes: little endian wherever Chromium runs.
export function packWeights(values) {
  const packed = new Uint16Array(values.length);
  for (let i = 0; i < packed.length; ++i) packed[i] = Math.round(values[i] * 65535);
  return Buffer.from(packed.buffer);
}

export function isOpaque(rgba) {
  for (let i = 3; i < rgba.length; i += 4) {
    if (rgba[i] !== 255) return false;
  }
  return true;
}
