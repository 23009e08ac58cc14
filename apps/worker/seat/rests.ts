import { randomUUID } from 'node:crypto';
import type { Catalogue, Stored } from '#catalogue';
import type { StreamSpec } from '#plugin-kit';
import { pause } from '../writers/pause.js';
import type { LaneSeats } from './lane-seats.js';

/** Streams that rest, `<tenant>/<stream>`. */
export const RESTS = 'rests';
/** What each run of a process leaves alone, by run. */
export const REST_ANSWERS = 'rest-answers';
const LOOK_MS = 100;
const AGAIN_MS = 1_000;

/** A stream that is to rest: nobody but the run writes it until the document is gone. */
export interface AskedRest {
  readonly token: string;
  readonly run: string;
}

/** Whose writers rest, by the tokens of what asked for it. */
export interface RestAnswer {
  readonly tokens: readonly string[];
}

type Named = Pick<StreamSpec, 'tenant' | 'name'>;

export interface RestsParts {
  readonly catalogue: Pick<Catalogue, 'read' | 'write' | 'scan'>;
  readonly run: string;
  readonly lanes: Pick<LaneSeats, 'held'>;
  readonly ended: AbortSignal;
}

/**
 * Keeps streams as they are across processes: a document asks for it, and each process that has a lane says in one of its own that it
 * has put its pen down. What was asked for by a process that is gone stays, until the next one has looked after the stream.
 */
export class Rests {
  constructor(private readonly parts: RestsParts) {}

  /** Runs work while no other process writes the stream. `mend` is run after work that failed, until it passes. */
  async hold<T>(stream: Named, work: () => Promise<T>, mend: () => Promise<void>): Promise<T> {
    const asked: AskedRest = { token: randomUUID(), run: this.parts.run };
    const id = idOf(stream);
    try {
      await this.parts.catalogue.write([{ collection: RESTS, id, value: asked }]);
      await this.#answered(asked.token);
    } catch (error) {
      await this.#end(id);
      throw error;
    }
    try {
      return await work();
    } catch (error) {
      await this.#untilDone(mend);
      throw error;
    } finally {
      await this.#end(id);
    }
  }

  /** Whether another process keeps the stream to itself: to be asked before a writer begins. @throws CatalogueError */
  async isAsked(stream: Named): Promise<boolean> {
    const kept = await this.parts.catalogue.read<AskedRest>(RESTS, idOf(stream));
    return kept !== undefined && kept.value.run !== this.parts.run;
  }

  /** Ends what processes that are gone asked for, each once `mend` has passed while the stream rests. */
  async takeOver(mend: (tenant: string, name: string) => Promise<void>): Promise<void> {
    for (const { id, value } of await this.left()) {
      const [tenant = '', name = ''] = id.split('/');
      await this.#answered(value.token);
      await this.#untilDone(() => mend(tenant, name));
      await this.#end(id);
    }
  }

  /** The lanes that processes have, or had. @throws CatalogueError */
  async lanes(): Promise<readonly string[]> {
    return (await this.parts.lanes.held()).map(({ lane }) => lane);
  }

  private async left(): Promise<readonly Stored<AskedRest>[]> {
    const all = await this.parts.catalogue.scan<AskedRest>(RESTS);
    return all.filter(({ value }) => value.run !== this.parts.run);
  }

  /** Whoever takes a lane from now on finds the document; whoever has one now must have answered. */
  async #answered(token: string): Promise<void> {
    while (!(await this.#isAnswered(token))) await pause(LOOK_MS, this.parts.ended);
  }

  async #isAnswered(token: string): Promise<boolean> {
    const { catalogue, run: own, lanes } = this.parts;
    const runs = new Set(
      (await lanes.held()).map(({ run }) => run).filter((run) => run !== '' && run !== own),
    );
    for (const run of runs) {
      const answer = await catalogue.read<RestAnswer>(REST_ANSWERS, run);
      if (!answer?.value.tokens.includes(token)) return false;
    }
    return true;
  }

  /** Where the process stops in the middle, the stream rests until another one has looked after it. */
  async #end(id: string): Promise<void> {
    if (this.parts.ended.aborted) return;
    await this.#untilDone(async () => {
      await this.parts.catalogue.write([{ collection: RESTS, id, value: undefined }]);
    });
  }

  async #untilDone(step: () => Promise<void>): Promise<void> {
    while (!this.parts.ended.aborted)
      try {
        return await step();
      } catch {
        await pause(AGAIN_MS, this.parts.ended).catch(() => undefined);
      }
  }
}

function idOf({ tenant, name }: Named): string {
  return `${tenant}/${name}`;
}
