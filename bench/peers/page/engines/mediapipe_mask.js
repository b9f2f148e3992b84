// SPDX-License-Identifier: Apache-2.0
// MediaPipe's selfie segmentation alone: from the frame to the finished mask, nothing composited. For speed.mjs.

import {fromDrawable, loadScript, toCanvas} from '../pixels.js';

const assets = '/modules/@mediapipe/selfie_segmentation/';

export async function start({model}) {
  await loadScript(`${assets}selfie_segmentation.js`);
  const segmentation = new SelfieSegmentation({locateFile: (file) => assets + file});
  segmentation.setOptions({modelSelection: model});
  segmentation.onResults(({segmentationMask}) => fromDrawable(segmentationMask, 1, 1));  // Waits for the GPU.
  await segmentation.initialize();
  return {
    prepare: toCanvas,
    async process(image) {
      await segmentation.send({image});
      return [];
    },
  };
}
