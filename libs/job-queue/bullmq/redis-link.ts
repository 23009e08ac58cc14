import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { checkRedis, type OwnerKey } from './check-redis.js';
import type { RedisOptions } from './redis-options.js';
import { redisProblem } from './redis-problem.js';

/** Milliseconds until a Redis counts as out that is connected and does not answer. */
const PATIENCE_MS = 2_000;
const SILENT = `Redis is connected and doesn't answer within ${PATIENCE_MS} ms: look at the server of REDIS_URL.`;
/** Milliseconds between looks at a Redis that can't be used. */
const LOOK_AGAIN_MS = 2_000;

/** Told when Redis goes and comes back. */
export interface LinkEvents {
  readonly up: () => void;
  /** Each problem once, until another one or the next `up`. */
  readonly down: (problem: string) => void;
}

/** The connection to Redis: found again by itself, and used only while the server is fit for it. */
export class RedisLink {
  readonly client: Redis;
  private problem: string | undefined = 'Redis has not answered yet: see that it runs at REDIS_URL.';
  private told: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    options: RedisOptions,
    private readonly owner: OwnerKey,
    private readonly events: LinkEvents,
  ) {
    this.client = new Redis(options);
    this.client.on('error', (error) => this.down(redisProblem(error)));
    this.client.on('close', () => this.down(this.problem ?? redisProblem('the connection was closed')));
    this.client.on('ready', () => void this.check());
  }

  /** What is wrong with Redis now; undefined while it can be used. */
  get fault(): string | undefined {
    return this.problem;
  }

  /** Looks whether a connected Redis can be used. */
  async check(): Promise<void> {
    clearTimeout(this.timer);
    if (this.client.status !== 'ready') return;
    const silent = sleep(PATIENCE_MS, SILENT, { ref: false });
    const problem = await Promise.race([checkRedis(this.client, this.owner), silent]).catch(redisProblem);
    // Where the connection went meanwhile its own events have said so.
    if (this.closed || this.client.status !== 'ready') return;
    if (problem === undefined) return this.up();
    this.down(problem);
    this.timer = setTimeout(() => void this.check(), LOOK_AGAIN_MS).unref();
  }

  /** Something that was asked of Redis failed: where all is well otherwise, that is told by itself. */
  failed(error: unknown): void {
    if (this.problem === undefined) this.events.down(redisProblem(error));
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.client.disconnect();
  }

  private up(): void {
    if (this.problem === undefined) return;
    this.problem = undefined;
    this.told = undefined;
    this.events.up();
  }

  private down(problem: string): void {
    if (this.closed) return;
    this.problem = problem;
    if (problem !== this.told) this.events.down(problem);
    this.told = problem;
  }
}
