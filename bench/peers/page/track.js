// SPDX-License-Identifier: Apache-2.0
// A camera track that shows what it is given, and the other end of a track.

// {track, write(frame)}: write closes the frame.
export function makeCamera(width, height) {
  const track = new MediaStreamTrackGenerator({kind: 'video'});
  const writer = track.writable.getWriter();
  track.getSettings = () => ({width, height, frameRate: 25});  // A generator has none, and engines ask for the size.
  return {track, write: (frame) => writer.write(frame)};
}

// Resolves to the next frame of a track each time it is called.
export function readerOf(track) {
  const reader = new MediaStreamTrackProcessor({track}).readable.getReader();
  return async () => (await reader.read()).value;
}
