import { mkdirSync } from 'node:fs';
import { EventBusError } from '../event-bus.errors.js';
import { BlockLog } from './block-log.js';
import { openBusStores, type BusStores } from './bus-stores.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { LogWriter } from './log-writer.js';
import { lastPosition, PositionCounter } from './position-counter.js';
import type { PublishContext } from './publish-write.js';
import { ReceivedCounts } from './received-counts.js';
import { mendTornFile } from './torn-file.js';

const EPOCH = 'epoch';

/** A log that is ready for use. */
export interface OpenLog extends PublishContext {
  readonly writer: LogWriter;
  /** Takes the lane: resolves to an epoch that no earlier consumer had, also after a crash. */
  nextEpoch(): Promise<number>;
}

/** Opens the log in a directory and finds what waits in it. */
export async function openLog(directory: string): Promise<OpenLog> {
  try {
    mkdirSync(directory, { recursive: true });
    mendTornFile(directory);
    return await assemble(directory, () => openBusStores(directory));
  } catch (error) {
    throw error instanceof EventBusError ? error : damagedError(directory, error);
  }
}

async function assemble(directory: string, open: () => BusStores): Promise<OpenLog> {
  const keys = new IdempotencyKeys();
  const received = new ReceivedCounts();
  const position = new PositionCounter();
  const companions = [keys, received, position];
  const companion = {
    begin: () => companions.forEach((part) => part.begin()),
    flush: (stores: BusStores) => [received, position].forEach((part) => part.flush(stores)),
  };
  const writer = new LogWriter(open(), open, companion, directory);
  const log = new BlockLog(writer, directory);
  position.startAfter(Math.max(await log.load(), lastPosition(writer.stores)));
  return {
    writer,
    log,
    keys,
    received,
    nextPosition: () => position.next(),
    nextEpoch: () => takeLane(writer),
  };
}

/** Never below the clock: a log that was moved aside must not begin with epochs that its consumers have seen. */
async function takeLane(writer: LogWriter): Promise<number> {
  let epoch = 0;
  await writer.submit({
    prepare: (stores) => (epoch = Math.max((stores.state.get(EPOCH)?.[0] ?? 0) + 1, Date.now())),
    apply: (stores) => void stores.state.put(EPOCH, [epoch]),
    durable: () => undefined,
  });
  return epoch;
}

function damagedError(directory: string, cause: unknown): EventBusError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const mend =
    'check that the directory is writable; if its data.mdb is damaged, move the directory aside (keep it: what was not ' +
    'stored yet is in it) and start again, or put a backup in its place';
  return new EventBusError(
    'bus_damaged',
    `The event bus in ${directory} can't be opened (${reason}): ${mend}.`,
    cause,
  );
}
