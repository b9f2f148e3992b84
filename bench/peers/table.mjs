// SPDX-License-Identifier: Apache-2.0
// node table.mjs FOLDER ENGINE...: what run_all found, one line an engine.

import {readFile} from 'node:fs/promises';
import path from 'node:path';

const [folder, ...engines] = process.argv.slice(2);

// The contents of a file, or undefined where it is not.
async function contents(...parts) {
  try {
    return await readFile(path.join(folder, ...parts), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const cell = (value, digits) => (value === undefined ? '-' : value.toFixed(digits)).padStart(12);

async function row(engine) {
  const theirs = JSON.parse(await contents(engine, 'theirs', 'alpha.json'));
  const compared = await contents(engine, 'compare', 'compare.json');
  const {edge, whole} = compared === undefined ? {} : JSON.parse(compared);
  const seconds = await contents(engine, 'ours', 'seconds');
  const ours = seconds && 1000 * Number(seconds) / theirs.frames.count;
  return engine.padEnd(12) + cell(theirs.ms.median, 1) + cell(ours, 1) + cell(edge?.mean, 2) + cell(edge?.p95, 2) +
    cell(whole?.mean, 3);
}

console.log(`\n${''.padEnd(12)}${['ms theirs', 'ms ours', 'edge mean', 'edge p95', 'whole mean']
  .map((name) => name.padStart(12)).join('')}`);
for (const engine of engines) console.log(await row(engine));
console.log('\nms a frame: theirs the median in the page, on software GL; ours the whole program, with reading and\n' +
  'writing. Differences of the weights in units of 1/255.');
