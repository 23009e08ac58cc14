import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BusStores } from './bus-stores.js';
import { LogWriter, type LogWrite } from './log-writer.js';

/** How the disk takes the next commit: `lost` and `landed` both fail, the second after the bytes were written. */
type Fate = 'fine' | 'lost' | 'landed';

/** A disk that holds one number, and the environments opened on it. */
class Disk {
  commits: number[] = [];
  fates: Fate[] = [];
  opens = 0;
  canOpen = true;

  readonly open = (): BusStores => {
    if (!this.canOpen) throw new Error('no such device');
    this.opens += 1;
    return new FakeStores(this) as unknown as BusStores;
  };
}

class FakeStores {
  private queued: number[] = [];
  private broken = false;
  private readonly disk: Disk;
  readonly state = {
    get: () => this.disk.commits,
    put: (_key: string, value: number[]) => (this.queued = value),
  };

  constructor(disk: Disk) {
    this.disk = disk;
  }

  async commit(queue: () => void): Promise<void> {
    if (this.broken) throw new Error('this environment was given up: LMDB would hang here');
    queue();
    const fate = this.disk.fates.shift() ?? 'fine';
    if (fate !== 'lost') this.disk.commits = this.queued;
    this.broken = fate !== 'fine';
    if (this.broken) throw Object.assign(new Error('Input/output error'), { code: 5 });
  }

  refresh(): void {}

  async close(): Promise<void> {}
}

const idle = { begin: () => undefined, flush: () => undefined };
let disk = new Disk();
let done: string[] = [];

function makeWriter(): LogWriter {
  return new LogWriter(disk.open(), disk.open, idle, 'no/such/directory');
}

const write = (name: string): LogWrite => ({ apply: () => undefined, durable: () => void done.push(name) });

beforeEach(() => {
  vi.useFakeTimers();
  disk = new Disk();
  done = [];
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a commit that fails', () => {
  it('is refused with an error that a retry may mend, and the environment is opened again', async () => {
    const writer = makeWriter();
    disk.fates = ['lost'];
    await expect(writer.submit(write('1'))).rejects.toMatchObject({
      code: 'bus_unavailable',
      retryable: true,
    });
    expect(writer.fault).toMatchObject({ code: 'bus_unavailable' });
    expect([disk.opens, done]).toEqual([2, []]);
  });

  it('stops all answers until a commit on the new environment worked', async () => {
    const writer = makeWriter();
    disk.fates = ['lost', 'lost', 'fine'];
    await expect(writer.submit(write('1'))).rejects.toThrow();
    await expect(writer.submit(write('2'))).rejects.toThrow('Input/output error');
    await vi.advanceTimersByTimeAsync(1000);
    expect(writer.fault).toBeDefined();
    await vi.waitUntil(() => writer.fault === undefined, { timeout: 10_000, interval: 500 });
    await writer.submit(write('3'));
    expect(done).toEqual(['3']);
  });

  it('also refuses those that waited behind it', async () => {
    const writer = makeWriter();
    disk.fates = ['lost'];
    const results = await Promise.allSettled([writer.submit(write('1')), writer.submit(write('2'))]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(done).toEqual([]);
  });

  it('and is in the file all the same is confirmed, once another commit made it certain', async () => {
    const writer = makeWriter();
    disk.fates = ['landed', 'fine'];
    await writer.submit(write('1'));
    expect([done, writer.fault, disk.commits]).toEqual([['1'], undefined, [2]]);
  });

  it('and is in the file but can not be made certain has an unknown outcome', async () => {
    const writer = makeWriter();
    disk.fates = ['landed', 'lost'];
    await expect(writer.submit(write('1'))).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(done).toEqual([]);
  });

  it('and can not be read back has an unknown outcome; the bus goes on when the disk is back', async () => {
    const writer = makeWriter();
    disk.fates = ['lost'];
    disk.canOpen = false;
    await expect(writer.submit(write('1'))).rejects.toMatchObject({ code: 'outcome_unknown' });
    await vi.advanceTimersByTimeAsync(3000);
    expect(writer.fault).toBeDefined();
    disk.canOpen = true;
    await vi.waitUntil(() => writer.fault === undefined, { timeout: 10_000, interval: 500 });
    await writer.submit(write('2'));
    expect(done).toEqual(['2']);
  });

  it('is told as a full disk where the system says so', async () => {
    const writer = makeWriter();
    const full = Object.assign(new Error('No space left on device'), { code: 28 });
    const write: LogWrite = {
      apply: () => undefined,
      durable: () => undefined,
      prepare: () => {
        throw full;
      },
    };
    await expect(writer.submit(write)).rejects.toMatchObject({
      code: 'bus_full',
      retryable: true,
      cause: full,
    });
  });
});

describe('a writer', () => {
  it('takes all writes that wait into one commit, in their order', async () => {
    const writer = makeWriter();
    await Promise.all(['1', '2', '3', '4'].map((name) => writer.submit(write(name))));
    expect([done, disk.commits]).toEqual([['1', '2', '3', '4'], [2]]);
  });

  it('stopped with a fault tries no more, and refuses', async () => {
    const writer = makeWriter();
    disk.fates = ['lost'];
    await expect(writer.submit(write('1'))).rejects.toThrow();
    await writer.stop();
    await writer.stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(disk.opens).toBe(2);
    await expect(writer.submit(write('2'))).rejects.toMatchObject({ code: 'bus_unavailable' });
  });
});
