import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FramedLines, RequestPart } from '#event-bus';
import { BLOCK_MAX_BYTES, BLOCK_MAX_EVENTS, requestRows } from '#event-model';
import type { RequestFacts } from './request-facts.js';
import { routeLines } from './route-lines.js';
import { RequestPlan } from './routing-plan.js';
import type { RoutingRule } from './routing-rule.js';

const TEXT: RequestFacts = { stream: 'default', source: 's', format: 'text', parser: 'auto' };
const rule = (name: string, sought: string, action: RoutingRule['action']): RoutingRule => ({
  ...{ name, enabled: true, when: sought === '' ? {} : { contains: [sought] }, action, continue: false },
});
const RULES = [
  rule('a', 'a', { stream: 'alpha' }),
  rule('b', 'b', { stream: 'beta', parser: 'cef' }),
  rule('d', 'd', { drop: { policy: 'noise' } }),
];

const framed = (lines: readonly string[]): FramedLines => ({
  ...{ body: Buffer.from(lines.map((line) => `${line}\n`).join('')), count: lines.length },
});

function partsOf(lines: readonly string[], rules = RULES, facts = TEXT): readonly RequestPart[] {
  const plan = RequestPlan.of(rules, facts, 1);
  if (!plan) throw new Error('no rule is for the request');
  const sent = { stream: facts.stream, ...(facts.parser !== undefined && { parser: facts.parser }) };
  const work = routeLines(framed(lines), plan, sent);
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

const textOf = ({ body }: RequestPart): string[] => Buffer.from(body).toString().split('\n').slice(0, -1);

describe('lines of a request', () => {
  it('go where their rules say, in their order, and know where they stood', () => {
    const parts = partsOf(['a0', 'x1', 'b2', 'a3', 'd4', 'd5', 'x6', 'a7']);
    expect(parts.map(({ body: _body, ...head }) => head)).toEqual([
      { stream: 'alpha', parser: 'auto', count: 3, offset: 0, indexes: expect.any(String) },
      { stream: 'default', parser: 'auto', count: 2, offset: 1, indexes: expect.any(String) },
      { stream: 'beta', parser: 'cef', count: 1, offset: 2 },
      { stream: 'default', parser: 'auto', dropped: 'noise', count: 2 },
    ]);
    expect(parts.map(textOf)).toEqual([['a0', 'a3', 'a7'], ['x1', 'x6'], ['b2'], []]);
  });

  it('are one part, uncopied, where all go the same way', () => {
    const body = framed(['a', 'aa']);
    const plan = RequestPlan.of(RULES, TEXT, 1);
    const work = routeLines(body, plan as RequestPlan, { stream: 'default' });
    const { value } = work.next();
    expect(value).toEqual([{ stream: 'alpha', body: body.body, count: 2 }]);
    expect((value as readonly RequestPart[])[0]?.body).toBe(body.body);
    expect(partsOf(['x'], [rule('all', '', { drop: { policy: 'p' } })])).toEqual([
      { stream: 'default', parser: 'auto', dropped: 'p', body: Buffer.alloc(0), count: 1 },
    ]);
    expect(partsOf(['x', 'd'], [rule('same', 'd', { stream: 'default' })])).toHaveLength(1);
  });

  it('of JSON get no parser, whatever a rule says', () => {
    const facts: RequestFacts = { stream: 'default', source: 's', format: 'json' };
    const parts = partsOf(['{"b":1}', '{}'], RULES, facts);
    expect(parts.map(({ stream, parser }) => [stream, parser])).toEqual([
      ['beta', undefined],
      ['default', undefined],
    ]);
  });

  it('are cut into blocks of their own size', () => {
    const many = Array.from({ length: BLOCK_MAX_EVENTS * 2 + 2 }, (_, n) => (n % 2 ? 'a' : 'x'));
    expect(partsOf(many).map(({ stream, count }) => [stream, count])).toEqual([
      ['default', BLOCK_MAX_EVENTS],
      ['default', 1],
      ['alpha', BLOCK_MAX_EVENTS],
      ['alpha', 1],
    ]);
    const long = 'a'.repeat(BLOCK_MAX_BYTES / 2 - 1);
    const bySize = partsOf([long, 'x', long, long, `${long}${long}${long}`, 'a']);
    expect(bySize.map(({ stream, count }) => [stream, count])).toEqual([
      ['alpha', 2],
      ['alpha', 1],
      ['alpha', 1],
      ['alpha', 1],
      ['default', 1],
    ]);
    expect(bySize.map((part) => textOf(part).map((line) => line.length))).toEqual([
      [long.length, long.length],
      [long.length],
      [long.length * 3],
      [1],
      [1],
    ]);
  });

  it('are all there once, at the places that their parts say, whatever they are', () => {
    const anyLine = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'b', 'd', 'x', 'ü') });
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 60 }), (lines) => {
        const found = partsOf(lines).flatMap((part) =>
          part.dropped === undefined
            ? textOf(part).map((line, row) => [requestRows(part, [row])[0] ?? 0, line] as const)
            : [],
        );
        const isSent = (line: string): boolean => /[ab]/.test(line) || !line.includes('d');
        const kept = lines.flatMap((line, row) => (isSent(line) ? [[row, line] as const] : []));
        expect(found.toSorted(([a], [b]) => a - b)).toEqual(kept);
      }),
    );
  });
});
