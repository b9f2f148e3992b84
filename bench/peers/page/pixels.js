// SPDX-License-Identifier: Apache-2.0
// Pixels into the forms that engines take, and back, without loss (run.mjs --self-test demands bit equality).

const sRgb = {primaries: 'bt709', transfer: 'iec61966-2-1', matrix: 'rgb', fullRange: true};
const frameTime = 40000;  // Microseconds.

export function toCanvas(image) {
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}

export function toVideoFrame(image, index) {
  return new VideoFrame(image.data, {format: 'RGBX', codedWidth: image.width, codedHeight: image.height,
    timestamp: index * frameTime, duration: frameTime, colorSpace: sRgb});
}

// Closes the frame.
export async function fromVideoFrame(frame) {
  const {codedWidth, codedHeight, format} = frame;
  if (!/^(RGB|BGR)[AX]$/.test(format)) throw new Error(`frame of format ${format}: it went through YUV`);
  const data = new Uint8ClampedArray(codedWidth * codedHeight * 4);
  await frame.copyTo(data, {format: 'RGBA'});
  frame.close();
  return new ImageData(data, codedWidth, codedHeight);
}

// source: anything that drawImage takes.
export function fromDrawable(source, width, height) {
  const context = new OffscreenCanvas(width, height).getContext('2d', {willReadFrequently: true});
  context.drawImage(source, 0, 0);
  return context.getImageData(0, 0, width, height);
}

export async function loadImage(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

export async function loadScript(address) {
  const script = document.createElement('script');
  script.src = address;
  await new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${address} did not load`));
    document.head.append(script);
  });
}

// The part [x, y, width, height] of a picture that fills a frame when it is cropped in the middle.
export function coverRegion(picture, width, height) {
  const scale = Math.min(picture.width / width, picture.height / height);
  const [w, h] = [width * scale, height * scale];
  return [(picture.width - w) / 2, (picture.height - h) / 2, w, h];
}
