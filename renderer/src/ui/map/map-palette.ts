import { mix } from '../colours/colours.ts';
import type { ThemeTokens } from '../colours/theme-tokens.ts';

/** Colours of the basemap; greys with a breath of blue, so that saturated colour is left to the vehicles. */
export interface MapPalette {
  readonly water: string;
  readonly land: string;
  readonly coast: string;
  readonly country: string;
  readonly state: string;
  readonly green: string;
  readonly built: string;
  readonly building: string;
  readonly roadMinor: string;
  readonly roadMajor: string;
  readonly roadCase: string;
  readonly rail: string;
  readonly labelCountry: string;
  readonly labelState: string;
  readonly labelPlace: string;
  readonly labelMinor: string;
  readonly labelRoad: string;
  readonly halo: string;
}

/** The basemap in the theme's colours. */
export function mapPalette(tokens: ThemeTokens): MapPalette {
  const { dark, surface0, surface1, line, textStrong, textNormal, textMuted } = tokens;
  const land = dark ? mix(surface1, surface0, 0.15) : surface0;
  const water = dark ? mix(surface0, '#05080c', 0.35) : mix(line, '#cfdbe8', 0.45);
  return {
    water, land, halo: land,
    coast: dark ? mix(line, land, 0.25) : mix(line, textMuted, 0.32),
    country: mix(textMuted, land, dark ? 0.35 : 0.25),
    state: mix(line, textMuted, dark ? 0.25 : 0.3),
    green: mix(land, dark ? '#1f3a2d' : '#cfe3d2', dark ? 0.45 : 0.55),
    built: mix(land, line, dark ? 0.3 : 0.4),
    building: mix(land, line, dark ? 0.6 : 0.75),
    roadMinor: dark ? mix(land, line, 0.85) : '#ffffff',
    roadMajor: dark ? mix(line, textMuted, 0.18) : '#ffffff',
    roadCase: dark ? mix(land, surface0, 0.7) : mix(line, textMuted, 0.2),
    rail: mix(line, textMuted, 0.3),
    labelCountry: mix(textMuted, textNormal, 0.35),
    labelState: dark ? textMuted : mix(textMuted, land, 0.06),
    labelPlace: mix(textNormal, textStrong, dark ? 0.1 : 0.25),
    labelMinor: mix(textNormal, textMuted, 0.55),
    labelRoad: textMuted,
  };
}
