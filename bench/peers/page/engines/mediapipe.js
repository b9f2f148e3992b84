// SPDX-License-Identifier: Apache-2.0
// MediaPipe's selfie segmentation, composited as its documentation does: the mask, the camera where the mask is,
// the wallpaper (in the documentation a colour) below. The wallpaper is cropped to cover, as everybody does.

import {coverRegion, fromDrawable, loadImage, loadScript, toCanvas} from '../pixels.js';

const assets = '/modules/@mediapipe/selfie_segmentation/';

// model: 1 landscape, 0 general.
export async function start({width, height, background, model = 1}) {
  await loadScript(`${assets}selfie_segmentation.js`);
  const wallpaper = await loadImage(background);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  const segmentation = new SelfieSegmentation({locateFile: (file) => assets + file});
  segmentation.setOptions({modelSelection: model});
  segmentation.onResults(({segmentationMask, image}) => {
    context.save();
    context.clearRect(0, 0, width, height);
    context.drawImage(segmentationMask, 0, 0, width, height);
    context.globalCompositeOperation = 'source-in';
    context.drawImage(image, 0, 0, width, height);
    context.globalCompositeOperation = 'destination-atop';
    context.drawImage(wallpaper, ...coverRegion(wallpaper, width, height), 0, 0, width, height);
    context.restore();
  });
  await segmentation.initialize();
  return {
    about: {model: model === 1 ? 'landscape 256x144' : 'general 256x256', delegate: 'GPU'},
    prepare: toCanvas,
    async process(image) {
      await segmentation.send({image});
      return [fromDrawable(canvas, width, height)];
    },
  };
}
