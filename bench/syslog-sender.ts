import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

/** What a process that sends syslog is to do. */
export interface SyslogJob {
  readonly port: number;
  readonly connections: number;
  /** A folder with the events, as NDJSON, in one file `events.ndjson`. */
  readonly directory: string;
}

/** What became of it. */
export interface SyslogSent {
  readonly lines: number;
  readonly bytes: number;
  /** Milliseconds from the first byte until all were taken by the kernel. */
  readonly elapsedMs: number;
}

const SEVERITIES: Readonly<Record<string, number>> = { FATAL: 2, ERROR: 3, WARN: 4, INFO: 6, DEBUG: 7 };
/** Facility local0. */
const FACILITY = 16;
/** Lines that are written at once, as a daemon under load does. */
const LINES_AT_ONCE = 500;

/** An event as a daemon sends it: RFC 5424, a line each. */
function syslogLine(event: string): string {
  const { timestamp, level, service, host, message } = JSON.parse(event) as Record<string, string>;
  const priority = FACILITY * 8 + (SEVERITIES[level ?? ''] ?? 6);
  return `<${priority}>1 ${timestamp} ${host} ${service} - - - ${message}\n`;
}

/** Sends these pieces over one connection, and ends it. */
async function sendAll(port: number, pieces: readonly Buffer[]): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  for (const piece of pieces) if (!socket.write(piece)) await once(socket, 'drain');
  socket.end();
  await once(socket, 'close');
}

async function send(events: readonly string[], { port, connections }: SyslogJob): Promise<SyslogSent> {
  const pieces: Buffer[] = [];
  for (let from = 0; from < events.length; from += LINES_AT_ONCE)
    pieces.push(
      Buffer.from(
        events
          .slice(from, from + LINES_AT_ONCE)
          .map(syslogLine)
          .join(''),
      ),
    );
  const shares = Array.from({ length: connections }, (_, nth) =>
    pieces.filter((_piece, at) => at % connections === nth),
  );
  const begun = performance.now();
  await Promise.all(shares.map((share) => sendAll(port, share)));
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  return { lines: events.length, bytes, elapsedMs: performance.now() - begun };
}

/** Takes a job as its first message. */
process.once('message', (job: SyslogJob) => {
  const events = readFileSync(`${job.directory}/events.ndjson`, 'utf8').trimEnd().split('\n');
  void send(events, job).then((sent) => process.send?.(sent, () => process.disconnect()));
});
