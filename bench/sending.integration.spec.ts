import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createRawServer, type AddressInfo, type Server as RawServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpConnection, renderHead } from './http-connection.js';
import { makeBodies } from './request-bodies.js';
import type { SenderJob } from './sender-job.js';
import { Sending } from './sending.js';

const data = { directory: '', events: 60, seed: 1, perRequest: 10, undeclared: 0 };
let server: Server | RawServer | undefined;

afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

async function listen(started: Server | RawServer): Promise<string> {
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

/** Accepts NDJSON as the appliance does; refuses the first `refusals` requests with 429. */
function startFake(refusals = 0): { url: Promise<string>; lines: Map<string, number>; keys: Set<string> } {
  const lines = new Map<string, number>();
  const keys = new Set<string>();
  let requests = 0;
  const fake = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const isRefused = requests++ < refusals;
      const body = isRefused ? '{"code":"backlog_full"}' : `{"receipt":"r${requests}","accepted":1}`;
      const stream = request.url?.split('/')[4] ?? '';
      const count = Buffer.concat(chunks).toString().split('\n').length - 1;
      if (!isRefused) lines.set(stream, (lines.get(stream) ?? 0) + count);
      keys.add(String(request.headers.authorization));
      response.writeHead(isRefused ? 429 : 202, { 'content-length': Buffer.byteLength(body) }).end(body);
    });
  });
  return { url: listen(fake), lines, keys };
}

function jobFor(url: string, patch: Partial<SenderJob> = {}): SenderJob {
  return { url, key: 'alv_x', streams: ['s'], connections: 2, data, rate: 0, seconds: 0, ...patch };
}

describe('sending', () => {
  it('sends each body once and counts what was accepted', async () => {
    const fake = startFake();
    const result = await new Sending(jobFor(await fake.url), makeBodies(data)).run();
    expect(result).toMatchObject({ acceptedEvents: 60, requests: 6, refused: 0, eventsByStream: { s: 60 } });
    expect(result.acknowledgement.count).toBe(6);
    expect(result.receipts.length).toBe(2);
    expect(fake.lines.get('s')).toBe(60);
    expect([...fake.keys]).toEqual(['Bearer alv_x']);
  });

  it('sends again what was refused for a while', async () => {
    const fake = startFake(3);
    const result = await new Sending(jobFor(await fake.url), makeBodies(data)).run();
    expect(result).toMatchObject({ acceptedEvents: 60, refused: 3 });
    expect(fake.lines.get('s')).toBe(60);
  });

  it('takes streams in turn, and keeps to its rate and time', async () => {
    const fake = startFake();
    const job = jobFor(await fake.url, { streams: ['a', 'b', 'c'], rate: 200, seconds: 0.5 });
    const result = await new Sending(job, makeBodies(data)).run();
    expect(Object.keys(result.eventsByStream).sort()).toEqual(['a', 'b', 'c']);
    expect(result.acceptedEvents).toBeLessThanOrEqual(130);
    expect(result.eventsByStream).toEqual(Object.fromEntries(fake.lines));
  });

  it('reads bodies from a folder, and refuses one made with another seed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'alluvium-bench-spec-'));
    await writeFile(join(directory, '00001.ndjson'), '{"n":2}\n{"n":3}\n');
    await writeFile(join(directory, '00000.ndjson'), '{"n":1}\n');
    await writeFile(join(directory, 'facts.json'), '{"seed":1}');
    const plan = { ...data, directory, events: 3, perRequest: 2 };
    expect(makeBodies(plan).map(({ bytes }) => bytes.toString())).toEqual([
      '{"n":1}\n{"n":2}\n',
      '{"n":3}\n',
    ]);
    expect(() => makeBodies({ ...plan, seed: 2 })).toThrow(/seed 1/);
    expect(() => makeBodies({ ...plan, events: 4 })).toThrow(/1 events fewer/);
    await rm(directory, { recursive: true });
  });
});

describe('http connection', () => {
  async function answerWith(parts: readonly string[]) {
    const url = await listen(
      createRawServer((socket) => {
        socket.once('data', () => {
          for (const [i, part] of parts.entries()) setTimeout(() => socket.write(part), i * 5);
          setTimeout(() => socket.end(), parts.length * 5 + 50);
        });
      }),
    );
    const connection = await HttpConnection.open(url);
    return connection.request(renderHead('/x', 'k', 1), Buffer.from('x')).finally(() => connection.close());
  }

  it('reads an answer that comes in pieces', async () => {
    const parts = ['HTTP/1.1 20', '2 Accepted\r\nContent-Le', 'ngth: 4\r\n\r', '\nab', 'cd'];
    expect(await answerWith(parts)).toEqual({ status: 202, body: 'abcd' });
  });

  it('fails rather than waits for ever on an answer that is cut off or has no length', async () => {
    await expect(answerWith(['HTTP/1.1 202 Accepted\r\ncontent-length: 9\r\n\r\nab'])).rejects.toThrow(
      /closed/,
    );
    await expect(answerWith(['HTTP/1.1 202 Accepted\r\n\r\nab'])).rejects.toThrow(/without content-length/);
  });
});
