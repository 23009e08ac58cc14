import { describe, expect, it } from 'vitest';
import type { RequestFacts } from './request-facts.js';
import { RequestPlan } from './routing-plan.js';
import type { RoutingRule, RuleConditions } from './routing-rule.js';

const TEXT: RequestFacts = {
  ...{ stream: 'default', source: 'fw-1', format: 'text', parser: 'auto', input: 'syslog' },
};
const JSON_FACTS: RequestFacts = { stream: 'web', source: 'app', format: 'json', key: 'agent' };

const rule = (some: Partial<RoutingRule>): RoutingRule => ({
  ...{ name: 'r', enabled: true, when: {}, action: { stream: 'there' }, continue: false },
  ...some,
});

function planOf(rules: readonly RoutingRule[], facts = JSON_FACTS, seed = 7): RequestPlan | undefined {
  return RequestPlan.of(rules, facts, seed);
}

const hits = (when: RuleConditions, line: string, facts = JSON_FACTS): boolean =>
  planOf([rule({ when })], facts)?.route(Buffer.from(line), 0).stream === 'there';

describe('a rule is for a request by', () => {
  it.each<[RuleConditions, boolean]>([
    [{ streams: ['other', 'default'] }, true],
    [{ streams: ['other'] }, false],
    [{ sources: ['fw-*'] }, true],
    [{ sources: ['fw-'] }, false],
    [{ sources: ['*'] }, true],
    [{ inputs: ['syslog'] }, true],
    [{ inputs: ['gelf'] }, false],
    [{ keys: ['agent'] }, false],
    [{ format: 'text', parsers: ['auto'] }, true],
    [{ format: 'json' }, false],
    [{ parsers: ['cef'] }, false],
    [{ streams: ['default'], sources: ['app'] }, false],
  ])('%j: %s', (when, expected) => {
    expect(planOf([rule({ when })], TEXT) !== undefined).toBe(expected);
  });

  it('its key, where it came by no input; disabled ones are for none', () => {
    expect(planOf([rule({ when: { keys: ['agent'] } })])).toBeDefined();
    expect(planOf([rule({ enabled: false })])).toBeUndefined();
    expect(planOf([])).toBeUndefined();
  });
});

const EVENT =
  '{"level":"ERROR","http":{"status":503,"route.name":"x"},"a.b":1,"note":"Straße \\u0041","ok":true,"gone":null,"n":"12"}';

describe('a rule is for a JSON event by', () => {
  it.each<[RuleConditions, boolean]>([
    [{ contains: ['"level":"ERROR"'] }, true],
    [{ contains: ['no', 'Straße'] }, true],
    [{ contains: ['strasse'] }, false],
    [{ starts_with: ['{"level"'] }, true],
    [{ starts_with: ['"level"'] }, false],
    [{ fields: [{ field: 'level', equals: ['error', 'ERROR'] }] }, true],
    [{ fields: [{ field: 'level', equals: ['error'] }] }, false],
    [{ fields: [{ field: 'http.status', at_least: 500, at_most: 599 }] }, true],
    [{ fields: [{ field: 'http.status', at_least: 504 }] }, false],
    [{ fields: [{ field: 'http.status', equals: ['503'] }] }, true],
    [{ fields: [{ field: 'http.route.name', equals: ['x'] }] }, true],
    [{ fields: [{ field: 'a.b', equals: [1] }] }, true],
    [{ fields: [{ field: 'note', starts_with: ['Stra'], contains: ['e A'] }] }, true],
    [{ fields: [{ field: 'ok', equals: [true] }] }, true],
    [{ fields: [{ field: 'n', at_least: 12 }] }, true],
    [{ fields: [{ field: 'level', at_least: 0 }] }, false],
    [{ fields: [{ field: 'gone', exists: false }] }, true],
    [{ fields: [{ field: 'gone', exists: true }] }, false],
    [{ fields: [{ field: 'none', exists: false }] }, true],
    [{ fields: [{ field: 'level', exists: false }] }, false],
    [{ fields: [{ field: 'http', exists: true }] }, true],
    [{ fields: [{ field: 'constructor', exists: true }] }, false],
    [{ fields: [{ field: '__proto__.x', exists: true }] }, false],
    [
      {
        fields: [
          { field: 'level', equals: ['ERROR'] },
          { field: 'none', exists: true },
        ],
      },
      false,
    ],
  ])('%j: %s', (when, expected) => expect(hits(when, EVENT)).toBe(expected));

  it.each(['\ufeff', ' '.repeat(70), '\ufeff\t \r'])(
    'its fields, whatever space is before it: %j',
    (space) => {
      const when = { fields: [{ field: 'http.status', equals: [503] }] };
      expect(hits(when, `${space}${EVENT}`)).toBe(true);
      expect(hits(when, `${space}x${EVENT}`)).toBe(false);
    },
  );

  it('the first of equal keys, as storage reads it', () => {
    const line = '{"level":"a","level":"b"}';
    expect(hits({ fields: [{ field: 'level', equals: ['a'] }] }, line)).toBe(true);
    expect(hits({ fields: [{ field: 'level', equals: ['b'] }] }, line)).toBe(false);
  });

  it.each(['{"level":"ERROR"', '{"level":"ERR\u0000OR"}', '[1]', '"x"', '{', ''])(
    'nothing of a field where it is no JSON: %j',
    (line) => expect(hits({ fields: [{ field: 'level', exists: true }] }, line)).toBe(false),
  );

  it('nothing that takes longer than the line is long, however deep it is', () => {
    const deep = `${'{"a":'.repeat(900)}1${'}'.repeat(900)}`;
    const long = `{"a":${'{"a":"x",'.repeat(1)}"b":"${'y'.repeat(5_000_000)}"}}`;
    const when = { fields: [{ field: 'a.a.a.a.a.a.a.a.b', exists: true }], contains: ['"'] };
    for (const line of [deep, long]) expect(hits(when, line)).toBe(false);
  });
});

describe('a rule is for text by', () => {
  const lines = {
    rfc5424: '<34>1 2026-11-20T12:00:00Z web-1 sshd 42 - - Failed password for root',
    rfc3164: '<13>Nov 21 05:00:00 fw-9 kernel: dropped',
    plain: 'connection reset by peer',
    json: '  {"service":"sshd"}',
  };

  it.each<[keyof typeof lines, string, string | number, boolean]>([
    ['rfc5424', 'service', 'sshd', true],
    ['rfc5424', 'host', 'web-1', true],
    ['rfc5424', 'syslog.severity', 2, true],
    ['rfc5424', 'syslog.facility', 4, true],
    ['rfc5424', 'syslog.procid', 42, true],
    ['rfc3164', 'host', 'fw-9', true],
    ['rfc3164', 'service', 'kernel', true],
    ['rfc3164', 'syslog.facility', 4, false],
    ['plain', 'host', 'connection', false],
    ['json', 'service', 'sshd', true],
  ])('the header of %s: %s is %s: %s', (name, field, value, expected) => {
    expect(hits({ fields: [{ field, equals: [value] }] }, lines[name], TEXT)).toBe(expected);
  });

  it('its bytes, also where they are no UTF-8', () => {
    const plan = planOf([rule({ when: { contains: ['é'] } })], TEXT);
    expect(plan?.route(Buffer.from([0xff, 0xc3, 0xa9, 0x00]), 0).stream).toBe('there');
    expect(plan?.route(Buffer.from([0xe9]), 0).stream).toBeUndefined();
  });
});

describe('of several rules', () => {
  const first = rule({ name: 'first', when: { contains: ['a'] }, action: { stream: 'one' } });
  const second = rule({ name: 'second', action: { stream: 'two', parser: 'cef' } });

  it('the first that is for an event decides', () => {
    const plan = planOf([first, second]);
    const seen: string[] = [];
    expect(plan?.route(Buffer.from('a'), 0, 1, seen)).toEqual({ stream: 'one' });
    expect(plan?.route(Buffer.from('b'), 1, 1, seen)).toEqual({ stream: 'two', parser: 'cef' });
    expect(seen).toEqual(['first', 'second']);
  });

  it('those behind one that goes on add to it, and one that drops is the last', () => {
    const going = { ...first, action: { parser: 'leef', stream: 'one' }, continue: true };
    const drop = rule({ name: 'drop', action: { drop: { policy: 'noise' } }, continue: true });
    const plan = planOf([going, rule({ action: { stream: 'three' }, continue: true }), drop, second]);
    expect(plan?.route(Buffer.from('a'), 0)).toEqual({ parser: 'leef', stream: 'three', dropped: 'noise' });
    expect(Object.fromEntries(plan?.counts() ?? [])).toEqual({
      first: { matched: 1, dropped: 0, sampled_out: 0 },
      r: { matched: 1, dropped: 0, sampled_out: 0 },
      drop: { matched: 1, dropped: 1, sampled_out: 0 },
    });
  });

  it('counts what none is for', () => {
    const plan = planOf([first]);
    plan?.route(Buffer.from('b'), 0);
    expect([plan?.unmatched, plan?.counts().size]).toEqual([1, 0]);
  });

  it('all go one way where nothing is asked of the line', () => {
    expect(planOf([second])?.isOneWay).toBe(true);
    expect(planOf([second, first])?.isOneWay).toBe(true);
    expect(planOf([first, second])?.isOneWay).toBe(false);
    expect(planOf([{ ...second, continue: true }, first])?.isOneWay).toBe(false);
    expect(planOf([rule({ action: { sample: { one_in: 2, policy: 'p' } } })])?.isOneWay).toBe(false);
  });
});

describe('a sample', () => {
  const sample = rule({ name: 's', action: { sample: { one_in: 10, policy: 'tenth' }, stream: 'x' } });
  const kept = (seed: number, rules = [sample]): number[] => {
    const plan = planOf(rules, JSON_FACTS, seed);
    const rows = Array.from({ length: 20_000 }, (_, row) => row);
    return rows.filter((row) => plan?.route(Buffer.from('same'), row).dropped === undefined);
  };

  it('is one in so many, not by a pattern, and the same for the same seed', () => {
    const rows = kept(1);
    expect(rows.length).toBeGreaterThan(1_800);
    expect(rows.length).toBeLessThan(2_200);
    expect(new Set(rows.map((row) => row % 10)).size).toBe(10);
    expect(kept(1)).toEqual(rows);
    expect(kept(2)).not.toEqual(rows);
  });

  it('of a sample is a sample again', () => {
    const twice = kept(1, [
      { ...sample, continue: true },
      { ...sample, name: 't' },
    ]);
    expect(twice.length).toBeGreaterThan(120);
    expect(twice.length).toBeLessThan(280);
  });

  it('drops the others by its policy, and counts them', () => {
    const plan = planOf([sample]);
    const routes = Array.from({ length: 100 }, (_, row) => plan?.route(Buffer.from('a'), row));
    const out = routes.filter((route) => route?.dropped === 'tenth').length;
    expect(plan?.counts().get('s')).toEqual({ matched: 100, dropped: 0, sampled_out: out });
    expect(routes.filter((route) => route?.stream === 'x').length).toBe(100 - out);
  });
});
