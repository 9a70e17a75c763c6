import { timingSafeEqual } from 'node:crypto';
import type { Rng } from '#shared/kernel/ports.ts';

/** 256 random bits each. */
const SECRET_BYTES = 32;

function secret(rng: Rng): string {
  return Buffer.from(rng.bytes(SECRET_BYTES)).toString('base64url');
}

function same(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What is checked of a request; header names in lower case. */
export interface Headers {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly cookie?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
}

/**
 * Who may talk to a host on 127.0.0.1, where every program and every web page of this machine can knock. Whoever has the launcher's link
 * exchanges its token for a cookie that scripts cannot read; everything else needs that cookie. Host must be an address of this
 * host (against DNS rebinding) and Origin its own page (against pages of other sites and ports).
 */
export class LaunchSession {
  readonly #token: string;
  readonly #cookieValue: string;
  readonly #cookieName: string;
  readonly #hosts: readonly string[];
  readonly #port: number;
  readonly #rng: Rng;
  readonly #oneTimeTokens = new Set<string>();

  constructor(port: number, rng: Rng) {
    this.#port = port;
    this.#rng = rng;
    this.#token = secret(rng);
    this.#cookieValue = secret(rng);
    // Cookies know no ports: two hosts on this machine must not overwrite each other's.
    this.#cookieName = `command-center-${port}`;
    this.#hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  }

  /** The link that opens the console; the token is in the fragment, which is sent to no server and stands in no log. */
  get link(): string {
    return this.#linkOf(this.#token);
  }

  /** A link that works once: for a command line, which other users of this machine can read while the program runs. */
  oneTimeLink(): string {
    const token = secret(this.#rng);
    this.#oneTimeTokens.add(token);
    return this.#linkOf(token);
  }

  #linkOf(token: string): string {
    return `http://127.0.0.1:${this.#port}/#token=${token}`;
  }

  /** Whether the request was addressed to this host by one of its own names. */
  hostFits(headers: Headers): boolean {
    return headers.host !== undefined && this.#hosts.includes(headers.host);
  }

  /** Whether the request comes from a page of this host; requests without Origin do not. */
  originFits(headers: Headers): boolean {
    return this.hostFits(headers) && headers.origin === `http://${headers.host}`;
  }

  /** Whether the request may come from elsewhere than a page of this host: an Origin that differs, or a browser that says so. */
  isForeign(headers: Headers): boolean {
    if (headers.origin !== undefined && !this.originFits(headers)) return true;
    const site = headers['sec-fetch-site'];
    return site !== undefined && site !== 'same-origin' && site !== 'none';
  }

  hasCookie(headers: Headers): boolean {
    for (const part of (headers.cookie ?? '').split(';')) {
      const at = part.indexOf('=');
      if (at > 0 && part.slice(0, at).trim() === this.#cookieName && same(part.slice(at + 1).trim(), this.#cookieValue)) return true;
    }
    return false;
  }

  /** The Set-Cookie header that a valid token is exchanged for, or undefined. It lasts as long as the browser is open. */
  exchange(token: unknown): string | undefined {
    if (typeof token !== 'string') return undefined;
    const once = [...this.#oneTimeTokens].find((each) => same(token, each));
    if (once === undefined && !same(token, this.#token)) return undefined;
    if (once !== undefined) this.#oneTimeTokens.delete(once);
    return this.cookie;
  }

  /** The Set-Cookie header itself, for whoever has shown another token that counts. */
  get cookie(): string {
    return `${this.#cookieName}=${this.#cookieValue}; Path=/; HttpOnly; SameSite=Strict`;
  }
}
