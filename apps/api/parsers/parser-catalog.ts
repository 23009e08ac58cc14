import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import {
  declaredManifest,
  DeclaredParsers,
  PLUGIN_REGISTRY,
  type ParserKind,
  type PluginRegistry,
} from '#plugin-host';
import { AUTO_PARSER } from '#plugin-kit';
import { parserNotFound } from './dry-run.service.js';
import {
  dryRunOptionsSchema,
  type DescribedParser,
  type ParserList,
  type ShownParser,
} from './parsers.schema.js';

const AUTO: ShownParser = {
  name: AUTO_PARSER,
  title: 'The surest parser of each line',
  description:
    'Asks every parser how sure it is of a line and takes the surest. A line that none knows is an event whose message is the line.',
};
/** The same for all: a parser knows nothing but its lines and when they were received. */
const OPTIONS_SCHEMA = z.toJSONSchema(dryRunOptionsSchema, { io: 'input' });
/** Name that the sample lines of a declaration have. */
const SAMPLE = 'declared';

/** Shows the parsers that there are, whoever brought them. */
@Injectable()
export class ParserCatalog {
  constructor(
    @Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry,
    @Inject(DeclaredParsers) private readonly declared: DeclaredParsers,
  ) {}

  list(): ParserList {
    const { parsers } = this.plugins;
    return {
      parsers: this.#names().map((name) => this.#shown(name)),
      kinds: [...parsers.kinds.values()].map(shownKind),
    };
  }

  /** @throws Problem `parser_not_found` */
  describe(name: string): DescribedParser {
    if (!this.#names().includes(name)) throw parserNotFound(name);
    const declared = this.#declaration(name);
    return {
      ...this.#shown(name),
      ...(declared && {
        declaration: { kind: declared.kind, options: declared.options as Record<string, unknown> },
      }),
      options_schema: OPTIONS_SCHEMA,
      samples: this.#samples(name),
    };
  }

  /** Those that there are, `auto` first, and those that are declared and can't be made now. */
  #names(): readonly string[] {
    const there = this.plugins.parsers.names();
    const missing = this.declared.list().filter(({ name }) => !there.includes(name));
    return [...there, ...missing.map(({ name }) => name)];
  }

  #shown(name: string): ShownParser {
    const found = this.#declaration(name);
    const manifest = found ? declaredManifest(found, found) : this.plugins.parsers.find(name)?.manifest;
    if (!manifest) return AUTO;
    const { title, description, version, stability } = manifest;
    const shown = { name, title, description, version, stability };
    if (!found) return shown;
    const { kind, version: changes, changed_at, changed_by } = found;
    const problem = this.declared.trouble(name);
    const declared = { kind, version: changes, changed_at, changed_by };
    return { ...shown, declared: { ...declared, ...(problem !== undefined && { problem }) } };
  }

  /** Undefined also where a plugin has that name: it goes first. */
  #declaration(name: string) {
    const { parsers } = this.plugins;
    return parsers.isDeclared(name) || !parsers.has(name) ? this.declared.find(name) : undefined;
  }

  /** `auto` is for lines of every form. */
  #samples(name: string): DescribedParser['samples'] {
    if (name === AUTO_PARSER)
      return this.plugins.parsers.names().flatMap((one) => (one === AUTO_PARSER ? [] : this.#samples(one)));
    const declared = this.#declaration(name);
    if (declared)
      return declared.samples.length === 0 ? [] : [{ name: SAMPLE, lines: [...declared.samples] }];
    const plugin = this.plugins.parsers.find(name);
    const own = (plugin && this.plugins.samples.get(plugin.manifest.name)) ?? [];
    return own.map((sample) => ({ name: sample.name, lines: [...sample.lines] }));
  }
}

function shownKind({ name, manifest, options }: ParserKind): ParserList['kinds'][number] {
  const { title, description } = manifest;
  return { name, title, description, options_schema: z.toJSONSchema(options, { io: 'input' }) };
}
