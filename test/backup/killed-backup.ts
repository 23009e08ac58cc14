import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../support/command-line.js';
import { restartAtPoint } from '../support/restart-at-point.js';
import { Appliance } from '../support/start-appliance.js';

/** Where the process is killed; the first whole backup is behind it by then, and two are kept. */
const POINTS = ['backup.copied:1', 'backup.piece:1', 'backup.piece:3', 'backup.before-head:1'];
/** The same when the backup has its head: it is whole, and older ones are on their way out. */
const WHOLE_POINTS = ['backup.head:1', 'backup.heads-removed:1', 'backup.piece-removed:1'];
const KEPT = 2;

type Json = Record<string, unknown>;

/** An appliance that is killed in the middle of backups, and what its place of backups has. */
export class KilledBackups {
  #events = 0;

  private constructor(
    private readonly folder: string,
    private readonly place: string,
    private readonly env: Readonly<Record<string, string>>,
    private readonly appliance: Appliance,
  ) {}

  /** @param env how the place is reached, and settings of the server */
  static async start(
    placeIn: (folder: string) => string,
    env: Readonly<Record<string, string>>,
  ): Promise<KilledBackups> {
    const folder = await mkdtemp(join(tmpdir(), 'alluvium-killed-backup-'));
    const place = placeIn(folder);
    const settings = { ...env, ALLUVIUM_BACKUP_DIR: place, ALLUVIUM_BACKUP_KEEP: String(KEPT) };
    const appliance = await Appliance.prepare({ env: settings });
    return new KilledBackups(folder, place, settings, await appliance.restart());
  }

  /**
   * Kills the server at each point in turn: what is whole holds, what is half is no backup, and the next one ends.
   *
   * @returns how often it was killed
   * @throws AssertionError
   */
  async through(): Promise<number> {
    await this.#send();
    await this.#backUp();
    for (const point of [...POINTS, ...WHOLE_POINTS]) await this.#killAt(point);
    assert.equal((await this.#ids()).length, KEPT);
    return POINTS.length + WHOLE_POINTS.length;
  }

  async dispose(): Promise<void> {
    await this.appliance.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #killAt(point: string): Promise<void> {
    const [before, events] = [await this.#ids(), this.#events];
    await restartAtPoint(this.appliance, point);
    await this.#send();
    await this.#call('POST', 'backups').catch(() => undefined);
    assert.equal((await this.appliance.exited).signal, 'SIGKILL', point);
    const after = await this.#ids();
    const isWhole = WHOLE_POINTS.includes(point);
    // The newest first: half a backup is none, and no whole one went for it.
    if (isWhole) assert.ok(!before.includes(after[0] ?? ''), point);
    else assert.deepEqual(after, before, point);
    await this.#command('verify', this.place);
    await this.#requireRestored(isWhole ? this.#events : events);
    await this.appliance.restart();
    await this.#backUp();
    await this.#command('verify', this.place);
    await this.#requireRestored(this.#events);
  }

  /** Restores the newest backup elsewhere, and counts there. */
  async #requireRestored(events: number): Promise<void> {
    const dataDirectory = await mkdtemp(join(this.folder, 'restored-'));
    const { code, stderr } = await runCommandLine(['restore', this.place, dataDirectory], { env: this.env });
    assert.equal(code, 0, stderr);
    const restored = await Appliance.prepare({ dataDirectory });
    try {
      await restored.restart();
      assert.equal(await countAt(restored), events);
    } finally {
      await restored.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    }
  }

  async #send(): Promise<void> {
    const events = Array.from({ length: 20 }, (_, n) => ({ message: `${this.#events + n}` }));
    assert.equal((await this.#call('POST', 'events', events))['stored'], events.length);
    this.#events += events.length;
  }

  async #backUp(): Promise<void> {
    const { code, stderr } = await runCommandLine(['backup'], { server: this.appliance, env: this.env });
    assert.equal(code, 0, stderr);
  }

  /** Of the backups that can be read; the newest first. */
  async #ids(): Promise<readonly string[]> {
    const lines = (await this.#command('list', this.place, '--json')).split('\n').filter(Boolean);
    return lines.map((line) => String((JSON.parse(line) as Json)['id']));
  }

  async #command(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runCommandLine(['backup', ...args], { env: this.env });
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  }

  async #call(method: string, path: string, body?: object): Promise<Json> {
    return callAt(this.appliance, { method, path, body });
  }
}

async function countAt(at: Appliance): Promise<unknown> {
  const body = { start_time: '2020-01-01T00:00:00Z', end_time: '2100-01-01T00:00:00Z', limit: 1 };
  for (const deadline = Date.now() + 20_000; ;) {
    const { total } = await callAt(at, { method: 'POST', path: 'logs', body });
    // Events that waited on the log of the copy are stored soon after the start.
    if (total !== 0 || Date.now() > deadline) return total;
  }
}

async function callAt(
  at: Appliance,
  {
    method,
    path,
    body,
  }: { readonly method: string; readonly path: string; readonly body?: object | undefined },
): Promise<Json> {
  const headers = { authorization: `Bearer ${at.adminKey}`, prefer: 'wait=20' };
  const answer = await fetch(`${at.url}/api/v1/${path}`, {
    ...{ method, headers: { ...headers, ...(body && { 'content-type': 'application/json' }) } },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Json;
}
