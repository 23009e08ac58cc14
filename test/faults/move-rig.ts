import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { StreamArchive } from '#archived-units';
import type { Catalogue } from '#catalogue';
import { LmdbCatalogue } from '#catalogue/testing';
import { restartAtPoint } from '../support/restart-at-point.js';
import { Appliance } from '../support/start-appliance.js';

export type Json = Record<string, unknown>;

const STUCK_MS = 60_000;

/** The tier that days move into. */
export interface MovedTier {
  readonly name: string;
  /** What keeps its objects, below the data directory. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where the appliance runs on engines: what is theirs. */
  readonly engines?: MovedOnEngines;
}

/** What a rig can't look up in the data directory where the appliance runs on engines. */
export interface MovedOnEngines {
  /** Until an appliance is ready on them: milliseconds. */
  readonly startTimeoutMs: number;
  /** The catalogue, while no appliance runs; with its own stop. */
  openCatalogue(): Promise<Catalogue & { stop(): Promise<void> }>;
  /** Keys of the tier's objects. */
  objects(): Promise<readonly string[]>;
}

/** An appliance whose days move into a tier, with kills at fault points, while a reader counts all events. */
export class MoveRig {
  totals: Totals;

  private constructor(
    readonly appliance: Appliance,
    readonly tier: MovedTier,
  ) {
    this.totals = this.count();
  }

  static async start(tier: MovedTier): Promise<MoveRig> {
    const { env, engines } = tier;
    const appliance = await Appliance.prepare({
      ...(env && { env }),
      ...(engines && { startTimeoutMs: engines.startTimeoutMs }),
    });
    return new MoveRig(await appliance.restart(), tier);
  }

  /** Counts from now on, whatever becomes of the server. */
  count(): Totals {
    return new Totals((body) => this.call('POST', 'logs', body));
  }

  async call(method: string, path: string, body?: object): Promise<Json> {
    const { url, adminKey } = this.appliance;
    const headers = {
      ...{ authorization: `Bearer ${adminKey}`, prefer: 'wait=20' },
      ...(body && { 'content-type': 'application/json' }),
    };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${url}/api/v1/${path}`, { method, headers, ...sent });
    const json = (await answer.json()) as Json;
    return answer.ok ? json : { refused: json['code'], ...json };
  }

  /** Applies a plan while the process is killed at these points, one after the other. */
  async applyThrough(points: readonly string[], policies?: object): Promise<Json> {
    const plan = await this.call('POST', 'retention/plan', policies ? { policies } : {});
    await restartAtPoint(this.appliance, points[0]);
    // The answer may be cut off by the first kill.
    await this.call('POST', 'retention/apply', { plan: plan['id'] }).catch(() => undefined);
    for (const next of [...points.slice(1), undefined]) {
      const { signal } = await this.appliance.exited;
      if (signal !== 'SIGKILL') throw new Error(`It ended by ${signal} before ${next}.`);
      await restartAtPoint(this.appliance, next);
    }
    return this.untilDone(plan['id']);
  }

  async apply(policies?: object): Promise<Json> {
    const plan = await this.call('POST', 'retention/plan', policies ? { policies } : {});
    await this.call('POST', 'retention/apply', { plan: plan['id'] });
    return this.untilDone(plan['id']);
  }

  /** What a run came to; throws where nothing of it goes on for a minute. */
  async untilDone(plan: unknown): Promise<Json> {
    let [note, deadline]: [unknown, number] = [undefined, Date.now() + STUCK_MS];
    for (; Date.now() < deadline; await setTimeout(50)) {
      const job = await this.call('GET', `jobs/${String(plan)}`).catch((): Json => ({}));
      if (job['note'] !== undefined && job['note'] !== note) {
        note = job['note'];
        deadline = Date.now() + STUCK_MS;
      }
      if (job['state'] === 'running' || job['state'] === undefined) continue;
      const run = await this.call('GET', `retention/runs/${String(plan)}`).catch((): Json => ({}));
      if (run['state'] === 'done') return run;
    }
    throw new Error(`It did not come to that. ${this.appliance.output().slice(-2_000)}`);
  }

  send(days: readonly string[], events: number): Promise<Json> {
    const made = days.flatMap((day) =>
      Array.from({ length: events }, (_, n) => ({ timestamp: `${day}T08:00:00Z`, service: 'shop', n })),
    );
    return this.call('POST', 'events', made);
  }

  /** Lets a day pass since the tier began to answer: the hot copies may go. */
  async passGrace(): Promise<void> {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    await this.changeArchives((archive) => ({
      ...archive,
      units: archive.units.map((unit) =>
        unit.state === 'answering' ? { ...unit, answering_since: yesterday } : unit,
      ),
    }));
  }

  /** Changes what the appliance knows of its archives, while it is not there. */
  changeArchives(change: (archive: StreamArchive) => StreamArchive): Promise<void> {
    return this.changeCatalogue(async (catalogue) => {
      for (const { id, value } of await catalogue.scan<StreamArchive>('archived-units'))
        await catalogue.write([{ collection: 'archived-units', id, value: change(value) }]);
    });
  }

  /** Changes the catalogue, while the appliance is not there. */
  async changeCatalogue(change: (catalogue: Catalogue) => Promise<void>): Promise<void> {
    const { appliance } = this;
    await appliance.kill();
    const catalogue = await this.#openCatalogue();
    await change(catalogue);
    await catalogue.stop();
    await appliance.restart();
  }

  async states(): Promise<readonly string[]> {
    const { streams } = (await this.call('GET', 'retention/status')) as { streams?: readonly Json[] };
    return (streams ?? []).map(({ tiers, archive }) => {
      const units = (tier: unknown): unknown => ((tier as Json)['stored'] as Json)['units'];
      return `search ${String(units((tiers as Json[])[0]))}, archive ${archive ? String(units(archive)) : 0}`;
    });
  }

  /** Objects of the tier: files with events, and manifests. */
  async objects(): Promise<number> {
    return (await this.#keys()).filter((name) => /\.(parquet|enc|json|gz)$/.test(name)).length;
  }

  async #keys(): Promise<readonly string[]> {
    const { engines, folder } = this.tier;
    if (engines) return engines.objects();
    return readdir(join(this.appliance.dataDirectory, folder), { recursive: true });
  }

  async #openCatalogue(): Promise<Catalogue & { stop(): Promise<void> }> {
    const { engines } = this.tier;
    if (engines) return engines.openCatalogue();
    return LmdbCatalogue.open({ directory: join(this.appliance.dataDirectory, 'catalogue') });
  }

  async dispose(): Promise<void> {
    await this.totals.stop();
    await this.appliance.dispose();
  }
}

/** Counts all events over and over, whatever becomes of the server meanwhile. */
export class Totals {
  readonly seen = new Set<unknown>();
  answers = 0;
  #isOver = false;
  readonly #counting: Promise<void>;

  constructor(private readonly ask: (question: object) => Promise<Json>) {
    this.#counting = this.#count();
  }

  async #count(): Promise<void> {
    for (; !this.#isOver; await setTimeout(20)) {
      const question = { start_time: '2025-01-01T00:00:00Z', end_time: '2026-01-01T00:00:00Z', limit: 1 };
      // A server that is gone, or isn't ready, doesn't answer.
      const answer = await this.ask(question).catch((): Json => ({}));
      if (answer['total'] === undefined) continue;
      this.seen.add(answer['total']);
      this.answers += 1;
    }
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#counting;
  }
}
