import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibreMap } from 'maplibre-gl';
import { parseColour, type Rgb } from '../colours/colours.ts';
import { mercatorX, mercatorY } from './mercator.ts';
import { PIN_BYTES, type PinBuffer, type PinChange } from './pin-columns.ts';
import { MAX_STYLES, pinProgram } from './pin-shader.ts';
import { distanceAtlas, PIN_SHAPES, TILE_EXTENT, type PinStyle } from './pin-shapes.ts';

/** Colours that follow the theme. */
export interface PinLook {
  readonly styles: readonly PinStyle[];
  /** Around every pin, so that it stands off the map and its neighbours; `#rrggbb`. */
  readonly outline: string;
  /** Of the selected pin; `#rrggbb`. */
  readonly halo: string;
}

const UNIFORMS = [
  'u_centre_clip', 'u_along_x', 'u_along_y', 'u_centre', 'u_viewport', 'u_radius', 'u_reach', 'u_fill', 'u_shape',
  'u_atlas', 'u_outline', 'u_outline_width', 'u_halo', 'u_halo_colour',
] as const;

interface Graphics {
  readonly gl: WebGL2RenderingContext;
  readonly program: WebGLProgram;
  readonly atlas: WebGLTexture;
  readonly pins: WebGLBuffer;
  readonly marked: WebGLBuffer;
  readonly pinArray: WebGLVertexArrayObject;
  readonly markedArray: WebGLVertexArrayObject;
  readonly uniforms: Readonly<Record<(typeof UNIFORMS)[number], WebGLUniformLocation | null>>;
}

const HALO_RADIUS = 1.72;
const SELECTED_SCALE = 1.3;
const HOVERED_SCALE = 1.15;

/** Pin radius in CSS pixels by zoom: small enough not to merge a city into one blot, large enough to read its shape. */
const RADII: readonly (readonly [zoom: number, radius: number])[] = [[4, 3.6], [8, 5], [11, 6.5], [14, 8.5], [17, 11]];

/** Radius of a pin in CSS pixels at a zoom, interpolated between the stops. */
export function pinRadius(zoom: number): number {
  let [before] = RADII;
  for (const stop of RADII) {
    if (zoom <= stop[0]) {
      if (before === undefined || before === stop) return stop[1];
      return before[1] + ((stop[1] - before[1]) * (zoom - before[0])) / (stop[0] - before[0]);
    }
    before = stop;
  }
  return before?.[1] ?? 8;
}

/**
 * Draws all pins with one instanced call: the frame costs a few uniforms whatever the number of pins; an update costs
 * the upload of the rows that changed.
 */
export class PinRenderer implements CustomLayerInterface {
  readonly type = 'custom' as const;
  readonly renderingMode = '2d' as const;
  readonly id: string;
  selected = -1;
  hovered = -1;
  /** Draws nothing, but keeps everything up to date. */
  hidden = false;
  /** Milliseconds of JavaScript the last frame took. */
  frameMs = 0;
  #pins: PinBuffer;
  #look: PinLook;
  #graphics: Graphics | undefined;
  #map: MapLibreMap | undefined;
  #dirtyFrom = 0;
  #dirtyTo = 0;
  #capacity = 0;
  #fills = new Float32Array(MAX_STYLES * 3);
  #shapes = new Float32Array(MAX_STYLES * 2);
  #outline: Rgb = [1, 1, 1];
  #halo: Rgb = [0, 0, 0];

  constructor(id: string, pins: PinBuffer, look: PinLook) {
    this.id = id;
    this.#pins = pins;
    this.#look = look;
    this.restyle(look);
  }

  /** Takes new colours or shapes; visible from the next frame. */
  restyle(look: PinLook): void {
    this.#look = look;
    this.#outline = parseColour(look.outline);
    this.#halo = parseColour(look.halo);
    look.styles.slice(0, MAX_STYLES).forEach((style, i) => {
      this.#fills.set(parseColour(style.colour), i * 3);
      this.#shapes.set([PIN_SHAPES.indexOf(style.shape), PIN_SHAPES.indexOf(style.withoutHeading ?? style.shape)], i * 2);
    });
  }

  get styles(): readonly PinStyle[] {
    return this.#look.styles;
  }

  /** Notes rows for upload with the next frame. */
  changed(change: PinChange): void {
    if (change.to <= change.from && !change.grown) return;
    if (this.#dirtyTo <= this.#dirtyFrom) [this.#dirtyFrom, this.#dirtyTo] = [change.from, change.to];
    else [this.#dirtyFrom, this.#dirtyTo] = [Math.min(this.#dirtyFrom, change.from), Math.max(this.#dirtyTo, change.to)];
    this.#map?.triggerRepaint();
  }

  onAdd(map: MapLibreMap, gl: WebGL2RenderingContext): void {
    this.#map = map;
    this.#capacity = 0;
    const program = pinProgram(gl);
    const pins = gl.createBuffer();
    const marked = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, marked);
    gl.bufferData(gl.ARRAY_BUFFER, PIN_BYTES, gl.DYNAMIC_DRAW);
    const atlas = gl.createTexture();
    const { width, height, texels } = distanceAtlas();
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, atlas);
    // The map leaves its own unpacking state behind; a single-channel row is not a multiple of four in general.
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, width, height, 0, gl.RED, gl.UNSIGNED_BYTE, texels);
    for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.LINEAR);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
    const uniforms = Object.fromEntries(UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)])) as Graphics['uniforms'];
    this.#graphics = { gl, program, atlas, pins, marked, pinArray: pinArray(gl, pins), markedArray: pinArray(gl, marked), uniforms };
  }

  onRemove(_map: MapLibreMap, gl: WebGL2RenderingContext): void {
    const graphics = this.#graphics;
    this.#graphics = undefined;
    this.#map = undefined;
    if (graphics === undefined || gl.isContextLost()) return;
    gl.deleteProgram(graphics.program);
    gl.deleteTexture(graphics.atlas);
    for (const buffer of [graphics.pins, graphics.marked]) gl.deleteBuffer(buffer);
    for (const array of [graphics.pinArray, graphics.markedArray]) gl.deleteVertexArray(array);
  }

  render(gl: WebGL2RenderingContext | WebGLRenderingContext, options: CustomRenderMethodInput): void {
    const started = performance.now();
    const graphics = this.#graphics;
    const map = this.#map;
    if (this.hidden || graphics === undefined || map === undefined || gl !== graphics.gl || this.#pins.count === 0) return;
    this.#upload(graphics);
    this.#prepare(graphics, map, options);
    const { gl: context, uniforms } = graphics;
    const radius = pinRadius(map.getZoom()) * map.getPixelRatio();
    context.bindVertexArray(graphics.pinArray);
    this.#draw(graphics, radius, TILE_EXTENT, 0, this.#pins.count);
    for (const [index, scale, halo] of [[this.hovered, HOVERED_SCALE, false], [this.selected, SELECTED_SCALE, true]] as const) {
      if (index < 0 || index >= this.#pins.count || this.#pins.shown[index] === 0) continue;
      context.bindBuffer(context.ARRAY_BUFFER, graphics.marked);
      context.bufferSubData(context.ARRAY_BUFFER, 0, this.#pins.bytes, index * PIN_BYTES, PIN_BYTES);
      context.bindVertexArray(graphics.markedArray);
      const enlarged = Math.max(radius * scale, 6 * scale * map.getPixelRatio());
      if (halo) this.#draw(graphics, enlarged, HALO_RADIUS + 0.1, HALO_RADIUS, 1);
      this.#draw(graphics, enlarged, TILE_EXTENT, 0, 1);
    }
    context.uniform1f(uniforms.u_halo, 0);
    context.bindVertexArray(null);
    this.frameMs = performance.now() - started;
  }

  #draw({ gl, uniforms }: Graphics, radius: number, reach: number, halo: number, count: number): void {
    gl.uniform1f(uniforms.u_radius, radius);
    gl.uniform1f(uniforms.u_reach, reach);
    gl.uniform1f(uniforms.u_halo, halo);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count);
  }

  #upload({ gl, pins }: Graphics): void {
    const { bytes, count } = this.#pins;
    gl.bindBuffer(gl.ARRAY_BUFFER, pins);
    if (bytes.length !== this.#capacity) {
      gl.bufferData(gl.ARRAY_BUFFER, bytes, gl.DYNAMIC_DRAW);
      this.#capacity = bytes.length;
    } else if (this.#dirtyTo > this.#dirtyFrom) {
      const to = Math.min(this.#dirtyTo, count);
      if (to > this.#dirtyFrom) gl.bufferSubData(gl.ARRAY_BUFFER, this.#dirtyFrom * PIN_BYTES, bytes, this.#dirtyFrom * PIN_BYTES, (to - this.#dirtyFrom) * PIN_BYTES);
    }
    this.#dirtyFrom = this.#dirtyTo = 0;
  }

  /** Uniforms of a frame. The matrix is applied to the map's centre here, in 64 bits; the GPU adds small offsets. */
  #prepare({ gl, program, atlas, uniforms }: Graphics, map: MapLibreMap, options: CustomRenderMethodInput): void {
    const matrix = options.defaultProjectionData.mainMatrix;
    const centre = map.getCenter();
    const x = mercatorX(centre.lng);
    const y = mercatorY(centre.lat);
    const clip = [0, 1, 2, 3].map((row) => matrix[row]! * x + matrix[4 + row]! * y + matrix[12 + row]!);
    gl.useProgram(program);
    gl.uniform4f(uniforms.u_centre_clip, clip[0]!, clip[1]!, clip[2]!, clip[3]!);
    gl.uniform4f(uniforms.u_along_x, matrix[0]!, matrix[1]!, matrix[2]!, matrix[3]!);
    gl.uniform4f(uniforms.u_along_y, matrix[4]!, matrix[5]!, matrix[6]!, matrix[7]!);
    const highX = Math.fround(x);
    const highY = Math.fround(y);
    gl.uniform4f(uniforms.u_centre, highX, highY, x - highX, y - highY);
    gl.uniform2f(uniforms.u_viewport, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.uniform3fv(uniforms.u_fill, this.#fills);
    gl.uniform2fv(uniforms.u_shape, this.#shapes);
    gl.uniform3f(uniforms.u_outline, ...this.#outline);
    gl.uniform3f(uniforms.u_halo_colour, ...this.#halo);
    gl.uniform1f(uniforms.u_outline_width, (map.getZoom() < 8 ? 0.9 : 1.4) * map.getPixelRatio());
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, atlas);
    gl.uniform1i(uniforms.u_atlas, 0);
  }
}

function pinArray(gl: WebGL2RenderingContext, buffer: WebGLBuffer): WebGLVertexArrayObject {
  const array = gl.createVertexArray();
  gl.bindVertexArray(array);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 4, gl.FLOAT, false, PIN_BYTES, 0);
  gl.enableVertexAttribArray(1);
  gl.vertexAttribPointer(1, 1, gl.FLOAT, false, PIN_BYTES, 16);
  gl.enableVertexAttribArray(2);
  gl.vertexAttribIPointer(2, 2, gl.UNSIGNED_BYTE, PIN_BYTES, 20);
  for (const location of [0, 1, 2]) gl.vertexAttribDivisor(location, 1);
  gl.bindVertexArray(null);
  return array;
}
