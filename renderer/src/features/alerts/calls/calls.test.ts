import { expect, test } from 'vitest';
import { nextCalls, parseCalls, type NewestAlert } from './call-plan.ts';
import { createAlertSounds } from './sounds.ts';

const NOW = 1_000_000;
const alert = (alertId: string, severity: NewestAlert['severity'], receivedAt = NOW): NewestAlert => ({ alertId, severity, name: 'Low SoC', vin: 'MX1', receivedAt });

test('what is there when the window opens calls nothing; what rises later calls once', () => {
  const first = nextCalls(undefined, [alert('a', 'critical')], NOW);
  expect(first.calls).toEqual([]);
  const second = nextCalls(first.called, [alert('b', 'critical')], NOW);
  expect(second.calls.map(({ alertId }) => alertId)).toEqual(['b']);
  expect(nextCalls(second.called, [alert('b', 'critical')], NOW).calls).toEqual([]);
});

test('of several at once the worst comes first, and a newer one of another severity calls, too', () => {
  const { called } = nextCalls(undefined, [], NOW);
  expect(nextCalls(called, [alert('l', 'low'), alert('c', 'critical'), alert('h', 'high')], NOW).calls.map(({ alertId }) => alertId)).toEqual(['c', 'h', 'l']);
});

test('a window that was asleep does not call what is long past', () => {
  const { called } = nextCalls(undefined, [], NOW);
  expect(nextCalls(called, [alert('a', 'critical', NOW - 61_000)], NOW).calls).toEqual([]);
});

test('whatever a preference holds, there is a usable choice', () => {
  expect([parseCalls(undefined), parseCalls({ volume: 7 }), parseCalls({ muted: true, volume: 0.2, desktop: true })]).toEqual([
    { muted: false, volume: 0.6, desktop: false },
    { muted: false, volume: 0.6, desktop: false },
    { muted: true, volume: 0.2, desktop: true },
  ]);
});

/** A sound card that writes down what it is told to play. */
function audio(state: AudioContextState) {
  const played: { wave: string; pitch: number; at: number }[] = [];
  const node = { connect: () => node, gain: { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined } };
  const context = {
    state, currentTime: 0, destination: {}, resume: async () => undefined, close: async () => undefined,
    createGain: () => node,
    createOscillator() {
      const oscillator = { type: '', frequency: { value: 0 }, connect: () => node, start: (at: number) => played.push({ wave: oscillator.type, pitch: oscillator.frequency.value, at }), stop: () => undefined };
      return oscillator;
    },
  };
  return { played, context, sounds: createAlertSounds(() => context as unknown as AudioContext) };
}

test('each severity has a call of its own in rhythm and pitch', () => {
  const calls = (['critical', 'high', 'low'] as const).map((severity) => {
    const { played, sounds } = audio('running');
    expect(sounds.play(severity, 0.5)).toBe(true);
    return played;
  });
  expect(calls.map((tones) => tones.length)).toEqual([5, 3, 2]);
  expect(new Set(calls.map((tones) => `${tones[0]!.wave} ${tones[0]!.pitch}`)).size).toBe(3);
});

test('before the first gesture nothing sounds, and that is said', async () => {
  const { played, sounds } = audio('suspended');
  expect([sounds.play('critical', 1), await sounds.wake(), played.length]).toEqual([false, false, 0]);
});

test('the first gesture is enough: the browser lets calls out a moment after it', async () => {
  const { sounds, context } = audio('suspended');
  context.resume = async () => {
    await Promise.resolve();
    context.state = 'running';
  };
  expect([await sounds.wake(), sounds.play('critical', 1)]).toEqual([true, true]);
});
