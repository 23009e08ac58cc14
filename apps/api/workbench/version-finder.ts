import { Inject, Injectable } from '@nestjs/common';
import {
  PLUGIN_REGISTRY,
  PluginCatalog,
  type ParserVersion,
  type ParserVersions,
  type PluginRegistry,
} from '#plugin-host';
import type { PluginProblem } from '#plugin-kit';
import { parserNotFound } from '../parsers/dry-run.service.js';
import { Problem } from '../problems/problem.js';

/** Least characters of an id's beginning that name it. */
const LEAST_PREFIX = 8;

/** Finds the versions of parsers by what requests call them. */
@Injectable()
export class VersionFinder {
  constructor(
    @Inject(PluginCatalog) private readonly catalog: PluginCatalog,
    @Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry,
  ) {}

  get versions(): ParserVersions {
    return this.catalog.versions;
  }

  /** The newest first; none of a built-in parser. @throws Problem `parser_not_found` */
  async list(parser: string): Promise<readonly ParserVersion[]> {
    const found = await this.versions.list(parser);
    if (found) return found;
    if (this.plugins.parsers.has(parser)) return [];
    throw parserNotFound(parser);
  }

  /** @throws Problem `parser_not_found`, `version_not_found` */
  async find(parser: string, name: string): Promise<ParserVersion> {
    const all = await this.list(parser);
    const found = all.filter((one) => isCalled(one, name));
    const exact = found.find(({ id }) => id === name);
    const [first] = exact ? [exact] : found;
    if (first && (exact || found.length === 1)) return first;
    const known = all.map(({ id, version }) => `${version} (${id.slice(0, LEAST_PREFIX)})`).join(', ');
    const what = found.length > 1 ? `Several versions are called "${name}"` : `There is no version "${name}"`;
    throw new Problem('version_not_found', `${what} of the parser "${parser}"; known: ${known || 'none'}.`);
  }
}

function isCalled({ id, version, isActive, isBefore }: ParserVersion, name: string): boolean {
  if (name === 'active') return isActive;
  if (name === 'before') return isBefore;
  return id === name || version === name || (name.length >= LEAST_PREFIX && id.startsWith(name));
}

/** The problem of a version that can't be made to run. */
export function unusable(parser: string, problems: readonly PluginProblem[]): Problem {
  const [first] = problems;
  const what = problems.map((problem) => problem.what).join('; ');
  return new Problem('version_unusable', `The version of the parser "${parser}" can't run: ${what}.`, {
    ...(first && { mend: `${first.mend}.` }),
  });
}
