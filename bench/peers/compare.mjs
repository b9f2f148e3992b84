// SPDX-License-Identifier: Apache-2.0
// Compares the mattes of two folders, alpha_0000.png, alpha_0001.png, ... in each; see README.md.

import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {edgeBand} from './edge_band.mjs';
import {encodeRgba, numbered, numberedPath, readGrey, writeJson} from './png.mjs';
import {Differences} from './statistics.mjs';

const usage = 'usage: node compare.mjs --theirs FOLDER --ours FOLDER [--out FOLDER] [--skip N]';
const shown = 4;  // Differences are drawn this many times as large.

// Theirs, ours and the difference side by side.
function sideBySide(theirs, ours) {
  const {width, height} = theirs;
  const data = new Uint8Array(3 * width * height * 4).fill(255);
  const put = (panel, x, y, value) => {
    const at = 4 * ((3 * y + panel) * width + x);
    data.fill(Math.min(255, Math.round(255 * value)), at, at + 3);
  };
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const [a, b] = [theirs.values[y * width + x], ours.values[y * width + x]];
      [a, b, shown * Math.abs(a - b)].forEach((value, panel) => put(panel, x, y, value));
    }
  }
  return encodeRgba({width: 3 * width, height, data}, 0);
}

function compareFrame(theirs, ours, totals) {
  const band = edgeBand(theirs, ours);
  const frame = {whole: new Differences(), edge: new Differences()};
  for (let i = 0; i < band.length; ++i) {
    const difference = ours.values[i] - theirs.values[i];
    for (const {whole, edge} of [frame, totals]) {
      whole.add(difference);
      if (band[i] === 1) edge.add(difference);
    }
  }
  return {whole: frame.whole.summary(), edge: frame.edge.summary()};
}

// The paths [number, theirs, ours] of frames `skip` and later, which both folders must have.
async function pairs({theirs, ours, skip}) {
  const [a, b] = [await numbered(theirs, 'alpha'), await numbered(ours, 'alpha')];
  const numbers = [...new Set([...a.keys(), ...b.keys()])].filter((number) => number >= skip).sort((x, y) => x - y);
  const missing = numbers.filter((number) => !a.has(number) || !b.has(number));
  if (missing.length > 0) throw new Error(`only one of ${theirs} and ${ours} has frames ${missing.join(', ')}`);
  if (numbers.length === 0) throw new Error(`no alpha_NUMBER.png in ${theirs}`);
  return numbers.map((number) => [number, a.get(number), b.get(number)]);
}

async function main() {
  const {values} = parseArgs({options: {theirs: {type: 'string'}, ours: {type: 'string'}, out: {type: 'string'},
    skip: {type: 'string', default: '0'}}});
  if (values.theirs === undefined || values.ours === undefined) throw new Error(usage);
  const totals = {whole: new Differences(), edge: new Differences()};
  const frames = [];
  for (const [number, theirPath, ourPath] of await pairs({...values, skip: Number(values.skip)})) {
    const [theirs, ours] = [await readGrey(theirPath), await readGrey(ourPath)];
    if (theirs.width !== ours.width || theirs.height !== ours.height) {
      throw new Error(`sizes differ: ${theirPath}, ${ourPath}`);
    }
    frames.push({number, ...compareFrame(theirs, ours, totals)});
    if (values.out === undefined) continue;
    await mkdir(values.out, {recursive: true});
    await writeFile(numberedPath(values.out, 'compare', number), sideBySide(theirs, ours));
  }
  const result = {unit: '1/255', whole: totals.whole.summary(), edge: totals.edge.summary(), frames};
  if (values.out !== undefined) await writeJson(path.join(values.out, 'compare.json'), result);
  for (const name of ['whole', 'edge']) {
    const {count, mean = 0, p95 = 0, max = 0, bias = 0} = result[name];
    console.log(`${name}: mean ${mean.toFixed(3)}, p95 ${p95.toFixed(2)}, max ${max.toFixed(1)}, bias ${bias.toFixed(3)} ` +
      `of 255, ${count} pixels in ${frames.length} frames`);
  }
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
