import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messagesOf, OutsideScene, RECEIVED } from './testing/outside-scene.js';

const REFUSED = { kind: 'refused', reason: 'parser:bad' };

let scene: OutsideScene;
beforeEach(async () => {
  scene = await OutsideScene.make();
});
afterEach(() => scene.dispose());

describe('an outside parser that', () => {
  it('throws has its lines refused, and goes on', async () => {
    await scene.load('bad', 'throws');
    expect((await scene.parse('bad', 'x', 'y')).map(({ parsed }) => parsed)).toMatchObject([
      REFUSED,
      REFUSED,
    ]);
    expect(scene.failures).toMatchObject([{ parser: 'bad', lines: 2, error: { message: 'oh, that line' } }]);
    expect(scene.entry('parser-bad')?.state).toBe('loaded');
    for (let n = 0; n < 20; n += 1) await scene.parse('bad', 'x');
    expect(scene.entry('parser-bad')?.state).toBe('suspended');
  });

  it('loops is ended and started again, and is taken out where it does so again and again', async () => {
    await scene.load('bad', 'loops');
    for (let n = 0; n < 3; n += 1) {
      expect((await scene.parse('bad', 'loop'))[0]?.parsed).toMatchObject(REFUSED);
      if (n < 2) expect((await scene.parse('bad', '{}'))[0]?.parsed).toEqual({ kind: 'json' });
    }
    expect(scene.ends).toHaveLength(4);
    expect(scene.ends[0]).toBe('parser-bad: answering took longer than 500 ms');
    expect(scene.entry('parser-bad')).toMatchObject({ state: 'suspended', restarts: 2 });
    expect((await scene.parse('bad', '{}'))[0]?.parsed).toMatchObject(REFUSED);
    expect((await scene.parse('auto', 'bad'))[0]?.parser).toBeUndefined();
    // Nobody was asked: there is no fifth that took too long.
    expect(scene.ends).toHaveLength(4);

    await scene.plugins.reload();
    expect((await scene.parse('bad', '{}'))[0]?.parsed).toEqual({ kind: 'json' });
    expect(scene.entry('parser-bad')?.state).toBe('loaded');
  });

  it('loops harms only the lines that it was asked about, not those that lay ready behind them', async () => {
    await scene.load('bad', 'loops');
    const open = scene.parsers.open('bad', () => {});
    const asked = ['{}', 'loop', '{"a":1}', '{"b":2}'].map((line) =>
      open?.([Buffer.from(line)], { receivedAt: RECEIVED }),
    );
    const verdicts = await Promise.all(asked);
    open?.close?.();
    expect(verdicts.map((some) => some?.[0]?.parsed.kind)).toEqual(['json', 'refused', 'json', 'json']);
    expect(scene.ends).toEqual(['parser-bad: answering took longer than 500 ms']);
  });

  it.each(['leaks', 'allocates', 'buffers', 'exits'] as const)('%s ends alone', async (behaviour) => {
    await scene.load('bad', behaviour);
    await scene.load('good', 'sound');
    expect((await scene.parse('bad', 'x'))[0]?.parsed).toMatchObject(REFUSED);
    expect(messagesOf(await scene.parse('good', 'x'))).toEqual(['v1 x']);
    expect(scene.ends[0]).toMatch(/parser-bad: it took|answering took longer|ended with the code 3/);
  });
});
