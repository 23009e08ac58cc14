import type { PluginProblem } from '#plugin-kit';
import type { PluginFolder } from '../discover-plugins.js';

/** Its files are not on the list. */
export function untrusted({ path }: Pick<PluginFolder, 'path'>, sha256: string): PluginProblem {
  return {
    what: `its SHA-256, ${sha256}, is not on the list of what may run`,
    mend: `look at it, then let it run: alluvium plugin trust ${path}`,
  };
}

/** It failed again and again. @param why the last time */
export function suspension(why: string): PluginProblem {
  return {
    what: `it was taken out: ${why}`,
    mend: 'mend it and trust the new version, or let it try again: POST /api/v1/plugins/reload',
  };
}

export const CHANGED: PluginProblem = {
  what: 'its files changed while they were copied',
  mend: 'reload again when they are whole',
};

export const NO_PARSER: PluginProblem = {
  what: 'there is no such parser in the directory of plugins any more',
  mend: 'put its folder there again',
};

export const NEEDS_OPTIONS: PluginProblem = {
  what: 'it reads lines only with options',
  mend: 'declare a parser of it, PUT /api/v1/parsers/{parser}, and try that one',
};

/** What is wrong with a plugin, in one sentence. */
export function joinedProblems(problems: readonly PluginProblem[]): string {
  return problems.map(({ what }) => what).join('; ');
}
