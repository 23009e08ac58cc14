import { AlluviumError } from '#event-model';
import type { z } from 'zod';
import type { PluginManifest } from '../manifest.js';
import type { PluginProblem } from '../plugin-problem.js';

/** What a tier keeps under one name: the events of a day of a stream, or what says which they are. */
export interface KeptUnit {
  /** The host's own words, a-z, 0-9 and -, 49 characters: a name of a file as it is. Another content has another name. */
  readonly name: string;
  /** Whose it is, for people: nothing that tells units apart. */
  readonly tenant: string;
  readonly stream: string;
  /** `YYYYMMDD`, UTC. */
  readonly day: number;
}

/** All that a tier of units gets from the host. */
export interface UnitTierContext<Options> {
  readonly options: Options;
  /** A directory of the tier's own, existing: the only one that its process may read and write. */
  readonly directory: string;
}

/**
 * Keeps units behind the search tier, as steps of retention policies. Each is written once, read whole, and removed. The host
 * reads back what was written, and again before the hot copy goes: a unit is what it was to the last byte, or it is no copy.
 *
 * Lifecycle: `create` does nothing that must be undone. There may be two of them at once over the same directory, one that
 * writes and removes and one that reads; each is called once at a time, and its process may be killed at any moment. Within
 * 30 s each asks for the next lines, gives some, or ends.
 *
 * Errors: whatever it throws fails the step, with the message as its reason; nothing is lost by it, and the next run of
 * retention tries again. Only that a unit is not there has a class of its own, {@link UnitMissingError}.
 */
export interface UnitTier {
  /**
   * Keeps a unit. Resolves when it is there durably, as a whole, whatever happens to the machine then. After a failure, or a
   * kill, the whole unit is there or nothing that `read` would give. The same unit may be written again.
   *
   * @param lines NDJSON, an event a line, in pieces of whole lines of up to 1 MiB (more where one line is longer)
   */
  write(unit: KeptUnit, lines: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Gives the bytes that were written, in their order and to the last one, in pieces of any length up to 4 MiB.
   *
   * @throws UnitMissingError at the first piece, where it is not there
   */
  read(unit: KeptUnit): AsyncIterable<Uint8Array>;
  /** Removes a unit; others stay. Idempotent. */
  remove(unit: KeptUnit): Promise<void>;
}

/** What a plugin of a tier of units brings. Make it with {@link defineUnitTier}. */
export interface UnitTierDeclaration {
  /** What its options hold; documented by `describe`, defaults filled in. They are shown: no secrets. */
  readonly options: z.ZodType;
  /** `context.options` is checked by `options` first. @throws ZodError */
  create(context: UnitTierContext<unknown>): UnitTier;
}

/** A tier of units from the schema of its options and what makes it of checked ones. */
export function defineUnitTier<S extends z.ZodType>(
  options: S,
  create: (context: UnitTierContext<z.output<S>>) => UnitTier,
): UnitTierDeclaration {
  return {
    options,
    create: (context) => create({ ...context, options: options.parse(context.options) }),
  };
}

/** A tier has no such unit. Code `unit_missing`. */
export class UnitMissingError extends AlluviumError {
  constructor(name: string, cause?: unknown) {
    super(`There is no unit ${name}.`, { code: 'unit_missing', retryable: false, cause });
  }
}

/** The name by which policies know a tier: that of its plugin, without the kind. */
export function unitTierName(manifest: Pick<PluginManifest, 'name'>): string {
  return manifest.name.replace(/^tier-/, '');
}

/** What keeps a plugin of a tier of units from being loaded; empty where nothing does. */
export function unitTierProblems(units: unknown): readonly PluginProblem[] {
  const parts = typeof units === 'object' && units !== null ? (units as Record<string, unknown>) : {};
  const options = parts['options'] as { readonly safeParse?: unknown } | undefined;
  const isWhole = typeof options?.safeParse === 'function' && typeof parts['create'] === 'function';
  if (isWhole) return [];
  return [
    {
      what: 'it brings no tier of units',
      mend: 'write: definePlugin({ kind: "tier", manifest, units: defineUnitTier(options, create) })',
    },
  ];
}
