// SPDX-License-Identifier: Apache-2.0
// Twilio's processor with its own choices: worker, hysteresis, wallpaper stretched to the frame.

import {fromDrawable, loadImage, loadScript, toVideoFrame} from '../pixels.js';

const assets = '/modules/@twilio/video-processors/dist/build/';

export async function start({width, height, background, ...options}) {
  await loadScript(`${assets}twilio-video-processors.js`);
  const backgroundImage = await loadImage(background);
  const processor = new Twilio.VideoProcessors.VirtualBackgroundProcessor({assetsPath: assets, backgroundImage, ...options});
  await processor.loadModel();
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('bitmaprenderer');
  return {
    about: {hysteresis: processor.hysteresis, mask_blur_radius: processor.maskBlurRadius, simd: processor._isSimdEnabled,
      warm_up: 'frame 0 is given twice and its first output dropped: the processor drops it too'},
    prepare: toVideoFrame,
    async process(frame, index) {
      if (index === 0) await processor.processFrame(frame.clone(), canvas);
      await processor.processFrame(frame, canvas);
      return [fromDrawable(canvas, width, height)];
    },
    stages: () => Object.fromEntries(['inputImageResizeDelay', 'segmentationDelay', 'imageCompositionDelay'].map(
      (name) => [name, processor._benchmark.getAverageDelay(name)])),
  };
}
