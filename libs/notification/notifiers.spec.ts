import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MemoryCatalogue } from '#catalogue/testing';
import { defineNotifier, type Notification, type NotifierPlugin } from '#plugin-kit';
import { makeManifest } from '#plugin-kit/testing';
import { MAX_NOTIFIERS, Notifiers } from './notifiers.js';

const NOTE: Notification = {
  ...({ id: '1', time: '', status: 'raised', kind: 'k', key: 'k', severity: 'critical' } as const),
  ...{ title: '', text: '', facts: {} },
};
const wish = (name: string) => ({ name, kind: 'memory', options: {}, severity: 'warning' as const });

/** @param closing called when one of them is closed */
function scene(closing: () => Promise<void> = async () => {}) {
  const told: Notification[] = [];
  const plugin: NotifierPlugin = {
    kind: 'notifier',
    manifest: makeManifest({ name: 'notifier-memory', kind: 'notifier' }),
    notifier: defineNotifier(z.strictObject({}), () => ({
      notify: async (one) => void told.push(one),
      close: closing,
    })),
  };
  const catalogue = new MemoryCatalogue();
  const notifiers = new Notifiers({
    ...{ catalogue, plugins: new Map([['memory', plugin]]), now: () => 0, failed: () => {} },
    context: { mayReach: () => true, readSecret: async () => '' },
  });
  const kept = async (): Promise<readonly string[]> =>
    (await catalogue.scan('notifiers')).map(({ id }) => id);
  const running = (): readonly string[] => notifiers.list().map(({ record }) => record.name);
  return { catalogue, notifiers, told, kept, running };
}

describe('two admins at once', () => {
  it('make no more notifiers than there may be', async () => {
    const { notifiers, kept, running } = scene();
    const puts = Array.from({ length: MAX_NOTIFIERS + 5 }, (_, n) => notifiers.put(wish(`n${n}`)));
    const refused = (await Promise.allSettled(puts)).filter(({ status }) => status === 'rejected');
    expect([refused.length, running().length]).toEqual([5, MAX_NOTIFIERS]);
    expect(await kept()).toEqual(running());
  });

  it('leave none at work that is not kept, where one changes it and one takes it away', async () => {
    const { notifiers, kept, running, told } = scene();
    await notifiers.put(wish('team'));
    await Promise.all([notifiers.put(wish('team')), notifiers.remove('team')]);
    notifiers.tell(NOTE);
    await notifiers.idle();
    expect([await kept(), running(), told]).toEqual([[], [], []]);
  });

  it('close each that they replace', async () => {
    let closed = 0;
    const { notifiers } = scene(async () => void (closed += 1));
    await notifiers.put(wish('team'));
    await Promise.all([notifiers.put(wish('team')), notifiers.put(wish('team'))]);
    expect(closed).toBe(2);
  });
});

it('tells the new one of what happens while the one before is closed', async () => {
  const { notifiers, told } = scene(async () => notifiers.tell(NOTE));
  await notifiers.put(wish('team'));
  await notifiers.put(wish('team'));
  await notifiers.idle();
  expect(told).toEqual([NOTE]);
});

describe('a notifier that another process makes, or takes away', () => {
  it('is at work here too, or no more', async () => {
    const { catalogue, notifiers, told, running } = scene();
    await notifiers.start();
    const value = { ...wish('team'), created_at: '', updated_at: '' };
    await catalogue.write([{ collection: 'notifiers', id: 'team', value }]);
    await expect.poll(running).toEqual(['team']);
    notifiers.tell(NOTE);
    await notifiers.idle();
    await catalogue.write([{ collection: 'notifiers', id: 'team', value: undefined }]);
    await expect.poll(running).toEqual([]);
    expect(told).toHaveLength(1);
    await notifiers.close();
  });
});
