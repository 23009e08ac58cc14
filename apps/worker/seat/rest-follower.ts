import type { Logger } from 'pino';
import type { Catalogue } from '#catalogue';
import type { WriterPool } from '../writers/writer-pool.js';
import { REST_ANSWERS, RESTS, type AskedRest } from './rests.js';

const LOOK_MS = 200;

export interface RestFollowerParts {
  readonly catalogue: Pick<Catalogue, 'write' | 'scan'>;
  readonly run: string;
  readonly writers: Pick<WriterPool, 'restHere'>;
  /** Called before writing goes on: what the other process changed must be known by then. */
  readonly renew: (tenant: string, name: string) => Promise<void>;
  readonly logger: Pick<Logger, 'warn'>;
}

interface Resting {
  readonly end: () => void;
  isHeld: boolean;
}

/** Lets streams rest that another process asks to: its own writers stand still from its answer on until that process is done. */
export class RestFollower {
  readonly #resting = new Map<string, Resting>();
  #answered: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;
  #hasLeft = false;

  constructor(private readonly parts: RestFollowerParts) {}

  start(): void {
    if (!this.#stopped) this.#timer = setTimeout(() => (this.#looking = this.#lookAgain()), LOOK_MS).unref();
  }

  /** From now on nothing is answered; writers that rest go on resting. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  /** Lets go of whoever waits for a writer that rests: all writers of this process have ended. */
  leave(): void {
    this.#hasLeft = true;
    for (const { end } of this.#resting.values()) end();
  }

  async #lookAgain(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      this.parts.logger.warn({ err: error }, 'streams that are to rest are looked for again');
    }
    this.start();
  }

  /** Looks once. @throws CatalogueError */
  async look(): Promise<void> {
    const { catalogue, run } = this.parts;
    const all = await catalogue.scan<AskedRest>(RESTS);
    const asked = new Map(
      all.flatMap(({ id, value }) => (value.run === run ? [] : [[value.token, id] as const])),
    );
    for (const [token, id] of asked) if (!this.#resting.has(token)) this.#begin(token, id);
    for (const [token, resting] of this.#resting) if (!asked.has(token)) resting.end();
    await this.#answer([...this.#resting].flatMap(([token, { isHeld }]) => (isHeld ? [token] : [])));
  }

  async #answer(tokens: readonly string[]): Promise<void> {
    if (tokens.join() === this.#answered.join()) return;
    const { catalogue, run } = this.parts;
    const value = tokens.length > 0 ? { tokens } : undefined;
    await catalogue.write([{ collection: REST_ANSWERS, id: run, value }]);
    this.#answered = tokens;
  }

  #begin(token: string, id: string): void {
    const [tenant = '', name = ''] = id.split('/');
    let end = (): void => {};
    const over = new Promise<void>((resolve) => (end = resolve));
    const resting: Resting = { end, isHeld: false };
    this.#resting.set(token, resting);
    const rest = async (): Promise<void> => {
      resting.isHeld = true;
      await over;
      await this.#renew(tenant, name);
    };
    this.parts.writers
      .restHere({ tenant, name }, rest)
      .catch((error: unknown) => this.parts.logger.warn({ err: error }, 'a rest has ended'))
      .finally(() => this.#resting.delete(token));
  }

  /** By what was known before, events would be stored as they are not to be any more. */
  async #renew(tenant: string, name: string): Promise<void> {
    while (!this.#hasLeft)
      try {
        return await this.parts.renew(tenant, name);
      } catch (error) {
        this.parts.logger.warn({ err: error, tenant, stream: name }, 'a stream rests a while longer');
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS).unref());
      }
  }
}
