// SPDX-License-Identifier: Apache-2.0
// One run of one engine over a sequence of frames.

import {withBrowser} from './browser.mjs';
import {serve} from './server.mjs';

// frames: {width, height, count, read(n)} with RGBA bytes. background: PNG bytes. output(n, rgba, input) takes the
// frames that come out, in order, with the number of the frame that went in. model: bytes of a TFLite model, for
// engines that need one. options: of the engine. Resolves to what page/run.js tells, with Chromium's version and the
// addresses refused.
export async function runEngine({engine, frames, background, output, model, options = {}, verbose = false}) {
  const data = new Map([['/data/background.png', background], ['/data/selfie_segmenter.tflite', model]]);
  const server = await serve({data, frame: frames.read, output});
  const {width, height, count} = frames;
  let result;
  try {
    const about = await withBrowser(server.address, verbose, async (tab) => {
      const task = JSON.stringify({engine, width, height, count, options});
      result = await tab.evaluate(`import('/page/run.js').then(({run}) => run(${task}))`);
    });
    return {...result, ...about};
  } finally {
    server.close();
  }
}
