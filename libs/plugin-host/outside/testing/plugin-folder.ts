import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeManifest } from '#plugin-kit/testing';
import { trustPlugin, withdrawTrust } from '../author/trust-plugin.js';

type Files = Readonly<Record<string, string>>;

/** What an outside parser's `parse` does with the lines. */
export const BEHAVIOURS = {
  /** Takes every line; is sure of those that begin with its name. */
  sound: `return lines.map((line) => ({ kind: 'event', event: { message: 'v1 ' + text(line) } }));`,
  changed: `return lines.map((line) => ({ kind: 'event', event: { message: 'v2 ' + text(line) } }));`,
  throws: `throw new Error('oh, that line');`,
  /** Only lines with the word make it do harm. */
  loops: `if (lines.some((line) => text(line).includes('loop'))) for (;;); return lines.map(() => ({ kind: 'json' }));`,
  leaks: `const kept = []; for (;;) kept.push(new Array(1e6).fill(kept.length));`,
  allocates: `const big = new Array(2 ** 27).fill(0.5); const more = new Array(2 ** 27).fill(big); return more;`,
  buffers: `const kept = []; for (;;) kept.push(Buffer.alloc(2 ** 28, 1));`,
  exits: `process.exit(3);`,
} as const;

/** A plugins' folder of a test. */
export class PluginsFolder {
  private constructor(readonly path: string) {}

  static async make(): Promise<PluginsFolder> {
    return new PluginsFolder(await mkdtemp(join(tmpdir(), 'alluvium-outside-')));
  }

  /** Writes a plugin, or writes over files of it. */
  async write(name: string, files: Files): Promise<string> {
    for (const [file, text] of Object.entries(files)) {
      const path = join(this.path, name, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    return join(this.path, name);
  }

  async writeParser(name: string, behaviour: keyof typeof BEHAVIOURS, more: Files = {}): Promise<string> {
    return this.write(`parser-${name}`, { ...parserFiles(name, BEHAVIOURS[behaviour]), ...more });
  }

  /** Lists a plugin as it is now. @throws where it can't be */
  async trust(name: string): Promise<string> {
    const trusted = await trustPlugin(join(this.path, name));
    if (trusted.problems) throw new Error(JSON.stringify(trusted.problems));
    return trusted.value.sha256;
  }

  /** Takes a plugin off the list. */
  async withdraw(name: string): Promise<void> {
    await withdrawTrust(join(this.path, name));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Files of a parser, in two modules. */
export function parserFiles(name: string, body: string): Files {
  return {
    'manifest.json': JSON.stringify(makeManifest({ name: `parser-${name}`, kind: 'parser' })),
    'index.ts': `import { definePlugin } from '@alluvium/plugin-kit';
import manifest from './manifest.json' with { type: 'json' };
import { parse, sniff } from './parse.ts';

export default definePlugin({ kind: 'parser', manifest, parser: { parse, sniff } });
`,
    'parse.ts': `import type { ParsedLine } from '@alluvium/plugin-kit';

const text = (line: Uint8Array): string => Buffer.from(line).toString();

export function parse(lines: readonly Uint8Array[]): readonly ParsedLine[] {
  ${body}
}

export const sniff = (line: Uint8Array): number => (text(line).startsWith('${name}') ? 1 : 0);
`,
  };
}
