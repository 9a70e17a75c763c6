import { createTransport } from 'nodemailer';
import type { Log, Scheduler } from '#shared/kernel/ports.ts';
import { composeLinkMail, type LinkMail, type MailBrand } from './link-mail.ts';

/** Mails that wait; further ones are dropped and counted. */
const BOUND = 1_000;
/** Attempts of one mail and the pause between them, ms. */
const ATTEMPTS = 5;
const PAUSE = 20_000;

export interface MailerOptions {
  /** `smtp://user:password@host:port` or `smtps://…`; undefined: no mails are sent, which is logged. */
  readonly smtp: string | undefined;
  readonly from: string;
  readonly brand: MailBrand;
  readonly log: Log;
  readonly scheduler: Scheduler;
}

/** Sends mails one after the other, behind the requests that cause them. */
export class Mailer {
  readonly #options: MailerOptions;
  readonly #transport: ReturnType<typeof createTransport> | undefined;
  #last: Promise<void> = Promise.resolve();
  readonly counters = { sent: 0, failed: 0, dropped: 0, waiting: 0 };

  constructor(options: MailerOptions) {
    this.#options = options;
    this.#transport = options.smtp === undefined ? undefined : createTransport(options.smtp);
  }

  /** Takes a mail; never throws. */
  send(mail: LinkMail): void {
    const { log } = this.#options;
    if (this.#transport === undefined || this.counters.waiting >= BOUND) {
      this.counters.dropped++;
      log.write('warn', this.#transport === undefined ? 'no mail server is set: a mail was not sent' : 'too many mails wait: one was not sent', { purpose: mail.purpose });
      return;
    }
    this.counters.waiting++;
    this.#last = this.#last.then(() => this.#deliver(mail)).finally(() => this.counters.waiting--);
  }

  /** Resolves when what waits was sent or given up. */
  idle(): Promise<void> {
    return this.#last;
  }

  close(): void {
    this.#transport?.close();
  }

  async #deliver(mail: LinkMail): Promise<void> {
    const { from, brand, log, scheduler } = this.#options;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        await this.#transport?.sendMail({ from, to: mail.to, ...composeLinkMail(mail, brand) });
        this.counters.sent++;
        return;
      } catch (error) {
        log.write('warn', 'a mail was not taken by the mail server', { attempt, purpose: mail.purpose, error });
        if (attempt < ATTEMPTS) await new Promise<void>((resolve) => void scheduler.after(PAUSE, resolve));
      }
    }
    this.counters.failed++;
  }
}
