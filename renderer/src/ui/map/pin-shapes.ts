/**
 * The pin shapes, described once: as outlines for SVG and as signed distances for the GPU, so that a legend, a chip and
 * the map draw the same thing. Units: the pin's radius is 1, y points down, arrows point north.
 */
export const PIN_SHAPES = ['arrow', 'diamond', 'square', 'circle', 'bolt', 'ring', 'cross'] as const;

export type PinShape = (typeof PIN_SHAPES)[number];

/** How a status looks: its shape and fill; `withoutHeading` replaces a shape that needs a direction when there is none. */
export interface PinStyle {
  readonly shape: PinShape;
  /** CSS colour `#rrggbb`, or a custom property name such as `--cc-status-moving`. */
  readonly colour: string;
  /** The status in words, for accessible names. */
  readonly label: string;
  readonly withoutHeading?: PinShape;
}

type Vertex = readonly [x: number, y: number];

const CIRCLE_RADIUS = 0.9;
const RING = { outer: 0.98, inner: 0.46 } as const;

const POLYGONS: Readonly<Record<Exclude<PinShape, 'circle' | 'ring'>, readonly Vertex[]>> = {
  arrow: [[0, -1.2], [0.92, 1], [0, 0.52], [-0.92, 1]],
  diamond: [[0, -1.1], [1.1, 0], [0, 1.1], [-1.1, 0]],
  square: [[-0.84, -0.84], [0.84, -0.84], [0.84, 0.84], [-0.84, 0.84]],
  bolt: [[0.42, -1.32], [-0.96, 0.26], [-0.1, 0.26], [-0.42, 1.32], [0.96, -0.36], [0.1, -0.36]],
  cross: crossOutline(0.98, 0.34),
};

/** A diagonal cross: arms of half-length `reach` along each axis and half-width `width`. */
function crossOutline(reach: number, width: number): Vertex[] {
  const arm: Vertex[] = [[width, -width], [width, -reach * 1.12], [-width, -reach * 1.12], [-width, -width]];
  const turned: Vertex[] = [];
  for (let quarter = 0; quarter < 4; quarter++) {
    const angle = Math.PI / 4 - (quarter * Math.PI) / 2;
    for (const [x, y] of arm.slice(1)) turned.push([x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)]);
  }
  return turned;
}

/** Outline of a shape as SVG path data in units of the radius; fill with the even-odd rule. */
export function shapePath(shape: PinShape): string {
  const n = (value: number): string => String(Math.round(value * 1000) / 1000);
  const disc = (radius: number): string => `M${n(-radius)} 0a${n(radius)} ${n(radius)} 0 1 0 ${n(2 * radius)} 0a${n(radius)} ${n(radius)} 0 1 0 ${n(-2 * radius)} 0Z`;
  if (shape === 'circle') return disc(CIRCLE_RADIUS);
  if (shape === 'ring') return disc(RING.outer) + disc(RING.inner);
  return `M${POLYGONS[shape].map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}Z`;
}

/** Signed distance from a shape's edge in units of the radius, negative inside. */
export function shapeDistance(shape: PinShape, x: number, y: number): number {
  if (shape === 'circle') return Math.hypot(x, y) - CIRCLE_RADIUS;
  if (shape === 'ring') {
    const middle = (RING.outer + RING.inner) / 2;
    return Math.abs(Math.hypot(x, y) - middle) - (RING.outer - RING.inner) / 2;
  }
  const vertices = POLYGONS[shape];
  let nearest = Infinity;
  let inside = false;
  for (let i = 0, j = vertices.length - 1; i < vertices.length; j = i++) {
    const [x1, y1] = vertices[j]!;
    const [x2, y2] = vertices[i]!;
    const [dx, dy] = [x2 - x1, y2 - y1];
    const t = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)));
    nearest = Math.min(nearest, Math.hypot(x - x1 - t * dx, y - y1 - t * dy));
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside ? -nearest : nearest;
}

/** Half the width of an atlas tile in units of the radius: room for outline and antialiasing around any turn. */
export const TILE_EXTENT = 1.75;
/** Texels along a tile's side; about two per device pixel at the largest pin on a 2× screen. */
export const TILE_SIZE = 96;
/** Distances of ±this many units fill the byte range. */
export const DISTANCE_RANGE = 0.8;

/** All shapes as one row of signed-distance tiles, one byte a texel: 128 on the edge, larger inside. */
export function distanceAtlas(): { readonly width: number; readonly height: number; readonly texels: Uint8Array } {
  const width = TILE_SIZE * PIN_SHAPES.length;
  const texels = new Uint8Array(width * TILE_SIZE);
  PIN_SHAPES.forEach((shape, tile) => {
    for (let row = 0; row < TILE_SIZE; row++) {
      for (let column = 0; column < TILE_SIZE; column++) {
        const x = ((column + 0.5) / TILE_SIZE) * 2 * TILE_EXTENT - TILE_EXTENT;
        const y = ((row + 0.5) / TILE_SIZE) * 2 * TILE_EXTENT - TILE_EXTENT;
        const level = 0.5 - shapeDistance(shape, x, y) / (2 * DISTANCE_RANGE);
        texels[row * width + tile * TILE_SIZE + column] = Math.round(Math.min(1, Math.max(0, level)) * 255);
      }
    }
  });
  return { width, height: TILE_SIZE, texels };
}
