import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { InputStartError, type InputPlugin } from '#plugin-kit';
import { FakeInputs } from './testing/fake-input.js';
import { InputScene, OFFICE, SOURCES } from './testing/input-scene.js';

const DIAL = { name: 'office', kind: 'dial', options: { port: 1 }, sources: SOURCES };

let scene: InputScene;
beforeEach(async () => {
  scene = await InputScene.start();
});
afterEach(() => scene.stop());

/** A version of an outside plugin, of which all versions see the same ports. */
interface Version {
  readonly inputs: FakeInputs;
  readonly plugin: InputPlugin;
}

const ports = new Set<number>();
function version(number: number, broken = false): Version {
  const inputs = new FakeInputs(broken ? new Set([1, 7]) : ports);
  const manifest = { ...inputs.plugin.manifest, name: 'input-dial', version: `${number}.0.0` };
  return { inputs, plugin: { ...inputs.plugin, manifest } };
}

/** Brings in a version of the plugin, or takes it away, as the plugins' host does. */
async function bring(one?: Version): Promise<void> {
  const registry = scene.api.app.get<PluginRegistry>(PLUGIN_REGISTRY);
  const manifest = one?.plugin.manifest ?? scene.inputs.plugin.manifest;
  const staged = { manifest, sha256: '', folder: '', entry: '' };
  const own = { staged, samples: [], retire: () => undefined, close: async () => undefined };
  registry.setOutside(one ? [{ ...own, input: one.plugin }] : []);
  await settled();
}

/** Changes go one after the other, and following a plugin is two of them: so behind two refused ones it is done. */
async function settled(): Promise<void> {
  for (let n = 0; n < 2; n += 1) await expect(scene.manager.remove('none')).rejects.toThrow();
}

const shown = async () => (await scene.ask('GET', '/office')).body;

describe('an input of an outside plugin', () => {
  beforeEach(() => ports.clear());

  it('goes over to the next version, and the one before is let go', async () => {
    const [first, second] = [version(1), version(2)];
    await bring(first);
    expect((await scene.ask('POST', '', DIAL)).body.state).toBe('running');
    await bring(second);
    expect([(await shown()).state, (await shown()).last_error]).toEqual(['running', undefined]);
    expect(first.inputs.made.map(({ stopped }) => stopped)).toEqual([true, true]);
    expect(await second.inputs.last.send('10.0.0.1', 'x')).toEqual({ kind: 'accepted' });
  });

  it('goes on with the one before where the next does not start, and says which and why', async () => {
    const first = version(1);
    await bring(first);
    await scene.ask('POST', '', DIAL);
    await bring(version(2, true));
    const body = await shown();
    expect([body.state, body.last_error?.message]).toEqual([
      'running',
      'The version 2.0.0 of its plugin does not start it: The port 1 is in use. The version 1.0.0 goes on.',
    ]);
    expect(await first.inputs.last.send('10.0.0.1', 'x')).toEqual({ kind: 'accepted' });
    const before = first.inputs.made.length;
    await bring(version(3));
    expect([(await shown()).state, (await shown()).last_error]).toEqual(['running', undefined]);
    expect(first.inputs.made.every(({ stopped }) => stopped)).toBe(true);
    expect(first.inputs.made).toHaveLength(before);
  });

  it('is not stopped again for a version that did not start, and comes back by the old one where it ends', async () => {
    const [first, second] = [version(1), version(2, true)];
    await bring(first);
    await scene.ask('POST', '', DIAL);
    await bring(second);
    const { last } = first.inputs;
    await bring(second);
    expect([first.inputs.last === last, last.stopped, second.inputs.made.length]).toEqual([true, false, 1]);
    last.context.failed(new InputStartError('It ended.', 'Wait.'));
    await expect.poll(async () => (await shown()).state).toBe('running');
    await settled();
    expect([second.inputs.made.length, first.inputs.last.stopped]).toEqual([2, false]);
  });

  it('takes other options by the version that goes on', async () => {
    const first = version(1);
    await bring(first);
    await scene.ask('POST', '', DIAL);
    await bring(version(2, true));
    const changed = await scene.ask('PATCH', '/office', { options: { port: 1, size: 2 } });
    expect([changed.status, first.inputs.last.context.options.size]).toEqual([200, 2]);
    ports.add(7);
    const refused = await scene.ask('PATCH', '/office', { options: { port: 7 } });
    expect([refused.status, refused.body.code, (await shown()).state]).toEqual([
      ...[409, 'input_start_failed', 'running'],
    ]);
    await scene.ask('POST', '/office/stop');
    expect(first.inputs.made.every(({ stopped }) => stopped)).toBe(true);
  });

  it('fails with the trust in its plugin, whatever worked before, and comes back with it', async () => {
    const first = version(1);
    await bring(first);
    await scene.ask('POST', '', DIAL);
    await scene.ask('POST', '', { ...OFFICE, name: 'other', options: { port: 9 } });
    await bring();
    const gone = await shown();
    expect([gone.state, gone.last_error?.message]).toEqual([
      'failed',
      'No plugin brings inputs of the kind "dial".',
    ]);
    expect(first.inputs.made.every(({ stopped }) => stopped)).toBe(true);
    expect((await scene.ask('GET', '/other')).body.state).toBe('running');
    await bring(version(1));
    expect((await shown()).state).toBe('running');
  });
});
