/** What the page notes for the bench; it hangs at the window. */
export interface Observed {
  /** Of every pin that was drawn anew: place in the Web Mercator square, and the end of the animation frame's callback, epoch ms. */
  readonly x: number[];
  readonly y: number[];
  readonly at: number[];
  /** Frames in which pins were drawn anew. */
  frames: number;
  /** Tasks above 50 ms by the wall's clock, ms. */
  readonly long: number[];
  /** Epoch ms of what was seen first; undefined while it was not. */
  readonly first: { form?: number; liveFrame?: number; cluster?: number; pin?: number };
}

/**
 * Runs in the page before its own scripts, and knows nothing of them but the layout of the pin buffer: it watches what is uploaded to the
 * GPU, and stamps it when the animation-frame callback that did so is over. `pinBytes`: bytes per pin; its first four floats are x and y, high and low.
 */
export function observeDrawing(pinBytes: number): void {
  const observed: Observed = { x: [], y: [], at: [], frames: 0, long: [], first: {} };
  Object.assign(window, { observed });
  let lastX = new Float64Array(0);
  let lastY = new Float64Array(0);
  let drawn = 0;

  function note(bytes: Uint8Array, from: number, to: number): void {
    const floats = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
    const count = bytes.byteLength / pinBytes;
    if (lastX.length < count) {
      const [x, y] = [new Float64Array(count), new Float64Array(count)];
      x.set(lastX);
      y.set(lastY);
      [lastX, lastY] = [x, y];
    }
    for (let row = from; row < to; row++) {
      const at = (row * pinBytes) >> 2;
      const x = floats[at]! + floats[at + 2]!;
      const y = floats[at + 1]! + floats[at + 3]!;
      if (x === lastX[row] && y === lastY[row]) continue;
      lastX[row] = x;
      lastY[row] = y;
      observed.x.push(x);
      observed.y.push(y);
    }
    drawn++;
  }

  const { bufferData, bufferSubData } = WebGL2RenderingContext.prototype;
  Object.assign(WebGL2RenderingContext.prototype, {
    bufferData(this: WebGL2RenderingContext, ...args: Parameters<typeof bufferData>) {
      bufferData.apply(this, args);
      const source: unknown = args[1];
      if (source instanceof Uint8Array && source.byteLength > pinBytes && source.byteLength % pinBytes === 0) note(source, 0, source.byteLength / pinBytes);
    },
    bufferSubData(this: WebGL2RenderingContext, ...args: Parameters<typeof bufferSubData>) {
      bufferSubData.apply(this, args);
      const [, , source, from, length] = args as unknown as [number, number, unknown, number | undefined, number | undefined];
      if (source instanceof Uint8Array && from !== undefined && length !== undefined && source.byteLength > pinBytes && source.byteLength % pinBytes === 0) note(source, from / pinBytes, (from + length) / pinBytes);
    },
  });

  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) =>
    request((time) => {
      const before = drawn;
      callback(time);
      if (drawn === before) return;
      const end = Date.now();
      while (observed.at.length < observed.x.length) observed.at.push(end);
      if (observed.at.length > 0) observed.first.pin ??= end;
      observed.frames++;
    });
  // Only the live streams send bytes.
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...args: ConstructorParameters<typeof Socket>) {
      super(...args);
      this.addEventListener('message', ({ data }) => typeof data !== 'string' && (observed.first.liveFrame ??= Date.now()));
    }
  };
  new MutationObserver(() => {
    if (document.querySelector('form input') !== null) observed.first.form ??= Date.now();
    if (document.querySelector('.cc-donuts > *') !== null) observed.first.cluster ??= Date.now();
  }).observe(document, { subtree: true, childList: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) observed.long.push(entry.duration);
  }).observe({ entryTypes: ['longtask'] });
}
