// SPDX-License-Identifier: Apache-2.0
// Runs one engine over all frames, one at a time.

// Resolves to undefined behind the last frame.
async function fetchFrame(index, width, height) {
  const response = await fetch(`/frame/${index}`);
  if (response.status === 204) return undefined;
  if (!response.ok) throw new Error(`frame ${index}: ${await response.text()}`);
  return new ImageData(new Uint8ClampedArray(await response.arrayBuffer()), width, height);
}

async function post(number, input, image) {
  const response = await fetch(`/output/${number}?input=${input}`, {method: 'POST', body: image.data});
  if (!response.ok) throw new Error(`output ${number}: ${await response.text()}`);
}

function isOpaque({data}) {
  for (let i = 3; i < data.length; i += 4) {
    if (data[i] !== 255) return false;
  }
  return true;
}

// An engine module's start() resolves to {prepare, process, about, stages}: prepare(image, index) makes of pixels what
// the engine takes; process(input, index) resolves to the outputs, as pixels.
// Resolves to {input_of_output, ms, transparent_outputs, about, stages}. ms: of process, which includes reading back.
export async function run({engine, width, height, count, options}) {
  const {start} = await import(`/page/engines/${engine}.js`);
  const running = await start({width, height, background: '/data/background.png', ...options});
  const result = {input_of_output: [], ms: [], transparent_outputs: [], about: running.about ?? {}};
  for (let index = 0; index < count; ++index) {
    const image = await fetchFrame(index, width, height);
    if (image === undefined) break;
    const input = running.prepare(image, index);
    const before = performance.now();
    const outputs = await running.process(input, index);
    result.ms.push(performance.now() - before);
    for (const output of outputs) {
      const number = result.input_of_output.push(index) - 1;
      if (!isOpaque(output)) result.transparent_outputs.push(number);
      await post(number, index, output);
    }
  }
  result.stages = running.stages?.() ?? {};
  return result;
}
