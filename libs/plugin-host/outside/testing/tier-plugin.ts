import { makeManifest } from '#plugin-kit/testing';

/** What an outside tier does when it is to write a unit. */
const WRITES = {
  sound: `await files.write(unit.name, lines);`,
  throws: `throw new Error('ENOSPC: no space left on device, write');`,
  loops: `for (;;);`,
  hangs: `await new Promise((resolve) => setTimeout(resolve, 600_000));`,
  buffers: `const kept = []; for await (const piece of lines) kept.push(piece); globalThis.big = Array.from({ length: 16 }, () => Buffer.alloc(2 ** 27, 1));`,
  dies: `for await (const piece of lines) { void piece; process.exit(3); }`,
  stopsEarly: `for await (const piece of lines) { void piece; break; }`,
  escapes: `await writeFile(options.outside, 'x');`,
  readsAround: `await readFile(options.outside);`,
} as const;

/** The same where it is to give one back. */
const READS = {
  sound: `yield* files.read(unit.name);`,
  drops: `yield Buffer.from('{}\\n');`,
  throws: `throw new Error('EIO: i/o error, read');`,
  trickles: `for (;;) yield new Uint8Array(0);`,
  texts: `yield 'no bytes';`,
} as const;

export type TierWrite = keyof typeof WRITES;
export type TierRead = keyof typeof READS;

/** Files of a tier that keeps units in files, but for what it does wrong. */
export function tierPluginFiles(name: string, write: TierWrite, read: TierRead = 'sound') {
  const manifest = makeManifest({
    name: `tier-${name}`,
    kind: 'tier',
    config: {
      type: 'object',
      properties: {
        outside: { type: 'string', default: '/nowhere', description: 'A path that is not its own.' },
      },
      additionalProperties: false,
    },
  });
  return {
    'manifest.json': JSON.stringify(manifest),
    'index.ts': `import { readFile, writeFile } from 'node:fs/promises';
import { definePlugin, defineUnitTier, manifestOptions, UnitFiles } from '@alluvium/plugin-kit';
import manifest from './manifest.json' with { type: 'json' };

void [readFile, writeFile];
export default definePlugin({
  kind: 'tier',
  manifest,
  units: defineUnitTier(manifestOptions<{ readonly outside: string }>(manifest), ({ options, directory }) => {
    const files = new UnitFiles(directory, '.ndjson');
    void options;
    return {
      async write(unit, lines) {
        ${WRITES[write]}
      },
      async *read(unit) {
        ${READS[read]}
      },
      remove: (unit) => files.remove(unit.name),
    };
  }),
});
`,
  };
}
