import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { writeKitPackage } from '#plugin-host/author';
import { CliError, UsageError } from '../../cli-error.js';
import { EXIT } from '../../exit-codes.js';
import { jsonLine, printable } from '../../output/printable.js';
import { writeOut } from '../../output/write-out.js';
import type { JsonOption } from './shown-problems.js';
import { sharedFiles } from './templates/shared-files.js';
import { TEMPLATES } from './templates/templates.js';

export interface NewOptions extends JsonOption {
  readonly dir: string;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Makes the folder of a plugin that works, with its README, samples and test. */
export async function newPlugin(kind: string, name: string, { dir, json }: NewOptions): Promise<void> {
  const template = TEMPLATES.get(kind);
  if (!template) throw unknownKind(kind);
  if (!NAME.test(name) || name === 'auto')
    throw new UsageError(
      `A plugin can't be named "${name}".`,
      'Use 1 to 63 of a-z, 0-9 and -, and not auto.',
    );
  const { filesOf, config } = template;
  const plugin = { folder: `${kind}-${name}`, kind, ...(config && { config }) };
  const folder = resolve(dir, plugin.folder);
  const files = { ...sharedFiles(plugin), ...filesOf(name) };
  await makeFolder(folder);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await writeKitPackage(folder);
  const made = { folder, files: Object.keys(files).sort() };
  await writeOut(json ? `${jsonLine(made)}\n` : shown(made));
}

function unknownKind(kind: string): UsageError {
  const made = [...TEMPLATES.keys()].join(', ');
  return new UsageError(`There is no kind "${kind}" to make.`, `Use one of ${made}.`);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new UsageError(`${folder} is there already.`, 'Choose another name, or remove it.');
    throw new CliError(`${folder} can't be made: ${String(error)}`, EXIT.failed);
  }
}

function shown({ folder, files }: { readonly folder: string; readonly files: readonly string[] }): string {
  const list = files.map((file) => `  ${file}\n`).join('');
  const next = ['dev', 'check', 'trust'].map(
    (command) => `  alluvium plugin ${command} ${printable(folder)}\n`,
  );
  return `${printable(folder)}\n${list}Then:\n${next.join('')}`;
}
