import type { AppErrorData } from '#shared/kernel/error.ts';
import type { AccountSecrets } from './accounts.ts';

/** How the embedded broker listens and whom it knows. */
export interface BrokerOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Also reachable from the workshop's network; needs `secrets.units`. */
  readonly lan: boolean;
  readonly topicPrefix: string;
  readonly secrets: AccountSecrets;
}

export interface BrokerStatistics {
  readonly clients: number;
  /** Messages handed to the core. */
  readonly messages: number;
  /** Bytes handed over and not acknowledged yet. */
  readonly pendingBytes: number;
  /** Sign-ins refused, publications refused, packets that were too long, messages for absent units dropped. */
  readonly refusedSignIns: number;
  readonly refusedTopics: number;
  readonly oversized: number;
  readonly offlineDropped: number;
}

/** Something a person may have to look at: who was refused, and why. */
export interface BrokerRefusal {
  readonly at: number;
  readonly client: string;
  readonly address: string;
  readonly reason: string;
}

/**
 * Messages for the core: per message a topic (an index into the strings sent so far), the end of its payload and its flags;
 * payloads follow each other in `payloads`.
 */
export interface BrokerBatch {
  readonly id: number;
  /** Added to the receiver's list of topics, in order; `reset` empties the list before. */
  readonly newTopics: readonly string[];
  readonly reset: boolean;
  readonly count: number;
  readonly topic: Uint32Array<ArrayBuffer>;
  readonly payloadEnd: Uint32Array<ArrayBuffer>;
  /** Bits 0–1 QoS, 2 retain. */
  readonly flags: Uint8Array<ArrayBuffer>;
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly payloads: Uint8Array<ArrayBuffer>;
}

export type BrokerRequest =
  | { readonly kind: 'acknowledge'; readonly batches: readonly number[] }
  | { readonly kind: 'publish'; readonly id: number; readonly topic: string; readonly payload: Uint8Array; readonly qos: 0 | 1; readonly retain: boolean }
  | { readonly kind: 'disconnect'; readonly client: string }
  | { readonly kind: 'stop' };

export type BrokerReport =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'failed'; readonly error: AppErrorData }
  | { readonly kind: 'batch'; readonly batch: BrokerBatch }
  | { readonly kind: 'published'; readonly id: number; readonly error?: string }
  | { readonly kind: 'statistics'; readonly statistics: BrokerStatistics }
  | { readonly kind: 'refusal'; readonly refusal: BrokerRefusal }
  | { readonly kind: 'stopped' };
