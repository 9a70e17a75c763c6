import { describe, expect, test } from 'vitest';
import { AppError } from '#shared/kernel/error.ts';
import { Batch } from '../store/telemetry/batch.ts';
import type { Commit } from '../store/telemetry/writer-client.ts';
import { BatchQueue } from './batch-queue.ts';

const SIZES = { capacity: 4, values: 1000, textBytes: 0, payloadBytes: 1000 };

/** A writer whose commits happen when the test says so. */
class StepWriter {
  readonly appended: { batch: Batch; durable: boolean; finish: (error?: AppError) => void }[] = [];
  #next = 1;

  takeBatch(): Batch {
    return new Batch(SIZES);
  }

  append(batch: Batch, options: { durable: boolean }): Promise<Commit> {
    const first = this.#next;
    this.#next += batch.count;
    return new Promise((resolve, reject) => {
      this.appended.push({ batch, durable: options.durable, finish: (error) => (error ? reject(error) : resolve({ first, last: first + batch.count - 1, milliseconds: 1 })) });
    });
  }
}

function setUp() {
  const writer = new StepWriter();
  const acknowledged: number[] = [];
  const commits: number[] = [];
  const rejected: string[] = [];
  const queue = new BatchQueue(writer, () => [], {
    acknowledge: (tokens, count) => acknowledged.push(...tokens.subarray(0, count)),
    committed: (_commit, messages) => commits.push(messages),
    rejected: (error) => rejected.push(error.code),
  });
  const add = (token = 0): void => {
    const batch = queue.room(1, 10, 0, 10);
    batch.count++;
    if (token > 0) queue.addToken(token);
  };
  const finish = async (at: number, error?: AppError): Promise<void> => {
    writer.appended[at]?.finish(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { writer, queue, acknowledged, commits, rejected, add, finish };
}

describe('BatchQueue', () => {
  test('sends one message at once and gathers the next ones while it commits', async () => {
    const { writer, queue, add, finish, acknowledged } = setUp();
    add(1);
    queue.flush(3);
    expect(writer.appended.map(({ batch }) => batch.count)).toEqual([1]);
    add(2);
    queue.flush(3);
    add(3);
    queue.flush(3);
    expect(writer.appended).toHaveLength(1);
    expect(acknowledged).toEqual([]);
    await finish(0);
    expect(acknowledged).toEqual([1]);
    expect(writer.appended.map(({ batch, durable }) => [batch.count, durable])).toEqual([[1, true], [2, true]]);
    await finish(1);
    expect(acknowledged).toEqual([1, 2, 3]);
  });

  test('rows nobody waits for are gathered, and not synced to the disk one by one', () => {
    const { writer, queue, add } = setUp();
    add();
    add();
    queue.flush(3);
    expect(writer.appended).toHaveLength(0);
    add();
    queue.flush(3);
    expect(writer.appended.map(({ batch, durable }) => [batch.count, durable])).toEqual([[3, false]]);
  });

  test('an acknowledgement without a row waits for everything taken in before it', async () => {
    const { queue, add, finish, acknowledged } = setUp();
    queue.addToken(1);
    queue.flush();
    expect(acknowledged).toEqual([1]);
    add(2);
    queue.flush();
    queue.addToken(3);
    await queue.handOver();
    expect(acknowledged).toEqual([1]);
    await finish(0);
    expect(acknowledged).toEqual([1, 2, 3]);
  });

  test('a refused batch is not acknowledged and what follows is', async () => {
    const { queue, add, finish, acknowledged, rejected } = setUp();
    add(1);
    queue.flush();
    add(2);
    await finish(0, new AppError('internal', 'no'));
    expect([acknowledged, rejected]).toEqual([[], ['internal']]);
    await finish(1);
    expect(acknowledged).toEqual([2]);
  });

  test('has at most two batches with the writer, says when it is under pressure, and when it takes no more', async () => {
    const { writer, queue, add, finish } = setUp();
    const fill = (batches: number): void => {
      for (let i = 0; i < batches * SIZES.capacity; i++) add(1);
      // A batch is full when the next row does not fit.
      queue.room(1, 10, 0, 10);
    };
    fill(2);
    expect([writer.appended.length, queue.underPressure, queue.handOver()]).toEqual([2, false, true]);
    fill(8);
    expect([writer.appended.length, queue.underPressure, queue.full, queue.handOver()]).toEqual([2, true, false, false]);
    fill(32);
    expect([queue.full, queue.exhausted]).toEqual([true, false]);
    fill(8);
    expect([queue.exhausted, queue.length]).toEqual([true, 50 * SIZES.capacity]);
    expect(queue.length).toBeLessThanOrEqual(queue.bound);
    for (let i = 0; i < 50; i++) await finish(i);
    expect([queue.relieved, queue.length]).toEqual([true, 0]);
  });

  test('drain resolves when all is committed', async () => {
    const { queue, add, finish } = setUp();
    for (let i = 0; i < 6; i++) add();
    let done = false;
    const drained = queue.drain().then(() => (done = true));
    await finish(0);
    expect(done).toBe(false);
    await finish(1);
    await drained;
    await queue.drain();
  });
});
