import { applyPolicy, ask } from './archive-run.js';
import { BenchAppliance } from './bench-appliance.js';
import { generateEvents } from './generate-events.js';
import { loadLines } from './load-lines.js';
import { percentile } from './numbers.js';
import { readCpuSeconds } from './proc.js';
import type { Figure } from './report.js';

const DAY_MS = 86_400_000;
const LIMIT_MS = 3_600_000;
const QUIET_MS = 5_000;
const ROUNDS = 3;
const KINDS = ['plain', 'encrypted'] as const;
/** Of no use elsewhere. */
const ENCRYPTED = { ALLUVIUM_ARCHIVE_ENCRYPTION: 'on', ALLUVIUM_ARCHIVE_KEYS: '0a'.repeat(32) };

/** CPU to archive and verify the same events plain and encrypted, in turns: seconds for a million, the median of each. */
export async function measureEncryption(events: number, seed: number): Promise<Figure[]> {
  const found = { plain: [] as number[], encrypted: [] as number[] };
  const benches = {
    plain: await BenchAppliance.start(),
    encrypted: await BenchAppliance.start(ENCRYPTED),
  };
  try {
    for (let round = 0; round < ROUNDS; round += 1)
      for (const kind of KINDS) {
        const cpu = await archiveDay(benches[kind], { stream: `day-${round}`, events, seed });
        found[kind].push((cpu / events) * 1e6);
      }
  } finally {
    for (const kind of KINDS) await benches[kind].dispose();
  }
  return KINDS.map((kind) => ({
    name: `${kind}, in turns: server CPU to archive and verify 1M`,
    value: percentile(found[kind], 0.5),
    unit: 's',
  }));
}

async function archiveDay(
  bench: BenchAppliance,
  { stream, events, seed }: { readonly stream: string; readonly events: number; readonly seed: number },
): Promise<number> {
  await ask(bench, 'POST', 'streams', { name: stream, event_type: 'service-log' });
  const startMs = (Math.floor(Date.now() / DAY_MS) - 3) * DAY_MS;
  const lines = generateEvents({ seed, events, startMs, endMs: startMs + DAY_MS - 60_000 });
  await bench.waitUntilStored(await loadLines(bench.api, stream, lines), LIMIT_MS);
  await bench.waitUntilDrained(LIMIT_MS);
  await bench.waitUntilSettled(QUIET_MS, LIMIT_MS);
  const before = readCpuSeconds(bench.appliance.pid);
  await applyPolicy(bench, 'search forever -> archive from 1d forever', [stream]);
  return readCpuSeconds(bench.appliance.pid) - before;
}
