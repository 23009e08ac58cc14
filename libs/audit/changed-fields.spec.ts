import { describe, expect, it } from 'vitest';
import { changedFields } from './changed-fields.js';

describe('what differs between two states', () => {
  it('is told field by field, also inside of others, and nothing else', () => {
    const before = { enabled: true, when: { streams: ['a'], contains: 'x' }, gone: null };
    const after = { enabled: true, when: { streams: ['a', 'b'], contains: 'x' }, at: 3 };
    expect(changedFields(before, after)).toEqual([
      { field: 'at', after: 3 },
      { field: 'gone', before: null },
      { field: 'when.streams', before: '["a"]', after: '["a","b"]' },
    ]);
    expect(changedFields(after, structuredClone(after))).toEqual([]);
    expect(changedFields(undefined, { a: 1 })).toEqual([{ field: 'a', after: 1 }]);
    expect(changedFields({ a: 1 }, undefined)).toEqual([{ field: 'a', before: 1 }]);
    expect(changedFields(undefined, 'text')).toEqual([{ field: '', after: 'text' }]);
  });

  it('is bounded: long values and names are cut, and many fields', () => {
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`f${i}`, 'x'.repeat(9_000)]));
    const changes = changedFields(undefined, { ...many, [`n${'🌍'.repeat(200)}`]: '🌍'.repeat(300) });
    expect(changes).toHaveLength(101);
    expect(changes.at(-1)).toEqual({ field: '…', after: '21 more fields' });
    expect(JSON.stringify(changes).length).toBeLessThan(50_000);
    expect(Buffer.from(JSON.stringify(changes)).toString()).toBe(JSON.stringify(changes));
  });

  it.each([
    ['a name that says so', { password: 'canary' }],
    ['a name in code', { apiKey: 'canary' }],
    ['a name within', { options: { sasl: { password_file: 'x', password: 'canary' } } }],
    ['a secret that is an object', { credentials: { user: 'canary', more: ['canary'] } }],
    ['a header', { headers: { 'x-custom': 'canary' } }],
    ['an entry of a list', { hooks: [{ token: 'canary' }, 'Bearer canary', 'basic canaryQ=='] }],
    ['a key of this server', { note: 'with alv_abcd1234_canary-canary please' }],
    ['an address with a user', { url: 'https://user:canary@example.org/x' }],
    ['the path of a hook', { url: 'https://hooks.example.org/services/canary?x=canary' }],
    ['a text of thousands', { text: `${'a.'.repeat(40_000)}https://example.org/canary` }],
  ])('has no secret in it: %s', (_, state) => {
    const [text, other] = [
      JSON.stringify(changedFields(undefined, state)),
      JSON.stringify(changedFields(state, {})),
    ];
    expect(text + other).not.toContain('canary');
  });

  it.each([
    ['objects', '{"a":', '1', '}'],
    ['lists', '[', '1', ']'],
  ])('are told of a body of many thousand levels of %s, too', (_, open, inner, close) => {
    const deep = JSON.parse(open.repeat(50_000) + inner + close.repeat(50_000)) as unknown;
    expect(changedFields(undefined, { scopes: deep })).toHaveLength(1);
  });

  it('says that a secret changed, and what is none', () => {
    expect(changedFields({ token: 'a', per_key: 1 }, { token: 'b', per_key: 2 })).toEqual([
      { field: 'per_key', before: 1, after: 2 },
      { field: 'token', before: '***', after: '***' },
    ]);
    expect(changedFields({}, { key_id: 'abcd1234', url: 'https://example.org', tls: true })).toEqual([
      { field: 'key_id', after: 'abcd1234' },
      { field: 'tls', after: true },
      { field: 'url', after: 'https://example.org' },
    ]);
  });
});
