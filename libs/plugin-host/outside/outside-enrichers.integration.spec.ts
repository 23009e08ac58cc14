import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnricherDataError } from '#plugin-kit';
import { makeManifest } from '#plugin-kit/testing';
import type { HostedEnricher } from '../enrichers/hosted-enricher.js';
import { enricherFiles, type EnricherBehaviour } from './testing/object-plugins.js';
import { OutsideScene } from './testing/outside-scene.js';

const FILES: Readonly<Record<string, string>> = { sites: 'a=north\nb=south\n', empty: '' };
const KNOWN = [{ site: 'north' }, undefined];

let scene: OutsideScene;
const opened: HostedEnricher[] = [];
beforeEach(async () => {
  scene = await OutsideScene.make();
});
afterEach(async () => {
  for (const one of opened.splice(0)) one.close();
  await scene.dispose();
});

/** Makes an enricher of the plugin as it is loaded now. */
function make(file = 'sites', asked: number[] = []): HostedEnricher {
  const plugin = scene.enrichers.get('sites');
  if (!plugin) throw new Error('there is no such enricher');
  const readFile = async (name: string, most: number): Promise<Uint8Array> => {
    asked.push(most);
    const text = FILES[name];
    if (text !== undefined) return Buffer.from(text);
    throw new EnricherDataError([{ option: 'file', what: 'It is not there.', mend: 'Put it there.' }]);
  };
  const made = plugin.enricher.create({ options: { file }, readFile });
  opened.push(made);
  return made;
}

async function load(behaviour: EnricherBehaviour, open?: string): Promise<void> {
  await scene.loadFiles('enricher-sites', enricherFiles('sites', behaviour, open));
}

async function loaded(behaviour: EnricherBehaviour): Promise<HostedEnricher> {
  await load(behaviour);
  const made = make();
  await made.open();
  return made;
}

const mistakesOf = async (made: HostedEnricher): Promise<unknown> =>
  made.open().catch((error: unknown) => (error as EnricherDataError).mistakes ?? (error as Error).message);

describe('an outside enricher', () => {
  it('opens its file and knows what is in it, in a process of its own', async () => {
    await load('sound');
    const asked: number[] = [];
    const made = make('sites', asked);
    expect(await made.open()).toEqual({ title: 'sites', entries: 2 });
    expect(asked).toEqual([128 * 2 ** 20]);
    expect(await made.enrich(['a', 'x'])).toEqual(KNOWN);
    expect(scene.entry('enricher-sites')).toMatchObject({ kind: 'enricher', state: 'loaded', restarts: 0 });
  });

  it('says what is wrong with its data, and checks its options', async () => {
    await load('sound');
    expect(await mistakesOf(make('empty'))).toEqual([
      { option: 'file', what: 'It has no pairs.', mend: 'Write some.' },
    ]);
    expect(await mistakesOf(make('none'))).toMatchObject([{ what: 'It is not there.' }]);
    expect(() => make(7 as never)).toThrow();
    expect(scene.enrichers.get('sites')?.enricher.options.safeParse({ file: 'a', b: 1 }).success).toBe(false);
  });

  it.each(['throws', 'answersTooMuch'] as const)(
    'that %s fails for these values, and goes on',
    async (how) => {
      const made = await loaded(how);
      await expect(made.enrich(['harm'])).rejects.toThrow(/oh, that value|is too large/);
      if (how === 'throws') expect(await made.enrich(['a', 'x'])).toEqual(KNOWN);
      expect(scene.ends).toEqual([]);
      for (let n = 0; n < 20; n += 1) await Promise.resolve(made.enrich(['harm'])).catch(() => {});
      expect(scene.entry('enricher-sites')?.state).toBe('suspended');
    },
  );

  it('that answers more than it is asked ends', async () => {
    const made = await loaded('answersTwice');
    await expect(made.enrich(['a'])).rejects.toThrow('it answered what it was not asked');
    expect(scene.ends).toHaveLength(1);
  });

  it('that answers what is no message ends, and is made anew', async () => {
    const made = await loaded('babbles');
    await expect(made.enrich(['a'])).rejects.toThrow('it answered what is no message');
    expect(scene.ends).toHaveLength(1);
  });

  it('that answers no list is told of as it answered', async () => {
    expect(await (await loaded('answersNothing')).enrich(['a'])).toBe(5);
  });

  it.each(['loops', 'leaks', 'allocates', 'buffers', 'exits'] as const)(
    'that %s ends alone, is made anew and taken out where it does so again and again',
    async (how) => {
      const made = await loaded(how);
      for (let n = 0; n < 3; n += 1) {
        await expect(made.enrich(['harm'])).rejects.toThrow(/took|ended with/);
        // Others wait for nothing meanwhile: with an enricher they would be answered.
        expect(await made.enrich(['a'])).toBeUndefined();
        if (n < 2) await expect.poll(async () => made.enrich(['a', 'x']), { timeout: 5_000 }).toEqual(KNOWN);
      }
      expect(made.takenOut?.why).toMatch(/ended 3 times/);
      expect(scene.entry('enricher-sites')).toMatchObject({ state: 'suspended', restarts: 2 });
      expect(scene.ends).toHaveLength(4);
      await scene.plugins.reload();
      await expect.poll(async () => made.enrich(['a', 'x']), { timeout: 5_000 }).toEqual(KNOWN);
      expect(scene.entry('enricher-sites')?.state).toBe('loaded');
    },
    30_000,
  );

  it('that loops when it is opened is ended', async () => {
    await load('sound', 'for (;;);');
    expect(await mistakesOf(make())).toBe('answering took longer than 1000 ms');
  });

  it('that asks without end is ended', async () => {
    await load('sound', 'for (;;) await context.readFile("sites", 1);');
    expect(await mistakesOf(make())).toMatch(/more than 1000 things|took longer/);
  });

  it('goes on in the version that it was made of, which goes with the last of it', async () => {
    const before = await loaded('sound');
    await scene.loadFiles('enricher-sites', {
      'index.ts': (enricherFiles('sites', 'sound')['index.ts'] ?? '').replace('site:', 'place:'),
    });
    const after = make();
    await after.open();
    expect(await before.enrich(['a'])).toEqual([{ site: 'north' }]);
    expect(await after.enrich(['a'])).toEqual([{ place: 'north' }]);
    expect(await readdir(scene.stageDirectory)).toHaveLength(2);
    before.close();
    await expect.poll(() => readdir(scene.stageDirectory)).toHaveLength(1);
  });

  it('is not replaced by a version that is bad, and goes where it is not trusted any more (F17, S17)', async () => {
    const made = await loaded('sound');
    const bad: Readonly<Record<string, [string, RegExp]>> = {
      throws: ['throw new Error("never");', /never/],
      'is of another API': ['', /this server speaks 1/],
    };
    const good = enricherFiles('sites', 'sound');
    for (const [how, [text, problem]] of Object.entries(bad)) {
      const files =
        text === ''
          ? {
              'manifest.json': JSON.stringify(
                makeManifest({ name: 'enricher-sites', kind: 'enricher', apiVersion: 9 }),
              ),
            }
          : { 'index.ts': `${good['index.ts']}\n${text}` };
      await scene.folder.write('enricher-sites', files);
      await scene.folder.trust('enricher-sites').catch(() => {});
      await scene.plugins.reload();
      expect([how, scene.entry('enricher-sites')?.state]).toEqual([how, 'loaded']);
      expect(scene.problemsOf('enricher-sites')).toMatch(problem);
      await scene.folder.write('enricher-sites', good);
    }
    await scene.folder.write('enricher-sites', { 'note.txt': 'not trusted' });
    await scene.plugins.reload();
    expect(scene.problemsOf('enricher-sites')).toMatch(/is not on the list/);
    expect(await made.enrich(['a', 'x'])).toEqual(KNOWN);
    await scene.folder.withdraw('enricher-sites');
    await scene.plugins.reload();
    expect(scene.enrichers.size).toBe(0);
  });
});
