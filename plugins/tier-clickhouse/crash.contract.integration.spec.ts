import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Block } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { makeEventType, type ContractTier } from '#plugin-kit/testing';
import { randomCases } from '../../test/support/random-cases.js';
import plugin from './index.js';
import { makeRound, REFUSED_ROWS, STORED_ROWS } from './testing/crash-round.mjs';

const WRITER = fileURLToPath(new URL('testing/tier-writer.mjs', import.meta.url));
const ROUNDS = Number(process.env['ALLUVIUM_CRASH_ROUNDS'] ?? randomCases({ few: 4, all: 10 }));
const stream: StreamSpec = {
  tenant: 'default',
  name: 'crash',
  keepRaw: 'when_needed',
  eventType: makeEventType({
    fields: [],
    sortBy: ['service'],
    rollUps: [{ name: 'by_level', by: ['level'] }],
  }),
};
const directory = mkdtempSync(join(tmpdir(), 'alluvium-tier-crash-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('a tier whose process was killed during inserts', () => {
  it(
    'says what is there, and takes the rest: each row is once in table or quarantine',
    async () => {
      const lives: string[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const { acknowledged, share } = await live(round);
        lives.push(`${acknowledged} inserts, killed at ${share} of the next`);
        await withTier((tier) => mend(tier, round, acknowledged, lives.join('; ')));
      }
    },
    60_000 + ROUNDS * 15_000,
  );
});

/** One life of the writer, ended at a random moment of an insert: at that share of the time that the last one took. */
async function live(round: number): Promise<{ acknowledged: number; share: number }> {
  const args = [WRITER, directory, JSON.stringify(stream), String(round)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [share, ends] = [Math.round(Math.random() * 100) / 100, [] as number[]];
  for await (const line of createInterface(child.stdout)) {
    if (/^\d+$/.test(line)) ends.push(performance.now());
    const [before = 0, last = 0] = ends.slice(-2);
    if (ends.length === 2 + (round % 2)) setTimeout(() => child.kill('SIGKILL'), (last - before) * share);
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return { acknowledged: ends.length, share };
}

/** What a writer does after a takeover, and what must be there then. */
async function mend(tier: ContractTier, round: number, acknowledged: number, lives: string): Promise<void> {
  const inserts = Array.from({ length: acknowledged + 1 }, (_, n) => makeRound(stream, round, n));
  for (const blocks of inserts.slice(0, acknowledged)) await expectWhole(tier, blocks, lives);
  const inDoubt = inserts.at(-1) ?? [];
  const present = await tier.present(stream, idsOf(inDoubt));
  const skip = present.flatMap(({ block, stored, quarantined }) =>
    [...stored, ...quarantined.map(({ row }) => row)].map((row) => ({ block, row })),
  );
  await tier.insert({ stream, token: `${round}-mended`, blocks: inDoubt, skip });
  await expectWhole(tier, inDoubt, lives);
  for (const day of await tier.checkRollUps(stream)) await tier.rebuildRollUps(stream, day);
  expect(await tier.checkRollUps(stream), `after ${lives}`).toEqual([]);
}

async function expectWhole(tier: ContractTier, blocks: readonly Block[], lives: string): Promise<void> {
  for (const { stored, quarantined } of await tier.present(stream, idsOf(blocks))) {
    expect(stored, `after ${lives}`).toEqual(STORED_ROWS);
    const refused = quarantined.map(({ row }) => row);
    expect(refused, `after ${lives}`).toEqual(REFUSED_ROWS);
  }
}

function idsOf(blocks: readonly Block[]) {
  return blocks.map(({ header }) => header.id);
}

async function withTier(use: (tier: ContractTier) => Promise<void>): Promise<void> {
  const limits = { memoryBytes: 1e9, concurrency: 4 };
  const paths = { dataDirectory: directory, scratchDirectory: join(directory, 'scratch') };
  const tier = (await plugin.create({
    ...paths,
    ...limits,
    reach: () => undefined,
  })) as unknown as ContractTier;
  try {
    await use(tier);
  } finally {
    await tier.stop();
  }
}
