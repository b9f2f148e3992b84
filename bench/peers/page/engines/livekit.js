// SPDX-License-Identifier: Apache-2.0
// LiveKit's virtual background, through the stream that it transforms frames in. Its first output is the camera's
// frame as it is, by design, so that there is one output more than frames.

import {BackgroundProcessor} from '@livekit/track-processors';
import {fromVideoFrame, toVideoFrame} from '../pixels.js';
import {makeCamera} from '../track.js';

async function makeTransformer(width, height, background) {
  const {transformer} = BackgroundProcessor({
    mode: 'virtual-background',
    imagePath: background,
    assetPaths: {tasksVisionFileSet: '/modules/@mediapipe/tasks-vision/wasm',
      modelAssetPath: '/data/selfie_segmenter.tflite'},
  });
  const camera = makeCamera(width, height);
  const element = document.createElement('video');
  element.muted = true;
  element.srcObject = new MediaStream([camera.track]);
  await transformer.init({outputCanvas: new OffscreenCanvas(width, height), inputElement: element});
  return {transformer, camera, element};
}

// Before its first own output the transformer waits until the video element shows a frame: show it some.
async function showUntil(promise, {camera, element}, frame) {
  element.play().catch(() => {});
  let done = false;
  const settled = promise.finally(() => { done = true; });
  while (!done) {
    await camera.write(frame.clone());
    await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, 40))]);
  }
  frame.close();
  return settled;
}

export async function start({width, height, background}) {
  const made = await makeTransformer(width, height, background);
  const writer = made.transformer.transformer.writable.getWriter();
  const reader = made.transformer.transformer.readable.getReader();
  const next = async () => fromVideoFrame((await reader.read()).value);
  return {
    about: {model: 'selfie_segmentation.tflite of @mediapipe/selfie_segmentation, 256x256, with metadata added'},
    prepare: toVideoFrame,
    async process(frame, index) {
      const copy = index === 0 ? frame.clone() : undefined;
      const written = writer.write(frame);
      const outputs = [await next()];
      if (index === 0) outputs.push(await showUntil(next(), made, copy));
      await written;
      return outputs;
    },
  };
}
