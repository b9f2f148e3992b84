// SPDX-License-Identifier: Apache-2.0
// Runs TFLite models on LiteRT's WebAssembly runtime in headless Chromium, without network: the page, the
// runtime and the models come from a server on the loopback interface.

import {createServer} from 'node:http';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {chromium} from 'playwright-core';

const modules = path.join(path.dirname(fileURLToPath(import.meta.url)), 'node_modules');
const types = {'.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html'};
const page = `<!doctype html><script type="importmap">{"imports": {
  "@litertjs/core": "/modules/@litertjs/core/dist/index.js",
  "@litertjs/wasm-utils": "/modules/@litertjs/wasm-utils/dist/index.js"}}</script>`;

// Serves the page at /, the npm modules below /modules/ and one byte array per name below /data/.
async function serve(data) {
  const server = createServer(async (request, response) => {
    try {
      const name = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
      let body = page;
      if (name.startsWith('/data/')) body = data.get(name.slice('/data/'.length));
      if (name.startsWith('/modules/')) {
        const file = path.join(modules, path.normalize(name.slice('/modules'.length)));
        if (!file.startsWith(modules)) throw new Error('outside of node_modules');
        body = await readFile(file);
      }
      response.setHeader('Content-Type', types[path.extname(name) || '.html'] ?? 'application/octet-stream');
      response.end(body);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

// Runs in the page. Returns the first output as shape and numbers.
async function runInPage(modelAddress, inputAddress) {
  const litert = await import('@litertjs/core');
  globalThis.loaded ??= litert.loadLiteRt('/modules/@litertjs/core/wasm/', {threads: false});
  await globalThis.loaded;
  const model = await litert.loadAndCompile(modelAddress, {accelerator: 'wasm', cpuOptions: {numThreads: 1}});
  const input = new Float32Array(await (await fetch(inputAddress)).arrayBuffer());
  const tensor = new litert.Tensor(input, Array.from(model.getInputDetails()[0].shape));
  const [result] = await model.run([tensor]);
  const values = Array.from(await result.data());
  const shape = Array.from(model.getOutputDetails()[0].shape);
  model.delete();
  return {shape, values};
}

// Calls body(run), where run(modelBytes, inputFloats) gives {shape, values} of the model's first output.
export async function withLiteRt(body) {
  const data = new Map();
  const server = await serve(data);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
      '--disable-sync'],
  });
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    await body(async (model, input) => {
      data.set('model.tflite', model);
      data.set('input', Buffer.from(input.buffer, input.byteOffset, input.byteLength));
      const inside = `(${runInPage})('/data/model.tflite', '/data/input')`;
      return tab.evaluate(inside);
    });
    return browser.version();
  } finally {
    await browser.close();
    server.close();
  }
}
