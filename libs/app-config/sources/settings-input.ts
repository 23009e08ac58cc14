import { readFileSync } from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The outside world, as far as settings need it. */
export interface SettingsInput {
  readonly env: Environment;
  /** Reads a UTF-8 file; throws where it can't. */
  readonly readText: (path: string) => string;
}

/** The environment and the files of this process. */
export function processInput(): SettingsInput {
  return { env: process.env, readText: (path) => readFileSync(path, 'utf8') };
}
