import type { AlertSeverity } from '#shared/domain/alerts/rule.ts';

interface Tone {
  /** Hz */
  readonly pitch: number;
  /** s after the start. */
  readonly at: number;
  readonly length: number;
}

/**
 * Calls that differ in rhythm and pitch, so that they are told apart without a look (IEC 60601-1-8: high priority in bursts of quick pulses,
 * medium in three slow ones, low in one or two).
 */
const CALLS: Readonly<Record<AlertSeverity, { readonly wave: OscillatorType; readonly tones: readonly Tone[] }>> = {
  critical: { wave: 'square', tones: [0, 0.16, 0.32, 0.62, 0.78].map((at, i) => ({ pitch: i < 3 ? 880 : 1175, at, length: 0.12 })) },
  high: { wave: 'triangle', tones: [0, 0.28, 0.56].map((at) => ({ pitch: 660, at, length: 0.2 })) },
  low: { wave: 'sine', tones: [{ pitch: 440, at: 0, length: 0.25 }, { pitch: 370, at: 0.3, length: 0.3 }] },
};
/** Loudness at full volume: a square wave is harsher than a sine of the same height. */
const GAIN: Readonly<Record<OscillatorType, number>> = { square: 0.12, triangle: 0.35, sine: 0.35, sawtooth: 0.12, custom: 0.2 };

export interface AlertSounds {
  /** Asks the browser to let calls out, which it does only after the first click or key in the page; resolves with whether it does now. */
  wake(): Promise<boolean>;
  /** Sounds the call of a severity; `volume` 0–1. False where the browser does not let it sound yet. */
  play(severity: AlertSeverity, volume: number): boolean;
  dispose(): void;
}

/** Calls synthesised with Web Audio; `create` makes the context on first use. */
export function createAlertSounds(create: () => AudioContext): AlertSounds {
  let context: AudioContext | undefined;
  function open(): AudioContext | undefined {
    try {
      context ??= create();
    } catch {
      // A machine without sound.
      return undefined;
    }
    if (context.state === 'suspended') context.resume().catch(() => undefined);
    return context;
  }
  return {
    async wake() {
      const audio = open();
      // The context runs only once this has settled: a moment after the gesture.
      await audio?.resume().catch(() => undefined);
      return audio?.state === 'running';
    },
    play(severity, volume) {
      const audio = open();
      if (audio?.state !== 'running' || volume <= 0) return false;
      const { wave, tones } = CALLS[severity];
      const start = audio.currentTime + 0.02;
      for (const { pitch, at, length } of tones) {
        const oscillator = audio.createOscillator();
        const gain = audio.createGain();
        oscillator.type = wave;
        oscillator.frequency.value = pitch;
        // Soft edges: a tone cut off clicks.
        gain.gain.setValueAtTime(0, start + at);
        gain.gain.linearRampToValueAtTime(GAIN[wave] * volume, start + at + 0.015);
        gain.gain.setValueAtTime(GAIN[wave] * volume, start + at + length - 0.03);
        gain.gain.linearRampToValueAtTime(0, start + at + length);
        oscillator.connect(gain).connect(audio.destination);
        oscillator.start(start + at);
        oscillator.stop(start + at + length + 0.02);
      }
      return true;
    },
    dispose() {
      void context?.close().catch(() => undefined);
      context = undefined;
    },
  };
}
