// SPDX-License-Identifier: Apache-2.0
// MediaPipe's tasks, segmentation alone: from the frame to the mask of the frame's size. For speed.mjs.

import {FilesetResolver, ImageSegmenter} from '@mediapipe/tasks-vision';
import {toCanvas} from '../pixels.js';

// delegate: "CPU" or "GPU".
export async function start({delegate}) {
  const files = await FilesetResolver.forVisionTasks('/modules/@mediapipe/tasks-vision/wasm');
  const segmenter = await ImageSegmenter.createFromOptions(files, {
    baseOptions: {modelAssetPath: '/data/selfie_segmenter.tflite', delegate},
    runningMode: 'VIDEO', outputCategoryMask: false, outputConfidenceMasks: true,
  });
  return {
    prepare: toCanvas,
    async process(image, index) {
      segmenter.segmentForVideo(image, 40 * index, ({confidenceMasks}) => confidenceMasks[0].getAsFloat32Array());
      return [];
    },
  };
}
