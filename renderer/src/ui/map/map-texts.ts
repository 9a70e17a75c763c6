/** Words of the map kit. */
export const MAP_TEXTS = {
  map: 'Map',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Show all',
  fullscreen: 'Full screen',
  leaveFullscreen: 'Leave full screen',
  loading: 'Loading the map',
  retry: 'Try again',
  dismiss: 'Dismiss',
  streetsFailed: 'The street map cannot be read. Showing the offline map.',
  basemapFailed: 'The map background cannot be read. Vehicles are still shown at their positions.',
  noGraphicsTitle: 'The map cannot be drawn here',
  noGraphics: 'This computer or browser offers no WebGL 2 graphics. The list has the same vehicles; an update of the graphics driver usually helps.',
} as const;
