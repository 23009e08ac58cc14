import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MemoryCatalogue } from '#catalogue/testing';
import { defineNotifier, type Notification, type NotifierPlugin } from '#plugin-kit';
import { makeManifest } from '#plugin-kit/testing';
import { Notifiers } from './notifiers.js';

const NOTE: Notification = {
  ...({ id: '1', time: '', status: 'raised', kind: 'k', key: 'k', severity: 'critical' } as const),
  ...{ title: '', text: '', facts: {} },
};

/** A version of a plugin that notes by whom something was told, or that it was closed. */
function version(name: string, said: string[], options: z.ZodType = z.strictObject({})): NotifierPlugin {
  const notifier = defineNotifier(options, () => ({
    notify: async () => void said.push(`${name} told`),
    close: async () => void said.push(`${name} closed`),
  }));
  const manifest = makeManifest({ name: 'notifier-memory', kind: 'notifier' });
  return { kind: 'notifier', manifest, notifier };
}

async function scene() {
  const said: string[] = [];
  const plugins = new Map([['memory', version('v1', said)]]);
  const notifiers = new Notifiers({
    ...{ catalogue: new MemoryCatalogue(), plugins, now: () => 0, failed: () => {} },
    context: { mayReach: () => true, readSecret: async () => '' },
  });
  await notifiers.put({ name: 'team', kind: 'memory', options: {}, severity: 'warning' });
  const tell = async (): Promise<void> => {
    notifiers.tell(NOTE);
    await notifiers.idle();
  };
  const trouble = (): string | undefined => notifiers.list()[0]?.trouble?.message;
  return { said, plugins, notifiers, tell, trouble };
}

describe('a notifier whose plugin', () => {
  it('is replaced goes on with the new version', async () => {
    const { said, plugins, notifiers, tell } = await scene();
    await notifiers.review();
    await tell();
    plugins.set('memory', version('v2', said));
    await notifiers.review();
    await tell();
    expect(said).toEqual(['v1 told', 'v1 closed', 'v2 told']);
  });

  it('is replaced by one that does not take its options stays with the old one, and says so (F17)', async () => {
    const { said, plugins, notifiers, tell, trouble } = await scene();
    plugins.set('memory', version('v2', said, z.strictObject({ needed: z.string() })));
    await notifiers.review();
    expect(trouble()).toBe('No plugin takes the kind memory with these options.');
    await tell();
    expect(said).toEqual(['v1 told']);
  });

  it('goes says so with each notification, until it comes back', async () => {
    const { said, plugins, notifiers, tell, trouble } = await scene();
    plugins.delete('memory');
    await notifiers.review();
    await tell();
    expect([said, trouble()]).toEqual([['v1 closed'], 'No plugin takes the kind memory with these options.']);
    plugins.set('memory', version('v2', said));
    await notifiers.review();
    await tell();
    expect([said, trouble()]).toEqual([['v1 closed', 'v2 told'], undefined]);
  });
});
