import { z } from 'zod';
import { bootSetting } from './setting.js';
import { listText } from './text-types.js';
import type { ValueType } from './value-type.js';

const DIRECTORY_OF_TIER = /^([a-z0-9][a-z0-9-]{0,62})=(\/.*)$/;
const TIER = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Directories by the names of tiers: `gzip-files=/mnt/cold`. */
const directories: ValueType<ReadonlyMap<string, string>> = {
  schema: listText
    .pipe(z.array(z.string().regex(DIRECTORY_OF_TIER)).max(50))
    .transform((list) =>
      list
        .map((item) => DIRECTORY_OF_TIER.exec(item))
        .map((found) => [found?.[1] ?? '', found?.[2] ?? ''] as const),
    )
    .refine((list) => new Set(list.map(([name]) => name)).size === list.length)
    .transform((list) => new Map(list)),
  expected: 'a comma list of tier=/path/of/a/directory, each tier once',
  print: (value) => [...value].map(([name, directory]) => `${name}=${directory}`).join(','),
};

/** Options by the names of tiers. What they may be, the manifest of each plugin says. */
const options: ValueType<ReadonlyMap<string, unknown>> = {
  schema: z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'no JSON' });
        return z.NEVER;
      }
    })
    .pipe(z.record(z.string().regex(TIER), z.record(z.string(), z.unknown())))
    .transform((all) => new Map(Object.entries(all))),
  expected: 'JSON: an object with the options of each tier by its name, as {"gzip-files":{"level":6}}',
  print: (value) => JSON.stringify(Object.fromEntries(value)),
};

/** Storage tiers of outside plugins. */
export const tierSettings = {
  tierDirectories: bootSetting({
    path: 'tier.directories',
    type: directories,
    default: '',
    description:
      'Where storage tiers of outside plugins keep their units, such as `gzip-files=/mnt/cold`: directories that are there, one of each tier’s own. Of others it is `<data>/outside-tiers/<tier>`. Set it before the first copy: what is kept is not moved.',
  }),
  tierOptions: bootSetting({
    path: 'tier.options',
    type: options,
    default: '{}',
    description:
      'Options of storage tiers of outside plugins, as JSON: `{"gzip-files":{"level":6}}`. The manifest of each plugin says what it takes. They are shown: no secrets.',
  }),
};
