import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadPlugins } from '#plugin-host';
import { describePluginContract } from '#plugin-kit/testing';

const root = new URL('../plugins/', import.meta.url);
const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());

for (const { name } of folders) describePluginContract(fileURLToPath(new URL(name, root)));

describe('the built-in plugins together', () => {
  it('are loaded by the host', async () => {
    const { manifests, eventTypes } = await loadPlugins(root);
    expect(manifests.map(({ name }) => name).sort()).toEqual(folders.map(({ name }) => name).sort());
    expect(eventTypes.has('log')).toBe(true);
  });
});
