// SPDX-License-Identifier: Apache-2.0
// No engine: the same ways in and out. path: "canvas", as MediaPipe; "bitmap", as Twilio; "track", as Shiguredo;
// "webgl", as LiveKit.

import {fromDrawable, fromVideoFrame, toCanvas, toVideoFrame} from '../pixels.js';
import {makeCamera, readerOf} from '../track.js';

function throughCanvas(width, height) {
  const context = new OffscreenCanvas(width, height).getContext('2d');
  const process = (canvas) => {
    context.drawImage(canvas, 0, 0);
    return fromDrawable(context.canvas, width, height);
  };
  return {prepare: toCanvas, process};
}

function throughBitmap(width, height) {
  const context = document.createElement('canvas').getContext('bitmaprenderer');
  const offscreen = new OffscreenCanvas(width, height);
  const process = (frame) => {
    offscreen.getContext('2d').drawImage(frame, 0, 0);
    frame.close();
    context.transferFromImageBitmap(offscreen.transferToImageBitmap());
    return fromDrawable(context.canvas, width, height);
  };
  return {prepare: toVideoFrame, process};
}

function throughTrack(width, height) {
  const camera = makeCamera(width, height);
  const inside = readerOf(camera.track);
  const generator = new MediaStreamTrackGenerator({kind: 'video'});
  const writer = generator.writable.getWriter();
  const next = readerOf(generator);
  const context = new OffscreenCanvas(width, height).getContext('2d', {desynchronized: true});
  const process = async (given) => {
    await camera.write(given);
    const frame = await inside();
    const bitmap = await createImageBitmap(frame);
    context.drawImage(bitmap, 0, 0);
    await writer.write(new VideoFrame(context.canvas, {timestamp: frame.timestamp}));
    frame.close();
    return fromVideoFrame(await next());
  };
  return {prepare: toVideoFrame, process};
}

function throughWebGl(width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const gl = canvas.getContext('webgl2', {antialias: true, premultipliedAlpha: true});
  const texture = gl.createTexture();
  const framebuffer = gl.createFramebuffer();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.bindFramebuffer(gl.READ_FRAMEBUFFER, framebuffer);
  const program = copyProgram(gl);
  const process = async (frame) => {
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, frame);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.useProgram(program);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    const output = new VideoFrame(canvas, {timestamp: frame.timestamp});
    frame.close();
    return fromVideoFrame(output);
  };
  return {prepare: toVideoFrame, process};
}

function copyProgram(gl) {
  const program = gl.createProgram();
  const sources = [[gl.VERTEX_SHADER, `#version 300 es
    out vec2 at;
    void main() {
      at = vec2(gl_VertexID & 1, gl_VertexID >> 1);
      gl_Position = vec4(2.0 * at.x - 1.0, 1.0 - 2.0 * at.y, 0.0, 1.0);
    }`], [gl.FRAGMENT_SHADER, `#version 300 es
    precision highp float;
    in vec2 at;
    uniform sampler2D frame;
    out vec4 colour;
    void main() { colour = texture(frame, at); }`]];
  for (const [type, source] of sources) {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return program;
}

const paths = {canvas: throughCanvas, bitmap: throughBitmap, track: throughTrack, webgl: throughWebGl};

export async function start({width, height, path}) {
  const {prepare, process} = paths[path](width, height);
  return {prepare, process: async (input) => [await process(input)]};
}
