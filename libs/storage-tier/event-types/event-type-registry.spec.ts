import { describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import type { EventTypeDeclaration } from '#event-model';
import { makeEventType, makeField } from '#plugin-kit/testing';
import { EventTypeRegistry, MAX_EVENT_TYPES, MAX_VERSIONS, StreamRegistry } from '#storage-tier';

const BY = { key_id: '4f7a19c2', key_name: 'ops' };
const LOG = makeEventType({ name: 'log' });
const ORDER = makeEventType();
const WEIGHT = makeField({ name: 'weight', type: 'float64' });
const WIDER = { ...ORDER, fields: [...ORDER.fields, WEIGHT] };

async function opened(
  catalogue = new MemoryCatalogue(),
  plugins: ReadonlyMap<string, EventTypeDeclaration> = new Map([['log', LOG]]),
) {
  const types = new EventTypeRegistry(catalogue, plugins);
  const refused: string[] = [];
  await types.open((name, { message }) => refused.push(`${name}: ${message}`));
  return { catalogue, types, refused, streams: new StreamRegistry(catalogue, types) };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );
const settled = () => new Promise(setImmediate);

describe('event types', () => {
  it('of a tenant are kept with all their versions', async () => {
    const { catalogue, types } = await opened();
    await types.declare('a', ORDER, BY);
    await types.change('a', WIDER, BY);
    for (const known of [types, (await opened(catalogue)).types]) {
      expect(known.get('a', 'order')).toMatchObject({
        version: 2,
        fields: [{}, { name: 'weight', since: 2 }],
      });
      expect(known.at('a', 'order', 1)).toEqual(ORDER);
      expect(known.find('a', 'order')?.versions.map(({ changed_by }) => changed_by)).toEqual([BY, BY]);
      expect(known.list('a').map(({ declaration, origin }) => [declaration.name, origin])).toEqual([
        ['log', 'plugin'],
        ['order', 'declared'],
      ]);
      expect(known.get('b', 'order')).toBeUndefined();
      expect(known.list('b')).toHaveLength(1);
    }
  });

  it('are the same for every process', async () => {
    const { catalogue, types } = await opened();
    const { types: other } = await opened(catalogue);
    let told = 0;
    const stop = other.onChange(() => (told += 1));
    await types.declare('a', ORDER, BY);
    await settled();
    expect(other.get('a', 'order')).toEqual(ORDER);
    expect(told).toBeGreaterThan(0);
    stop();
    other.close();
  });

  it('are refused with what is in the way', async () => {
    const { types } = await opened();
    expect(await codeOf(types.declare('a', LOG, BY))).toBe('event_type_exists');
    expect(await codeOf(types.change('a', ORDER, BY))).toBe('event_type_not_found');
    expect(await codeOf(types.change('a', LOG, BY))).toBe('event_type_of_plugin');
    await types.declare('a', ORDER, BY);
    expect(await codeOf(types.declare('a', ORDER, BY))).toBe('event_type_exists');
    expect(await codeOf(types.change('a', { ...ORDER, fields: [] }, BY))).toBe('event_type_change_refused');
    expect(await codeOf(types.remove('a', 'order', async () => ['web']))).toBe('event_type_in_use');
    expect(types.get('a', 'order')).toEqual(ORDER);
    expect(await codeOf(types.remove('a', 'order', async () => []))).toBe('done');
    expect(types.get('a', 'order')).toBeUndefined();
  });

  it('are never gone while they are refused to go', async () => {
    const { types } = await opened();
    await types.declare('a', ORDER, BY);
    const seen: boolean[] = [];
    const usedBy = async (): Promise<string[]> => {
      seen.push(types.get('a', 'order') !== undefined);
      return ['web'];
    };
    expect(await codeOf(types.remove('a', 'order', usedBy))).toBe('event_type_in_use');
    expect(seen).toEqual([true]);
  });

  it('are two hundred, of a hundred versions, at most', async () => {
    const { types } = await opened();
    for (let n = 0; n < MAX_EVENT_TYPES; n += 1) await types.declare('a', { ...ORDER, name: `t${n}` }, BY);
    expect(await codeOf(types.declare('a', ORDER, BY))).toBe('too_many_event_types');
    expect(await codeOf(types.declare('b', ORDER, BY))).toBe('done');
    const titled = (n: number) => ({ ...ORDER, title: `Order ${n}` });
    for (let n = 1; n < MAX_VERSIONS; n += 1) await types.change('b', titled(n), BY);
    expect(await codeOf(types.change('b', titled(0), BY))).toBe('too_many_versions');
    await types.change('b', titled(MAX_VERSIONS - 1), BY);
    expect(types.find('b', 'order')?.versions).toHaveLength(MAX_VERSIONS);
  });

  it('changed elsewhere at the same time are a conflict', async () => {
    const { catalogue, types } = await opened();
    await types.declare('a', ORDER, BY);
    const [{ value } = { value: undefined }] = await catalogue.scan('event_types', { prefix: 'a/' });
    const more = { versions: [...(value as { versions: [] }).versions, { declaration: WIDER }] };
    const watching = types.change('a', { ...WIDER, title: 'Mine' }, BY);
    await catalogue.write([{ collection: 'event_types', id: 'a/order', value: more }]);
    expect(await codeOf(watching)).toBe('event_type_conflict');
    expect(types.get('a', 'order')?.fields).toHaveLength(2);
  });

  it('declared anew elsewhere at the same time are a conflict, though they have as many versions', async () => {
    const { catalogue, types } = await opened();
    await types.declare('a', ORDER, BY);
    await settled();
    const anew = { versions: [{ declaration: WIDER, changed_at: '2026-11-20T08:15:30.123Z' }] };
    const changing = types.change('a', { ...ORDER, title: 'Mine' }, BY);
    await catalogue.write(
      [undefined, anew].map((value) => ({ collection: 'event_types', id: 'a/order', value })),
    );
    expect(await codeOf(changing)).toBe('event_type_conflict');
    expect(types.get('a', 'order')?.fields).toHaveLength(2);
  });
});

describe('types of plugins', () => {
  it('have a new version where a new release declares more', async () => {
    const { catalogue } = await opened(undefined, new Map([['order', ORDER]]));
    const { types, refused } = await opened(catalogue, new Map([['order', WIDER]]));
    expect(types.get('a', 'order')).toMatchObject({ version: 2, fields: [{}, { since: 2 }] });
    expect(types.at('a', 'order', 1)?.fields).toHaveLength(1);
    expect(refused).toEqual([]);
  });

  it('stay as tables are where a new release declares what those can not follow', async () => {
    const { catalogue } = await opened(undefined, new Map([['order', WIDER]]));
    const { types, refused } = await opened(catalogue, new Map([['order', ORDER]]));
    expect(types.get('a', 'order')?.fields).toHaveLength(2);
    expect(refused).toEqual([expect.stringContaining('"weight" is missing')]);
  });

  it('stay when the plugin goes', async () => {
    const { catalogue } = await opened(undefined, new Map([['order', ORDER]]));
    const { types } = await opened(catalogue, new Map());
    expect(types.list('a').map(({ declaration }) => declaration.name)).toEqual(['order']);
  });
});

describe('streams', () => {
  const made = { tenant: 'a', name: 'orders', eventType: 'order' };

  it('are of the version that their tables are of', async () => {
    const { types, streams } = await opened();
    await types.declare('a', ORDER, BY);
    await streams.create(made);
    await types.change('a', WIDER, BY);
    expect((await streams.find('a', 'orders'))?.eventType.fields).toHaveLength(1);
    const [outdated] = await streams.outdated();
    expect(outdated).toMatchObject({ name: 'orders', eventType: { version: 2 } });
    if (outdated) await streams.setTypeVersion(outdated);
    expect((await streams.find('a', 'orders'))?.eventType.fields).toHaveLength(2);
    expect(await streams.outdated()).toEqual([]);
    await streams.create({ ...made, name: 'later' });
    expect(await streams.outdated()).toEqual([]);
  });

  it('are not left behind by a type that is taken away meanwhile', async () => {
    const { types, streams } = await opened();
    await types.declare('a', ORDER, BY);
    const creating = codeOf(streams.create(made));
    const removing = codeOf(
      types.remove('a', 'order', async () => (await streams.records('a')).map(({ name }) => name)),
    );
    const ends = await Promise.all([creating, removing]);
    expect([
      ['done', 'event_type_in_use'],
      ['event_type_unknown', 'done'],
    ]).toContainEqual(ends);
    expect(await streams.records('a')).toHaveLength(ends[0] === 'done' ? 1 : 0);
  });
});
