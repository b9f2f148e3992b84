// SPDX-License-Identifier: Apache-2.0
// The loopback server that the page lives on: the page's own scripts, the npm packages, named byte arrays, and the
// frames that go in and come out.

import {createServer} from 'node:http';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const folders = {'/modules/': path.join(here, 'node_modules'), '/page/': path.join(here, 'page')};
const types = {'.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.png': 'image/png',
  '.html': 'text/html'};
const page = `<!doctype html><script type="importmap">{"imports": {
  "livekit-client": "/modules/livekit-client/dist/livekit-client.esm.mjs",
  "@livekit/track-processors": "/modules/@livekit/track-processors/dist/index.mjs",
  "@mediapipe/tasks-vision": "/modules/@mediapipe/tasks-vision/vision_bundle.mjs",
  "@shiguredo/virtual-background": "/modules/@shiguredo/virtual-background/dist/virtual_background.mjs"}}</script>`;

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

async function readBelow(name, prefix, folder) {
  const file = path.join(folder, path.normalize('/' + name.slice(prefix.length)));
  return readFile(file);
}

// What GET of a name answers; undefined: nothing is there; null: nothing, as the answer.
async function find(name, {data, frame}) {
  if (name === '/') return page;
  if (data.has(name)) return data.get(name);
  if (name.startsWith('/frame/')) return frame(Number(name.slice('/frame/'.length)));
  for (const [prefix, folder] of Object.entries(folders)) {
    if (name.startsWith(prefix)) return readBelow(name, prefix, folder);
  }
  return undefined;
}

// data: Map of name to bytes. frame(n): bytes of an input frame, or null behind the last. output(n, bytes, input): takes output n, of frame input.
// Resolves to {address, close}.
export async function serve({data, frame, output}) {
  const server = createServer(async (request, response) => {
    const {pathname, searchParams} = new URL(request.url, 'http://localhost');
    const name = decodeURIComponent(pathname);
    try {
      if (request.method === 'POST') {
        await output(Number(name.slice('/output/'.length)), await bodyOf(request), Number(searchParams.get('input')));
        response.end();
        return;
      }
      const body = await find(name, {data, frame});
      if (body === undefined) throw new Error('not there');
      if (body === null) response.statusCode = 204;
      response.setHeader('Content-Type', types[path.extname(name) || '.html'] ?? 'application/octet-stream');
      response.setHeader('Cache-Control', 'no-store');
      response.end(body ?? undefined);
    } catch (error) {
      response.statusCode = error.code === 'ENOENT' || error.message === 'not there' ? 404 : 500;
      response.end(`${error.message}\n`);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {address: `http://127.0.0.1:${server.address().port}/`, close: () => server.close()};
}
