// SPDX-License-Identifier: Apache-2.0
// Shiguredo's processor between two tracks, with its own choices.

import {VirtualBackgroundProcessor} from '@shiguredo/virtual-background';
import {fromVideoFrame, loadImage, toVideoFrame} from '../pixels.js';
import {makeCamera, readerOf} from '../track.js';

export async function start({width, height, background}) {
  const camera = makeCamera(width, height);
  const processor = new VirtualBackgroundProcessor('/modules/@shiguredo/virtual-background/dist');
  const track = await processor.startProcessing(camera.track, {backgroundImage: await loadImage(background)});
  const next = readerOf(track);
  return {
    prepare: toVideoFrame,
    async process(frame) {
      await camera.write(frame);
      return [await fromVideoFrame(await next())];
    },
  };
}
