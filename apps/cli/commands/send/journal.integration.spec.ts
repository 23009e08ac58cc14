import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Chunk } from './chunk-cutter.js';
import { identityOf, journalFolder, pruneJournals } from './journal-place.js';
import { Journal } from './journal.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alluvium-journal-'));
  path = join(folder, 'of/a.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

function chunk(start: number, end: number): Chunk {
  return { start, end, sha256: `hash of ${end}`, startsLine: true, body: Buffer.alloc(end - start) };
}

function use<T>(work: (journal: Journal) => T): T {
  const journal = Journal.open(path);
  try {
    return work(journal);
  } finally {
    journal.close();
  }
}

const answer = (accepted: number, receipt = `r${accepted}`) => ({ accepted, receipt });

describe('the journal of a file', () => {
  it('begins with nothing, for its owner alone', () => {
    expect(use(({ prefix, done, salt, accepted }) => ({ prefix, done, salt, accepted }))).toEqual({
      prefix: { bytes: 0, sha256: '' },
      done: undefined,
      salt: '',
      accepted: 0,
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('remembers the prefix that was acknowledged, and what was cut behind it', () => {
    use((journal) => {
      for (const [start, end] of [
        [0, 10],
        [10, 20],
        [20, 30],
        [30, 40],
      ] as const)
        journal.cut(chunk(start, end));
      journal.acknowledge(chunk(0, 10), answer(1));
      journal.acknowledge(chunk(20, 30), answer(3));
    });
    use((journal) => {
      expect(journal.prefix).toEqual({ bytes: 10, sha256: 'hash of 10' });
      expect(journal.accepted).toBe(4);
      expect(journal.receipts).toEqual(['r1', 'r3']);
      expect(journal.cutBehindPrefix).toEqual([
        { start: 10, end: 20, answer: undefined },
        { start: 20, end: 30, answer: { ...answer(3), sha256: 'hash of 30' } },
        { start: 30, end: 40, answer: undefined },
      ]);
    });
  });

  it('passes over a line that broke off, and goes on behind it', () => {
    use((journal) => journal.acknowledge(chunk(0, 10), answer(1)));
    appendFileSync(path, '{"ack":[10,2');
    use((journal) => journal.acknowledge(chunk(10, 20), answer(2)));
    expect(use(({ prefix }) => prefix.bytes)).toBe(20);
  });

  it('is done until more is sent, whose receipts stand alone then', () => {
    use((journal) => {
      journal.acknowledge(chunk(0, 10), answer(1));
      journal.finish();
      expect(journal.done).toMatch(/^\d{4}-/);
      journal.cut(chunk(10, 20));
      expect(journal.done).toBeUndefined();
      journal.acknowledge(chunk(10, 20), answer(2));
    });
    expect(use(({ receipts, done }) => ({ receipts, done }))).toEqual({ receipts: ['r2'], done: undefined });
  });

  it('restarts under another name', () => {
    use((journal) => {
      journal.acknowledge(chunk(0, 10), answer(1));
      journal.restart();
    });
    const again = use(({ prefix, salt, receipts }) => ({ bytes: prefix.bytes, salt, receipts }));
    expect(again).toEqual({ bytes: 0, salt: expect.stringMatching(/^[0-9a-f-]{36}$/), receipts: [] });
  });
});

describe('the place of a journal', () => {
  const place = {
    url: new URL('http://a'),
    key: 'alv_0123_s',
    stream: undefined,
    source: undefined,
    parser: undefined,
  };

  it('differs with the file, the server, the key and the form, not with the secret', () => {
    const base = identityOf(folder, place);
    expect(identityOf(folder, { ...place, key: 'alv_0123_other' })).toBe(base);
    const others = [
      identityOf(tmpdir(), place),
      identityOf(folder, { ...place, key: 'alv_9_s' }),
      identityOf(folder, { ...place, stream: 'x' }),
      identityOf(folder, { ...place, source: 'x' }),
      identityOf(folder, { ...place, url: new URL('http://b') }),
    ];
    expect(new Set([base, ...others]).size).toBe(6);
  });

  it('is in the folder of states', () => {
    expect(journalFolder({ XDG_STATE_HOME: '/s' })).toBe('/s/alluvium/send');
    expect(journalFolder({})).toMatch(/\.local\/state\/alluvium\/send$/);
  });

  it('is cleared of those that nobody touched for thirty days', () => {
    use(() => undefined);
    path = join(folder, 'of/b.jsonl');
    use(() => undefined);
    const old = Date.now() / 1_000 - 31 * 86_400;
    utimesSync(path, old, old);
    pruneJournals(join(folder, 'of'));
    expect(readdirSync(join(folder, 'of'))).toEqual(['a.jsonl']);
  });
});
