import type { EventTypeDeclaration } from '#event-model';
import { eventTypeProblems, standsAlone, type Plugin, type PluginProblem } from '#plugin-kit';
import { failed, ok, type Outcome } from '../../outcome.js';
import { LENGTH_BYTES } from './frames.js';

/** What a plugin brings besides code. */
export interface Declared {
  /** Of an event type. */
  readonly eventType?: EventTypeDeclaration;
  /** Of a parser: whether others are made of it, and whether it is of use without that. */
  readonly parser?: { readonly isTemplate: boolean; readonly standsAlone: boolean };
}

/** What of a plugin leaves its process: data only, and only what JSON gives back. */
export function declarationOf(plugin: Plugin): Outcome<Declared> {
  if (plugin.kind === 'parser')
    return ok({ parser: { isTemplate: plugin.template !== undefined, standsAlone: standsAlone(plugin) } });
  if (plugin.kind !== 'event-type') return ok({});
  try {
    return ok({ eventType: JSON.parse(JSON.stringify(plugin.eventType)) as EventTypeDeclaration });
  } catch (error) {
    const mend = 'declare it with texts, numbers, lists and objects only';
    return failed([{ what: `eventType is more than data: ${String(error)}`, mend }]);
  }
}

/** The first frame of a plugin's process. */
export function encodeDeclared(declared: Outcome<Declared>): Buffer {
  const json = Buffer.from(JSON.stringify(declared));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json]);
}

/**
 * Reads the first frame, and checks the declaration once more on this side.
 *
 * @param plugin name of the plugin
 */
export function decodeDeclared(plugin: string, frame: Buffer): Outcome<Declared> {
  const told = JSON.parse(frame.toString()) as Outcome<Declared>;
  if (told.problems) return failed(told.problems);
  const { eventType } = told.value;
  const problems: readonly PluginProblem[] = eventType ? eventTypeProblems(plugin, eventType) : [];
  return problems.length > 0 ? failed(problems) : told;
}
