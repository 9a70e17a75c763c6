import { DISTANCE_RANGE, PIN_SHAPES, TILE_EXTENT } from './pin-shapes.ts';

/** Statuses a style table may have. */
export const MAX_STYLES = 8;

/**
 * One point per pin, all of them in one call: a software renderer takes every instance of an instanced quad for a draw call of its own
 * (SwiftShader: 10,000 pins 400 ms). Positions are relative to the map's centre, so that single floats are exact on screen.
 */
export const PIN_VERTEX = `#version 300 es
precision highp float;
layout(location = 0) in vec4 a_place;
layout(location = 1) in float a_heading;
layout(location = 2) in uvec2 a_look;
uniform vec2 u_origin;
uniform vec2 u_scale;
uniform vec4 u_centre;
uniform float u_radius;
uniform float u_reach;
uniform vec3 u_fill[${MAX_STYLES}];
uniform vec2 u_shape[${MAX_STYLES}];
flat out vec3 v_fill;
flat out float v_tile;
flat out vec2 v_turn;
void main() {
  bool shown = (a_look.y & 1u) != 0u;
  bool headed = (a_look.y & 2u) != 0u;
  vec2 offset = (a_place.xy - u_centre.xy) + (a_place.zw - u_centre.zw);
  vec2 shapes = u_shape[a_look.x];
  v_tile = headed ? shapes.x : shapes.y;
  v_fill = u_fill[a_look.x];
  float turn = headed && v_tile == 0.0 ? radians(a_heading) : 0.0;
  v_turn = vec2(cos(turn), sin(turn));
  gl_PointSize = 2.0 * u_radius * u_reach;
  gl_Position = shown ? vec4(u_origin + offset * u_scale, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
}
`;

/** u_halo 0: fill with outline from the distance atlas; above: a disc of that radius with a ring, below the selected pin. */
export const PIN_FRAGMENT = `#version 300 es
precision highp float;
flat in vec3 v_fill;
flat in float v_tile;
flat in vec2 v_turn;
uniform sampler2D u_atlas;
uniform vec3 u_outline;
uniform float u_outline_width;
uniform float u_radius;
uniform float u_reach;
uniform float u_halo;
uniform vec3 u_halo_colour;
out vec4 colour;
void main() {
  vec2 at = (gl_PointCoord * 2.0 - 1.0) * u_reach;
  if (u_halo > 0.0) {
    float edge = (length(at) - u_halo) * u_radius;
    float disc = clamp(0.5 - edge, 0.0, 1.0) * 0.22;
    float ring = clamp(0.5 - (abs(edge + u_outline_width) - u_outline_width * 0.75), 0.0, 1.0);
    float cover = max(disc, ring);
    colour = vec4(u_halo_colour * cover, cover);
    return;
  }
  vec2 turned = vec2(at.x * v_turn.x + at.y * v_turn.y, at.y * v_turn.x - at.x * v_turn.y);
  vec2 unit = clamp((turned + ${TILE_EXTENT.toFixed(4)}) / ${(2 * TILE_EXTENT).toFixed(4)}, 0.0, 1.0);
  float level = texture(u_atlas, vec2((v_tile + clamp(unit.x, 0.006, 0.994)) / ${PIN_SHAPES.length.toFixed(1)}, unit.y)).r;
  float edge = (0.5 - level) * ${(2 * DISTANCE_RANGE).toFixed(4)} * u_radius;
  float inside = clamp(0.5 - edge, 0.0, 1.0);
  float cover = clamp(0.5 - (edge - u_outline_width), 0.0, 1.0);
  colour = vec4(mix(u_outline, v_fill, inside) * cover, cover);
}
`;

/** Compiles and links; throws with the driver's log, which is a defect of the shader and not of the data. */
export function pinProgram(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, PIN_VERTEX], [gl.FRAGMENT_SHADER, PIN_FRAGMENT]] as const) {
    const shader = gl.createShader(kind);
    if (shader === null) throw new Error('the graphics context is lost');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) throw new Error(`pin shader: ${gl.getShaderInfoLog(shader) ?? 'unknown'}`);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(`pin program: ${gl.getProgramInfoLog(program) ?? 'unknown'}`);
  return program;
}
