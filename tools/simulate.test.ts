import { describe, expect, it } from 'vitest';
import { parseSimulateArguments } from './simulate-arguments.ts';

const parse = (...argv: string[]): ReturnType<typeof parseSimulateArguments> => parseSimulateArguments(argv, {});
const complaint = (...argv: string[]): string => {
  const result = parse(...argv);
  return result.kind === 'error' ? result.message : result.kind;
};

describe('the arguments of npm run simulate', () => {
  it('need a broker and default the rest', () => {
    expect(complaint()).toContain('--broker mqtt://host:1883');
    expect(parse('--broker', 'mqtt://localhost:1883')).toEqual({
      kind: 'run',
      options: { broker: 'mqtt://localhost:1883', vehicles: 50, seed: '1', format: 'mixed', interval: undefined, connections: undefined, username: undefined, password: undefined, ca: undefined, cert: undefined, key: undefined, keyPassphrase: undefined, prefix: 'evf/1', fleet: 'demo', duration: undefined, state: undefined, backlog: 0, speed: 1 },
    });
  });

  it('take every option, and the password from the environment', () => {
    const argv = ['--broker', 'mqtts://b:8883', '--vehicles', '10000', '--seed', 'x', '--interval', '5000', '--format', 'binary', '--connections', 'shared', '--username', 'u', '--duration', '60', '--prefix', 'a/b', '--fleet', 'f'];
    const result = parseSimulateArguments(argv, { SIMULATE_PASSWORD: 'secret' });
    expect(result).toMatchObject({ kind: 'run', options: { vehicles: 10_000, seed: 'x', interval: 5000, format: 'binary', connections: 'shared', username: 'u', password: 'secret', duration: 60, prefix: 'a/b', fleet: 'f' } });
  });

  it('say what is wrong in words', () => {
    expect(complaint('--broker', 'localhost:1883')).toContain('is no broker address');
    expect(complaint('--broker', 'http://localhost')).toContain('is no broker address');
    expect(complaint('--broker', 'mqtt://u:p@localhost')).toContain('--username');
    expect(complaint('--broker', 'mqtt://b', '--vehicles', '0')).toBe('--vehicles is a whole number from 1 to 90000, not "0".');
    expect(complaint('--broker', 'mqtt://b', '--vehicles', '1.5')).toContain('whole number');
    expect(complaint('--broker', 'mqtt://b', '--format', 'xml')).toBe('--format is one of json, binary, sig, mixed, not "xml".');
    expect(complaint('--broker', 'mqtt://b', '--fleet', 'a/b')).toContain('topics must not have');
    expect(complaint('--broker', 'mqtt://b', '--what')).toContain('--what');
    expect(complaint('--help')).toBe('help');
  });

  it('take a client certificate with its key, over TLS only', () => {
    const pair = ['--cert', 'c.pem', '--key', 'k.pem'];
    expect(parseSimulateArguments(['--broker', 'mqtts://b:8883', ...pair, '--ca', 'a.pem'], { SIMULATE_KEY_PASSPHRASE: 'p' })).toMatchObject({ kind: 'run', options: { ca: 'a.pem', cert: 'c.pem', key: 'k.pem', keyPassphrase: 'p' } });
    expect(complaint('--broker', 'mqtts://b:8883', '--cert', 'c.pem')).toContain('--cert and --key together');
    expect(complaint('--broker', 'mqtts://b:8883', '--key', 'k.pem')).toContain('--cert and --key together');
    expect(complaint('--broker', 'mqtt://b', ...pair)).toContain('mqtts:// or wss://');
  });
});
