import type { Map as MapLibreMap } from 'maplibre-gl';
import { disposable, type Disposable } from '#shared/kernel/disposable.ts';
import { parseColour, type Rgb } from '../colours/colours.ts';
import { mercatorX, mercatorY, worldPixels } from './mercator.ts';
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
  'u_origin', 'u_scale', 'u_centre', 'u_radius', 'u_reach', 'u_fill', 'u_shape', 'u_atlas', 'u_outline', 'u_outline_width', 'u_halo', 'u_halo_colour',
] as const;

interface Graphics {
  readonly pins: WebGLBuffer;
  readonly uniforms: Readonly<Record<(typeof UNIFORMS)[number], WebGLUniformLocation | null>>;
}

const HALO_RADIUS = 1.72;
const SELECTED_SCALE = 1.3;
const HOVERED_SCALE = 1.15;
/** CSS pixels drawn beyond each edge of the map: a point whose middle is outside of what is drawn is left out as a whole. */
const MARGIN = 32;

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
 * Draws all pins with one call on a canvas of their own above the map's: what the vehicles do never draws the map anew, which takes tens of
 * milliseconds without a GPU; a frame costs a few uniforms whatever the number of pins, an update the upload of the rows that changed.
 * The map has no turn and no tilt.
 */
export class PinRenderer {
  /** Milliseconds of JavaScript the last frame took. */
  frameMs = 0;
  #pins: PinBuffer;
  #look: PinLook;
  #canvas: HTMLCanvasElement | undefined;
  #gl: WebGL2RenderingContext | undefined;
  #graphics: Graphics | undefined;
  #map: MapLibreMap | undefined;
  #selected = -1;
  #hovered = -1;
  #hidden = false;
  #frame: number | undefined;
  #outdated = true;
  #view = [Number.NaN, Number.NaN, Number.NaN] as const;
  #width = 0;
  #height = 0;
  #dirtyFrom = 0;
  #dirtyTo = 0;
  #capacity = 0;
  #fills = new Float32Array(MAX_STYLES * 3);
  #shapes = new Float32Array(MAX_STYLES * 2);
  #outline: Rgb = [1, 1, 1];
  #halo: Rgb = [0, 0, 0];

  constructor(pins: PinBuffer, look: PinLook) {
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
    this.#again();
  }

  get styles(): readonly PinStyle[] {
    return this.#look.styles;
  }

  /** Marks rows, -1 for none: the selected one with a halo, the hovered one larger. */
  mark(selected: number, hovered: number): void {
    if (selected === this.#selected && hovered === this.#hovered) return;
    this.#selected = selected;
    this.#hovered = hovered;
    this.#again();
  }

  /** Draws nothing, but keeps everything up to date. */
  hide(hidden: boolean): void {
    if (hidden === this.#hidden) return;
    this.#hidden = hidden;
    this.#show();
    this.#again();
  }

  /** Notes rows for upload with the next frame. */
  changed(change: PinChange): void {
    if (change.to <= change.from && !change.grown) return;
    if (this.#dirtyTo <= this.#dirtyFrom) [this.#dirtyFrom, this.#dirtyTo] = [change.from, change.to];
    else [this.#dirtyFrom, this.#dirtyTo] = [Math.min(this.#dirtyFrom, change.from), Math.max(this.#dirtyTo, change.to)];
    this.#again();
  }

  /** Puts the canvas above the map's own, below whatever else lies over it; disposing takes it away. */
  attach(map: MapLibreMap): Disposable {
    const canvas = document.createElement('canvas');
    canvas.setAttribute('aria-hidden', 'true');
    Object.assign(canvas.style, { position: 'absolute', left: `${-MARGIN}px`, top: `${-MARGIN}px`, pointerEvents: 'none' });
    map.getCanvas().after(canvas);
    this.#canvas = canvas;
    this.#map = map;
    this.#show();
    const moved = (): void => this.#draw();
    const resized = (): void => this.#resize();
    const lost = (event: Event): void => {
      event.preventDefault();
      this.#graphics = undefined;
    };
    const restored = (): void => this.#prepare();
    canvas.addEventListener('webglcontextlost', lost);
    canvas.addEventListener('webglcontextrestored', restored);
    // In the same animation frame as the map itself, so that pins stay on their places while it is dragged.
    map.on('render', moved);
    map.on('resize', resized);
    this.#resize();
    this.#gl = canvas.getContext('webgl2', { antialias: false, depth: false, stencil: false, premultipliedAlpha: true }) ?? undefined;
    this.#prepare();
    return disposable(() => {
      if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
      this.#frame = undefined;
      map.off('render', moved);
      map.off('resize', resized);
      canvas.removeEventListener('webglcontextlost', lost);
      canvas.removeEventListener('webglcontextrestored', restored);
      canvas.remove();
      // Browsers keep only a few contexts, and the collector is in no hurry.
      this.#gl?.getExtension('WEBGL_lose_context')?.loseContext();
      this.#gl = this.#graphics = this.#canvas = this.#map = undefined;
    });
  }

  /** A hidden canvas is not even blended. */
  #show(): void {
    if (this.#canvas !== undefined) this.#canvas.style.visibility = this.#hidden ? 'hidden' : '';
  }

  #again(): void {
    this.#outdated = true;
    if (this.#map === undefined || this.#frame !== undefined || this.#hidden) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  #resize(): void {
    const [map, canvas] = [this.#map, this.#canvas];
    if (map === undefined || canvas === undefined) return;
    const { clientWidth, clientHeight } = map.getContainer();
    const ratio = map.getPixelRatio();
    this.#width = clientWidth + 2 * MARGIN;
    this.#height = clientHeight + 2 * MARGIN;
    canvas.width = Math.round(this.#width * ratio);
    canvas.height = Math.round(this.#height * ratio);
    canvas.style.width = `${this.#width}px`;
    canvas.style.height = `${this.#height}px`;
    this.#again();
  }

  /** Brings program, atlas and buffer into a new graphics context. */
  #prepare(): void {
    const gl = this.#gl;
    if (gl === undefined || gl.isContextLost()) return;
    const program = pinProgram(gl);
    const pins = gl.createBuffer();
    const { width, height, texels } = distanceAtlas();
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    // A single-channel row is not a multiple of four in general.
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, width, height, 0, gl.RED, gl.UNSIGNED_BYTE, texels);
    for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.LINEAR);
    gl.bindBuffer(gl.ARRAY_BUFFER, pins);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 4, gl.FLOAT, false, PIN_BYTES, 0);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribPointer(1, 1, gl.FLOAT, false, PIN_BYTES, 16);
    gl.enableVertexAttribArray(2);
    gl.vertexAttribIPointer(2, 2, gl.UNSIGNED_BYTE, PIN_BYTES, 20);
    gl.useProgram(program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    const uniforms = Object.fromEntries(UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)])) as Graphics['uniforms'];
    gl.uniform1i(uniforms.u_atlas, 0);
    this.#capacity = 0;
    this.#graphics = { pins, uniforms };
    this.#again();
  }

  /** Draws if the picture is another one than the last. */
  #draw(): void {
    const [gl, graphics, map] = [this.#gl, this.#graphics, this.#map];
    if (gl === undefined || graphics === undefined || map === undefined) return;
    if (this.#hidden) return;
    const { lng, lat } = map.getCenter();
    const zoom = map.getZoom();
    const view = [lng, lat, zoom] as const;
    if (!this.#outdated && view.every((value, i) => value === this.#view[i])) return;
    const started = performance.now();
    this.#view = view;
    this.#outdated = false;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (this.#pins.count === 0) return;
    this.#upload(gl);
    this.#place(gl, graphics, map);
    const ratio = map.getPixelRatio();
    const radius = pinRadius(zoom) * ratio;
    this.#points(gl, graphics, radius, TILE_EXTENT, 0, 0, this.#pins.count);
    for (const [index, scale, halo] of [[this.#hovered, HOVERED_SCALE, false], [this.#selected, SELECTED_SCALE, true]] as const) {
      if (index < 0 || index >= this.#pins.count || this.#pins.shown[index] === 0) continue;
      const enlarged = Math.max(radius * scale, 6 * scale * ratio);
      if (halo) this.#points(gl, graphics, enlarged, HALO_RADIUS + 0.1, HALO_RADIUS, index, 1);
      this.#points(gl, graphics, enlarged, TILE_EXTENT, 0, index, 1);
    }
    this.frameMs = performance.now() - started;
  }

  #points(gl: WebGL2RenderingContext, { uniforms }: Graphics, radius: number, reach: number, halo: number, first: number, count: number): void {
    gl.uniform1f(uniforms.u_radius, radius);
    gl.uniform1f(uniforms.u_reach, reach);
    gl.uniform1f(uniforms.u_halo, halo);
    gl.drawArrays(gl.POINTS, first, count);
  }

  #upload(gl: WebGL2RenderingContext): void {
    const { bytes, count } = this.#pins;
    if (bytes.length !== this.#capacity) {
      gl.bufferData(gl.ARRAY_BUFFER, bytes, gl.DYNAMIC_DRAW);
      this.#capacity = bytes.length;
    } else if (this.#dirtyTo > this.#dirtyFrom) {
      const to = Math.min(this.#dirtyTo, count);
      if (to > this.#dirtyFrom) gl.bufferSubData(gl.ARRAY_BUFFER, this.#dirtyFrom * PIN_BYTES, bytes, this.#dirtyFrom * PIN_BYTES, (to - this.#dirtyFrom) * PIN_BYTES);
    }
    this.#dirtyFrom = this.#dirtyTo = 0;
  }

  /** Uniforms of a frame. What is large is subtracted here, in 64 bits; the GPU adds small offsets to the map's centre. */
  #place(gl: WebGL2RenderingContext, { uniforms }: Graphics, map: MapLibreMap): void {
    const centre = map.getCenter();
    const x = mercatorX(centre.lng);
    const y = mercatorY(centre.lat);
    const highX = Math.fround(x);
    const highY = Math.fround(y);
    gl.uniform4f(uniforms.u_centre, highX, highY, x - highX, y - highY);
    // The centre is not in the middle where the map leaves room for panels.
    const at = map.project(centre);
    gl.uniform2f(uniforms.u_origin, ((at.x + MARGIN) / this.#width) * 2 - 1, 1 - ((at.y + MARGIN) / this.#height) * 2);
    const world = worldPixels(map.getZoom());
    gl.uniform2f(uniforms.u_scale, (2 * world) / this.#width, (-2 * world) / this.#height);
    gl.uniform3fv(uniforms.u_fill, this.#fills);
    gl.uniform2fv(uniforms.u_shape, this.#shapes);
    gl.uniform3f(uniforms.u_outline, ...this.#outline);
    gl.uniform3f(uniforms.u_halo_colour, ...this.#halo);
    gl.uniform1f(uniforms.u_outline_width, (map.getZoom() < 8 ? 0.9 : 1.4) * map.getPixelRatio());
  }
}
