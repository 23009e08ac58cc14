import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeBlock } from '#event-bus/testing';
import type { Block } from '#event-model';
import type { Verdict } from '../parsers/verdict.js';
import { Shadow, type ShadowOrder } from './shadow.js';

const answer = (text: string): string => `{"message":"${text}","parser":"p"}`;
const textBlock = (lines: readonly string[], more: object = {}): Block =>
  makeBlock(lines, { format: 'lines', parser: 'p', ...more });
const parsedBy = (block: Block, read: (line: string) => string): Block => {
  const lines = Buffer.from(block.body).toString().split('\n').slice(0, -1);
  return { ...block, body: Buffer.from(lines.map((line) => `${read(line)}\n`).join('')) };
};
const asIs = async (block: Block): Promise<Block> => block;

let clock: number;
let asked: string[][];
let answering: (lines: readonly Uint8Array[]) => readonly Verdict[] | Promise<readonly Verdict[]>;
let suspended: string | undefined;
let closed: number;
beforeEach(() => {
  [clock, asked, suspended, closed] = [0, [], undefined, 0];
  answering = (lines) =>
    lines.map((line) => ({
      parser: 'p',
      parsed: { kind: 'event', event: { message: Buffer.from(line).toString() } },
    }));
});

function makeShadow(order: Partial<ShadowOrder> = {}): Shadow {
  const parse = (lines: readonly Uint8Array[]) => {
    asked.push(lines.map((line) => Buffer.from(line).toString()));
    return answering(lines);
  };
  const { tenant } = textBlock(['x']).header;
  const opened = {
    parse: Object.assign(parse, { close: () => void (closed += 1) }),
    suspended: () => suspended,
  };
  return new Shadow(
    { tenant, parser: 'p', version: 'v', perMille: 1_000, ...order },
    { id: 'one', opened, now: () => clock, random: () => 0 },
  );
}

async function offer(shadow: Shadow, block: Block, read = answer, redact = asIs): Promise<void> {
  shadow.offer(block, parsedBy(block, read), redact);
  for (let n = 0; n < 10; n += 1) await nextTurn();
}

describe('a shadow', () => {
  it('compares what it reads with what was stored', async () => {
    const shadow = makeShadow();
    await offer(shadow, textBlock(['a', 'b', 'c']), (line) =>
      line === 'a' ? answer('a') : line === 'b' ? answer('other') : '\u0001no\u0002p',
    );
    const { counts, differences } = shadow.state;
    expect(counts).toEqual({
      ...{ compared: 3, equal: 1, changed: 1, newly_read: 1, newly_refused: 0 },
      ...{ passed_over_blocks: 0, failed: 0 },
    });
    expect(differences).toMatchObject([
      { line: 'c', outcome: 'newly_read', isQuarantined: true, changes: expect.any(Array) },
      {
        line: 'b',
        outcome: 'changed',
        isQuarantined: false,
        changes: [{ field: 'message', from: 'other', to: 'b' }],
      },
    ]);
  });

  it('looks only at its tenant, its streams and its parser', async () => {
    const { stream } = textBlock(['x']).header;
    const shadow = makeShadow({ streams: [stream] });
    await offer(shadow, textBlock(['a'], { tenant: 'other' }));
    await offer(shadow, textBlock(['a'], { stream: 'other' }));
    await offer(shadow, textBlock(['a'], { parser: 'other' }));
    expect(asked).toEqual([]);
    await offer(shadow, textBlock(['a']));
    expect(asked).toEqual([['a']]);
  });

  it('takes nothing while it works, nor for nine times as long behind that', async () => {
    const shadow = makeShadow();
    let finish = (): void => {};
    const usual = answering;
    answering = (lines) => new Promise((resolve) => (finish = () => resolve(usual(lines))));
    await offer(shadow, textBlock(['a']));
    await offer(shadow, textBlock(['b']));
    clock = 10;
    finish();
    await nextTurn();
    answering = usual;
    clock = 99;
    await offer(shadow, textBlock(['c']));
    clock = 100;
    await offer(shadow, textBlock(['d']));
    expect(asked).toEqual([['a'], ['d']]);
    expect(shadow.state.counts).toMatchObject({ compared: 2, passed_over_blocks: 2 });
  });

  it('leaves a line alone that nobody knew and that it does not claim', async () => {
    const shadow = makeShadow();
    const unknown = (line: string): string => `{"message":"${line}","parse_status":"none"}`;
    answering = (lines) =>
      lines.map((line) => ({
        parser: 'p',
        certainty: Buffer.from(line).toString() === 'mine' ? 1 : 0,
        parsed: { kind: 'event', event: { message: 'read' } },
      }));
    await offer(shadow, textBlock(['mine', 'foreign'], { parser: 'auto' }), unknown);
    expect(shadow.state.counts).toMatchObject({ compared: 2, equal: 1, changed: 1 });
  });

  it('keeps only what may be stored, and the newest twenty of it', async () => {
    const shadow = makeShadow();
    const mask = async (block: Block): Promise<Block> => ({
      ...block,
      body: Buffer.from(Buffer.from(block.body).toString().replaceAll('secret', '***')),
      raw: Buffer.from(
        Buffer.from(block.raw ?? '')
          .toString()
          .replaceAll('secret', '***'),
      ),
    });
    const lines = Array.from({ length: 30 }, (_, n) => `secret ${n}`);
    await offer(shadow, textBlock(lines), () => answer('secret of old'), mask);
    const { differences, counts } = shadow.state;
    expect([counts.changed, differences.length, differences[0]?.line]).toEqual([30, 20, '*** 29']);
    expect(JSON.stringify(differences)).not.toContain('secret');
  });

  it('cuts long lines and values', async () => {
    const shadow = makeShadow();
    await offer(shadow, textBlock(['x'.repeat(5_000)]));
    await offer(shadow, textBlock(['y'.repeat(5_000)]), () => answer('short'));
    const [difference] = shadow.state.differences;
    expect(difference?.line).toHaveLength(2_000);
    expect(String(difference?.changes[0]?.to).length).toBeLessThan(510);
  });

  it('stops where its version is out of work, where it breaks, and where it is told to', async () => {
    const broken = makeShadow();
    answering = () => Promise.reject(new Error('oh'));
    await offer(broken, textBlock(['a']));
    await offer(broken, textBlock(['b']));
    expect([asked.length, broken.state.stoppedBecause]).toEqual([1, 'oh']);

    const worn = makeShadow();
    suspended = 'it ended three times';
    await offer(worn, textBlock(['a']));
    expect([asked.length, worn.state.stoppedBecause]).toEqual([1, 'it ended three times']);
    suspended = undefined;
    worn.close();
    await offer(worn, textBlock(['a']));
    expect([asked.length, closed, worn.state.stoppedBecause]).toEqual([1, 1, 'it was stopped']);
  });
});
