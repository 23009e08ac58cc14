import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RULE, startRoutingApi, type RoutingApi } from './testing/routing-api.js';

let api: RoutingApi;
beforeEach(async () => {
  api = await startRoutingApi();
});
afterEach(() => api.stop());

const tryOut = async (request: object) => (await api.ask('POST', 'rules/dry-run', request)).json();

describe('a dry run of routing', () => {
  it('shows for each line the rule, the way and the event', async () => {
    await api.ask('PUT', 'rules/audit', { ...RULE, action: { stream: 'audit', parser: 'shout' } });
    await api.ask('PUT', 'rules/noise', {
      when: { contains: ['noise'] },
      action: { drop: { policy: 'quiet' } },
    });
    const { results } = await tryOut({ lines: ['an audit', 'noise', 'plain', 'quiet audit'] });
    const way = { event_type: 'log', dropped: null, samples: [] };
    expect(results).toMatchObject([
      {
        ...way,
        rules: ['audit'],
        stream: 'audit',
        result: { parser: 'shout', event: { message: 'AN AUDIT' } },
      },
      { ...way, rules: ['noise'], stream: 'default', dropped: 'quiet' },
      { ...way, rules: [], stream: 'default', result: { parser: null, event: { message: 'plain' } } },
      { ...way, rules: ['audit'], stream: 'audit', result: { parser: 'shout', reason: 'too_quiet' } },
    ]);
    expect(results[1]).not.toHaveProperty('result');
    expect(api.bus.blocks).toEqual([]);
    const counts = (await api.ask('GET', 'rules/audit')).json().counts;
    expect(counts).toEqual({ matched: 0, dropped: 0, sampled_out: 0 });
  });

  it('tries JSON events, and rules that are not in force', async () => {
    const rules = [
      {
        ...{ name: 'some', when: { fields: [{ field: 'level', equals: ['debug'] }] }, continue: true },
        action: { sample: { one_in: 10, policy: 'few' } },
      },
      { name: 'web', when: { sources: ['shop'], format: 'json' }, action: { stream: 'web' } },
    ];
    const events = [{ level: 'debug', n: 1 }, { timestamp: 'never' }];
    const { results } = await tryOut({ events, rules, source: 'shop' });
    expect(results).toMatchObject([
      {
        ...{ rules: ['some', 'web'], stream: 'web', dropped: null },
        samples: [{ rule: 'some', one_in: 10, policy: 'few' }],
        result: { confidence: 'full', event: { level: 'debug', attributes: { n: 1 } } },
      },
      { rules: ['web'], result: { reason: 'bad:timestamp', mend: expect.any(String) } },
    ]);
    expect((await tryOut({ events })).results[0].rules).toEqual([]);
  });

  it('is as if by an input, for a stream, with a key, and after redaction', async () => {
    await api.ask('PUT', 'redactions/cards', { action: 'mask', detectors: ['card'] });
    const rules = [
      { name: 'i', when: { inputs: ['syslog'], streams: ['web'] }, action: { stream: 'audit' } },
      { name: 'k', when: { keys: ['agent'] }, action: { stream: 'web' } },
      { name: 'c', when: { contains: ['4111'] }, action: { stream: 'web' } },
    ];
    const lines = ['pays 4111 1111 1111 1111'];
    const named = async (some: object) => (await tryOut({ lines, rules, ...some })).results[0].rules;
    expect(await named({ input: 'syslog', stream: 'web' })).toEqual(['i']);
    expect(await named({ input: 'syslog', key: 'agent' })).toEqual([]);
    expect(await named({ key: 'agent' })).toEqual(['k']);
    expect((await tryOut({ lines })).results[0].result.event.message).toBe('pays [redacted:card]');
  });

  it.each([
    {},
    { lines: [] },
    { lines: [' '] },
    { lines: ['a\nb'] },
    { lines: ['a'], events: [{}] },
    { lines: ['a'], rules: [{ name: 'x', action: { stream: 'nowhere' } }] },
    { lines: ['a'], rules: [{ name: 'x', action: {} }] },
  ])('is refused as %j', async (request) => {
    expect(await tryOut(request)).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('names what is not there', async () => {
    expect(await tryOut({ lines: ['a'], parser: 'nobody' })).toMatchObject({ code: 'parser_not_found' });
  });
});
