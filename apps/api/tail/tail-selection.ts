import type { Principal } from '#access';
import type { Filter, StreamSpec } from '#plugin-kit';

/** Which events are followed, and whose they are. */
export interface TailSelection {
  readonly tenant: string;
  /** Names of streams; undefined: all of the tenant's, those that are still to be made too. */
  readonly streams: ReadonlySet<string> | undefined;
  readonly filter: Filter;
  /** Milliseconds that the engine may look for events of some blocks. */
  readonly timeoutMs: number;
}

/** The named streams, or those that the key is held to. */
export function followedStreams(
  { streams }: Principal,
  named: readonly string[] | undefined,
): ReadonlySet<string> | undefined {
  return named === undefined ? streams : new Set(named);
}

/** Whether events of this stream may be among them. */
export function covers({ tenant, streams }: TailSelection, stream: StreamSpec): boolean {
  return stream.tenant === tenant && (streams === undefined || streams.has(stream.name));
}

/** The same text for the same events of the same tenant: they are looked for once, for all who follow them. */
export function nameOfSelection({ tenant, streams, filter, timeoutMs }: TailSelection): string {
  return JSON.stringify([tenant, streams ? [...streams].sort() : null, filter, timeoutMs]);
}
