// SPDX-License-Identifier: Apache-2.0
// The engines that can be run, and the npm packages that each is made of.

import {readFile} from 'node:fs/promises';

export const engines = {
  mediapipe: ['@mediapipe/selfie_segmentation'],
  shiguredo: ['@shiguredo/virtual-background'],
  twilio: ['@twilio/video-processors'],
  livekit: ['@livekit/track-processors', '@mediapipe/tasks-vision', '@mediapipe/selfie_segmentation'],
};

export async function versionsOf(engine) {
  const versions = {};
  for (const name of engines[engine] ?? []) {
    const file = new URL(`./node_modules/${name}/package.json`, import.meta.url);
    versions[name] = JSON.parse(await readFile(file)).version;
  }
  return versions;
}
