import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { messagesOf, OutsideScene, RECEIVED } from '../outside/testing/outside-scene.js';
import { templateFiles, type Configure } from '../outside/testing/template-plugin.js';
import { Shadows } from '../shadows/shadows.js';
import type { KeptDeclaration, StoredDeclaration } from './declaration.js';
import { DeclaredParsers, MAX_DECLARED_OUTSIDE } from './declared-parsers.js';
import { declaredVersions } from './declared-versions.js';

let scene: OutsideScene;
let catalogue: MemoryCatalogue;
let declared: DeclaredParsers;
let warnings: unknown[];

const open = (): Promise<DeclaredParsers> =>
  DeclaredParsers.open(catalogue, scene.parsers, { warn: (given: unknown) => void warnings.push(given) });

beforeEach(async () => {
  scene = await OutsideScene.make();
  catalogue = new MemoryCatalogue();
  warnings = [];
  declared = await open();
});
afterEach(async () => {
  declared.close();
  await declared.end();
  await scene.dispose();
});

/** Brings in a version of the plugin, as a look at the folder does. */
async function load(configure: Configure, more?: string): Promise<void> {
  await scene.loadFiles('parser-frame', templateFiles('frame', configure, more));
  await declared.review();
}

function declare(name: string, options: object, ifVersion?: number): Promise<StoredDeclaration> {
  const changed = { changed_at: new Date().toISOString(), changed_by: { key_id: 'k', key_name: 'k' } };
  const declaration: KeptDeclaration = { name, kind: 'frame', options, samples: [], ...changed };
  return declared.put(declaration, ifVersion);
}

const messages = async (name: string, ...lines: string[]): Promise<unknown[]> =>
  messagesOf(await scene.parse(name, ...lines));

describe('a parser declared of an outside plugin', () => {
  it('has its options, at once and after a restart, and is known by its own name', async () => {
    await load('sound');
    expect([scene.parsers.has('frame'), [...scene.parsers.kinds.keys()]]).toEqual([false, ['frame']]);
    await declare('north', { prefix: 'n' });
    await declare('south', { prefix: 's', mark: '-' });
    const verdicts = await scene.parse('north', 'a', 'b');
    expect([messagesOf(verdicts), verdicts[0]?.parser]).toEqual([['n:a', 'n:b'], 'north']);
    expect(verdicts[0]?.line).toContain('"parser":"north"');
    expect(await messages('south', 'a')).toEqual(['s-a']);
    expect(await messages('auto', 'north line', 'south line')).toEqual(['n:north line', 's-south line']);

    declared.close();
    await declared.end();
    await scene.restart();
    declared = await open();
    expect(await messages('south', 'a')).toEqual(['s-a']);
  });

  it('can stand beside the parser of the plugin itself, where that is of use alone', async () => {
    await load('sound', 'standsAlone: true');
    await declare('north', { prefix: 'n' });
    expect([await messages('frame', 'a'), await messages('north', 'a')]).toEqual([['only:a'], ['n:a']]);
    await expect(declare('frame', { prefix: 'n' })).rejects.toMatchObject({ code: 'parser_name_taken' });
  });

  it.each<[Configure, object, string, object[]]>([
    ['sound', { prefix: '' }, 'parser_options_invalid', [{ path: ['prefix'] }]],
    [
      'sound',
      { prefix: 'n', more: 1, mark: 7 },
      'parser_options_invalid',
      [{ path: ['mark'] }, { path: [] }],
    ],
    ['picky', { prefix: 'n' }, 'parser_options_invalid', [{ path: ['prefix'], mend: 'Write only.' }]],
    ['throws', { prefix: 'n' }, 'parser_not_made', []],
    ['loops', { prefix: 'n' }, 'parser_not_made', []],
  ])(
    'that is %s and refuses %j says so with the place, and keeps nothing',
    async (how, options, code, mistakes) => {
      await load(how);
      await expect(declare('north', options)).rejects.toMatchObject({ code, mistakes });
      expect([declared.list(), scene.parsers.has('north')]).toEqual([[], false]);
    },
  );

  it('gets new options while a block ends with those that it began with', async () => {
    await load('sound');
    await declare('north', { prefix: 'old' });
    const block = scene.parsers.open('north', () => {});
    const ask = async (): Promise<unknown[]> =>
      messagesOf((await block?.([Buffer.from('x')], { receivedAt: RECEIVED })) ?? []);
    expect(await ask()).toEqual(['old:x']);
    await declare('north', { prefix: 'new' }, 1);
    expect([await messages('north', 'x'), await ask()]).toEqual([['new:x'], ['old:x']]);
    block?.close?.();
    await expect(declare('north', { prefix: 'late' }, 1)).rejects.toMatchObject({ code: 'parser_conflict' });
    expect(await messages('north', 'x')).toEqual(['new:x']);
  });

  it('is tried with options of before, in a shadow too', async () => {
    await load('sound');
    await declare('north', { prefix: 'old' });
    await declare('north', { prefix: 'new' });
    const versions = declaredVersions(declared);
    const opened = await versions.open('north', '1', () => {});
    if (opened.problems) throw new Error(JSON.stringify(opened.problems));
    const [verdict] = await opened.value.parse([Buffer.from('old x')], { receivedAt: RECEIVED });
    opened.value.parse.close?.();
    expect(verdict).toMatchObject({ parser: 'north', certainty: 0.8 });
    expect(messagesOf(verdict ? [verdict] : [])).toEqual(['old:old x']);

    const shadows = new Shadows({ open: versions.open, list: versions.list });
    const order = { tenant: 'default', parser: 'north', version: '1', perMille: 1_000 };
    const started = await shadows.start(order);
    expect(started.problems).toBeUndefined();
    await scene.folder.withdraw('parser-frame');
    await scene.plugins.reload();
    await shadows.review();
    expect(shadows.list('default', 'north')[0]?.stoppedBecause).toMatch(/not trusted any more, or gone/);
    shadows.close();
  });

  it('is made by the next version of its plugin, and goes on with the one before where that makes none', async () => {
    await load('sound');
    await declare('north', { prefix: 'n' });
    await load('second');
    expect([await messages('north', 'a'), declared.trouble('north')]).toEqual([['second n:a'], undefined]);
    await load('picky');
    expect(await messages('north', 'a')).toEqual(['second n:a']);
    expect(declared.trouble('north')).toBe('The options have a mistake; see errors.');
    expect(warnings).toHaveLength(1);
    await load('sound');
    expect([await messages('north', 'a'), declared.trouble('north')]).toEqual([['n:a'], undefined]);
    await expect.poll(() => readdir(scene.stageDirectory)).toHaveLength(1);
  });

  it('ends with the trust in its plugin, and comes back with it', async () => {
    await load('sound');
    await declare('north', { prefix: 'n' });
    await scene.folder.withdraw('parser-frame');
    await scene.plugins.reload();
    await declared.review();
    expect([scene.parsers.has('north'), declared.list().length]).toEqual([false, 1]);
    expect(declared.trouble('north')).toMatch(/There is no kind of parser named "frame"/);
    await expect.poll(() => readdir(scene.stageDirectory)).toHaveLength(0);
    await scene.folder.trust('parser-frame');
    await scene.plugins.reload();
    await declared.review();
    expect(await messages('north', 'a')).toEqual(['n:a']);
  });

  it('is taken out alone where it ends again and again, until it is given another chance', async () => {
    await load('sound');
    await declare('north', { prefix: 'n' });
    await declare('south', { prefix: 's' });
    for (let n = 0; n < 3; n += 1) expect(await messages('north', 'exit')).toEqual(['refused']);
    expect([await messages('north', 'a'), await messages('south', 'a')]).toEqual([['refused'], ['s:a']]);
    expect(scene.entry('parser-frame')).toMatchObject({ state: 'suspended', restarts: 2 });
    await scene.plugins.reload();
    await declared.review();
    expect([await messages('north', 'a'), scene.entry('parser-frame')?.state]).toEqual([['n:a'], 'loaded']);
  });

  it(`has ${MAX_DECLARED_OUTSIDE - 1} others beside it at most`, async () => {
    await load('sound');
    for (let n = 0; n < MAX_DECLARED_OUTSIDE; n += 1) await declare(`p${n}`, { prefix: `p${n}` });
    await expect(declare('more', { prefix: 'm' })).rejects.toMatchObject({ code: 'too_many_parsers' });
    expect(await declare('p3', { prefix: 'other' })).toMatchObject({ version: 2 });
  });
});

it('a version of a plugin that reads nothing without options can not be tried by itself', async () => {
  await load('sound');
  const sha256 = scene.entry('parser-frame')?.sha256 ?? '';
  const opened = await scene.plugins.openVersion('parser-frame', sha256, () => {});
  expect(opened.problems?.[0]?.what).toBe('it reads lines only with options');
});
