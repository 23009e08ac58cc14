import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BodyBudget } from './body-budget.js';
import { readBody } from './read-body.js';
import { SlowSenders } from './slow-senders.js';

const budget = new BodyBudget(() => 1_000);
const parts = () => ({ hold: budget.open(0), senders: new SlowSenders() });

const read = (chunks: readonly Buffer[], limit = 100) =>
  new Promise<Buffer | undefined>((resolve, reject) =>
    readBody({ stream: Readable.from(chunks), limit, ...parts() }, (error, body) =>
      error ? reject(error) : resolve(body),
    ),
  );

it('passes a body of one chunk on without copying it', async () => {
  const chunk = Buffer.from('{"a":1}\n');
  expect(await read([chunk])).toBe(chunk);
});

it('joins chunks wherever they are cut, and takes a body of exactly the limit', async () => {
  const whole = Buffer.from('ä'.repeat(50));
  const chunks = Array.from(whole, (byte) => Buffer.from([byte]));
  expect((await read(chunks))?.equals(whole)).toBe(true);
  expect(await read([])).toHaveLength(0);
});

it('refuses a body over the limit', async () => {
  await expect(read([Buffer.alloc(60), Buffer.alloc(41)])).rejects.toMatchObject({ code: 'body_too_large' });
});

it('refuses a body that breaks off', async () => {
  const stream = new Readable({ read: () => {} });
  const result = new Promise((_, reject) => readBody({ stream, limit: 100, ...parts() }, reject));
  stream.destroy(new Error('aborted'));
  await expect(result).rejects.toMatchObject({ code: 'bad_request' });
});

describe('a sender that is slow', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  async function trickle(bytesPerSecond: number, seconds: number): Promise<string> {
    const stream = new Readable({ read: () => {} });
    let outcome = 'still reading';
    readBody({ stream, limit: 1e6, ...roomy() }, (error) => {
      outcome = error ? ((error as { code?: string }).code ?? '') : 'read';
    });
    for (let second = 0; second < seconds; second += 1) {
      stream.push(Buffer.alloc(bytesPerSecond));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    return outcome;
  }
  const roomy = () => ({ hold: new BodyBudget(() => 1e9).open(0), senders: new SlowSenders() });

  it('is given up after ten seconds below 1 KiB a second', async () => {
    expect(await trickle(900, 12)).toBe('request_timeout');
    expect(await trickle(900, 9)).toBe('still reading');
  });

  it('is waited for at 1 KiB a second or more', async () => {
    expect(await trickle(1_200, 40)).toBe('still reading');
  });

  it('is not blamed for a standstill of this process', async () => {
    const senders = new SlowSenders();
    let slow = 0;
    senders.watch(() => (slow += 1));
    const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
    vi.advanceTimersToNextTimer();
    clock.mockRestore();
    expect(slow).toBe(0);
  });
});
