import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from 'chdb';
import logType from '../plugins/event-type-log/index.js';
import serviceLogType from '../plugins/event-type-service-log/index.js';
import {
  blockFileRows,
  insertPlain,
  insertThroughEntry,
  renderStreamDdl,
} from '../plugins/tier-clickhouse/index.js';
import type { StreamSpec } from '#plugin-kit';
import { pause } from '../test/support/appliance-process.js';
import type { BareJob, BareResult } from './bare-job.js';
import { makeBodies, type RequestBody } from './request-bodies.js';

/**
 * The engine alone: the appliance's own tables and statements over files of the same size, nothing else around it. What it
 * costs is the floor that the appliance is held against.
 */
const QUIET_MS = 5_000;
const STATEMENTS = { 'entry-table': insertThroughEntry, plain: insertPlain };
const EVENT_TYPES = { log: logType.eventType, 'service-log': serviceLogType.eventType };

interface Target {
  readonly session: Session;
  readonly scratch: string;
  readonly stream: StreamSpec;
  readonly insert: typeof insertThroughEntry;
}

/** Groups blocks into batches of about this many bytes. */
function* batchesOf(blocks: readonly RequestBody[], bytes: number): Generator<RequestBody[]> {
  let batch: RequestBody[] = [];
  let size = 0;
  for (const block of blocks) {
    batch.push(block);
    size += block.bytes.length;
    if (size < bytes) continue;
    yield batch;
    [batch, size] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

async function insertBatch(target: Target, batch: readonly RequestBody[], first: number) {
  const { session, scratch, stream, insert } = target;
  const receivedAt = `${Date.now()}000000`;
  const names = batch.map((_, i) => `${(first + i).toString(16).padStart(32, '0')}.${receivedAt}.bench`);
  names.forEach((name, i) => writeFileSync(join(scratch, name), batch[i]?.bytes ?? ''));
  await session.queryAsync(insert({ stream }, blockFileRows(scratch, names), `bare-${first}`));
  for (const name of names) rmSync(join(scratch, name));
}

async function readNumber(session: Session, statement: string): Promise<number> {
  return Number((await session.queryAsync(statement, { format: 'TSV' })).text().trim());
}

async function settle(session: Session): Promise<void> {
  let quietSince = Date.now();
  while (Date.now() - quietSince < QUIET_MS) {
    await pause(1_000);
    if ((await readNumber(session, 'SELECT count() FROM system.merges')) > 0) quietSince = Date.now();
  }
}

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function measure(session: Session, scratch: string, job: BareJob): Promise<BareResult> {
  const eventType = EVENT_TYPES[job.eventType];
  const stream = { tenant: 'bare', name: 'bench', eventType, keepRaw: 'when_needed' } as const;
  const target = { session, scratch, stream, insert: STATEMENTS[job.statement] };
  for (const statement of renderStreamDdl(stream)) await session.queryAsync(statement);
  const blocks = makeBodies(job.data);
  const [startCpu, startMs] = [cpuSeconds(), performance.now()];
  let written = 0;
  for (const batch of batchesOf(blocks, job.batchBytes)) {
    await insertBatch(target, batch, written);
    written += batch.length;
  }
  const elapsedMs = performance.now() - startMs;
  await settle(session);
  const settledCpuSeconds = cpuSeconds() - startCpu;
  const ours = "active AND database = 'tenant_bare'";
  const stored = await readNumber(session, 'SELECT count() FROM `tenant_bare`.`stream.bench`');
  const bytes = await readNumber(session, `SELECT sum(bytes_on_disk) FROM system.parts WHERE ${ours}`);
  return { stored, elapsedMs, settledCpuSeconds, diskBytes: bytes };
}

process.once('message', (job: BareJob) => {
  const directory = mkdtempSync(join(tmpdir(), 'alluvium-bare-'));
  const scratch = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'alluvium-bare-'));
  mkdirSync(join(directory, 'chdb'));
  const session = new Session(join(directory, 'chdb'));
  void measure(session, scratch, job).then((result) => {
    session.close();
    rmSync(directory, { recursive: true, force: true });
    rmSync(scratch, { recursive: true, force: true });
    process.send?.(result, () => process.disconnect());
  });
});
