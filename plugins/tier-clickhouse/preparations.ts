import type { StreamSpec } from '#plugin-kit';

/** Which streams have their tables by now, each by the version of its type. */
export class Preparations {
  readonly #known = new Map<string, { readonly version: number; readonly done: Promise<void> }>();

  /** A failed preparation is tried again at the next call. Who knows an older version of the type finds the newer tables. */
  of(stream: StreamSpec, prepare: () => Promise<void>): Promise<void> {
    const id = idOf(stream);
    const known = this.#known.get(id);
    const { version = 1 } = stream.eventType;
    if (known && known.version >= version) return known.done;
    const before = known?.done.catch(() => undefined) ?? Promise.resolve();
    const done = before.then(prepare).catch((error: unknown) => {
      if (this.#known.get(id)?.done === done) this.#known.delete(id);
      throw error;
    });
    this.#known.set(id, { version, done });
    return done;
  }

  /** The next call prepares it again. */
  forget(stream: StreamSpec): void {
    this.#known.delete(idOf(stream));
  }
}

function idOf({ tenant, name }: StreamSpec): string {
  return `${tenant}/${name}`;
}
