import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { pause } from '../support/appliance-process.js';
import { headOf, sendRaw, type RawAnswer } from '../support/raw-request.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { EVENTS, MIB, type BadRequest } from './bad-request.js';
import { BODIES } from './bodies.js';
import { ENCODINGS } from './encodings.js';
import { FRAMINGS, SLOW_SENDERS } from './framings.js';
import { HEADS } from './heads.js';
import { GOOD_MESSAGE, QUARANTINED } from './quarantined.js';

let appliance: Appliance;
let api: ApiClient;
/** Bytes at most while good requests came, and while the bad ones did. */
let quiet = 0;
let peak = 0;
let sampling: NodeJS.Timeout;

beforeAll(async () => {
  appliance = await startAppliance();
  api = new ApiClient(appliance);
  await api.createStream('bad', 'log');
  sampling = setInterval(() => (peak = Math.max(peak, anonymousBytes())), 50);
  // What good requests of the same kinds take, the process has taken before it is measured.
  for (let n = 0; n < 60; n += 1)
    await api.send('quiet', Buffer.from('{"message":"quiet"}\nbad\n'.repeat(500)), { prefer: 'wait=30' });
  [quiet, peak] = [peak, 0];
});
afterAll(async () => {
  clearInterval(sampling);
  await appliance.dispose();
});

/** Without the pages of program files, which the kernel reads in when they first run and drops when it needs the room. */
function anonymousBytes(): number {
  const status = readFileSync(`/proc/${appliance.pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

function send(request: BadRequest): Promise<RawAnswer> {
  const { method = 'POST', path = EVENTS, headers = {}, body, pieces } = request;
  const bytes = Buffer.from(body?.() ?? '');
  const length = pieces ? {} : { 'content-length': String(bytes.length) };
  const all = { 'content-type': 'application/x-ndjson', ...length, ...headers };
  const head = headOf(appliance, `${method} ${path}`, all);
  return sendRaw(appliance, [head, ...(pieces ? [] : [bytes]), ...(pieces?.() ?? [])], {
    end: request.end ?? false,
  });
}

interface Body {
  readonly code?: string;
  readonly mend?: string;
  readonly detail?: string;
  readonly refused?: readonly { readonly code: string; readonly mend: string }[];
}

function check({ status, code, says = '' }: BadRequest, answer: RawAnswer): void {
  const body = JSON.parse(answer.body || '{}') as Body;
  const [refused] = body.refused ?? [];
  expect([answer.status, body.code ?? refused?.code]).toEqual([status, code]);
  expect(body.mend ?? refused?.mend).toMatch(/\w{3}/);
  expect(answer.body).toContain(says);
  expect(answer.body).not.toMatch(/node_modules|\/dist\/|    at /);
}

describe.each([
  ['encoded bodies', ENCODINGS],
  ['bodies', BODIES],
  ['heads', HEADS],
  ['framings', FRAMINGS],
  ['good events with bad ones', QUARANTINED],
])('%s', (_group, requests) => {
  it.each(requests.map((request) => [request.name, request] as const))('%s', async (_name, request) => {
    check(request, await send(request));
  });
});

it('slow senders are sent away', async () => {
  const answers = await Promise.all(SLOW_SENDERS.map(send));
  for (const [at, request] of SLOW_SENDERS.entries()) check(request, answers[at] as RawAnswer);
});

it('a head that comes byte by byte is given up', async () => {
  const crumbs = Array.from({ length: 60 }, () => ['x: y\r\n', 250]).flat();
  const head = headOf(appliance, `POST ${EVENTS}`).slice(0, -2);
  const answer = await sendRaw(appliance, [head, ...crumbs]);
  expect(answer.status).toBe(408);
});

describe('afterwards', () => {
  it('the table has its sixty', () => {
    const all = [ENCODINGS, BODIES, HEADS, FRAMINGS, QUARANTINED, SLOW_SENDERS].flat();
    expect(new Set(all.map(({ name }) => name)).size).toBeGreaterThanOrEqual(60);
  });

  it('the good events are found, and none of a refused request', async () => {
    const { body } = await api.logs({
      stream: 'bad',
      start_time: 'now-1h',
      end_time: 'now+1h',
      limit: 1_000,
    });
    const messages = body.logs.map((event) => event['message']);
    expect(messages).toHaveLength(QUARANTINED.length);
    expect(new Set(messages)).toEqual(new Set([GOOD_MESSAGE]));
  });

  it('the process lives, and its memory is as before', async () => {
    await pause(2_000);
    expect(appliance.isRunning).toBe(true);
    const more = (bytes: number): number => Math.round((bytes - quiet) / MIB);
    const [after, most] = [more(anonymousBytes()), more(peak)];
    process.stdout.write(`memory: ${after} MiB more than quiet after bad requests, ${most} MiB at most\n`);
    expect(after).toBeLessThan(64);
    expect(most).toBeLessThan(64);
  });
});
