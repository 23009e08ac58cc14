import { afterEach, describe, expect, it } from 'vitest';
import { HttpClient } from '../../../client/http-client.js';
import { answerJson, answerProblem, startScriptedServer, type Answer } from '../testing/scripted-server.js';
import { EventSender } from './event-sender.js';
import { Tally } from './tally.js';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const accept: Answer = (response) => answerJson(response, 202, { receipt: 'r', accepted: 3 });
const delivery = { stream: 'web', events: 3, body: Buffer.from('{}\n{}\n{}\n') };

async function senderTo(answer: Answer) {
  const server = await startScriptedServer(answer);
  const http = new HttpClient({ url: server.url, key: 'alv_test' });
  const [soft, hard, tally] = [new AbortController(), new AbortController(), new Tally()];
  ends.push(server.stop, () => http.close());
  const stops = { soft: soft.signal, hard: hard.signal };
  const sender = new EventSender({ http, tallies: [tally], run: 'run', stops });
  return { server, sender, tally, soft, hard };
}

describe('a delivery', () => {
  it('goes to its stream with the key and a name of its own', async () => {
    const { server, sender, tally } = await senderTo(accept);
    await sender.deliver(delivery);
    await sender.deliver({ ...delivery, stream: undefined });
    expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v1/streams/web/events',
      'POST /api/v1/events',
    ]);
    expect(server.seen.map(({ headers }) => headers['idempotency-key'])).toEqual(['run-1', 'run-2']);
    expect(server.seen[0]).toMatchObject({ body: '{}\n{}\n{}\n' });
    expect(server.seen[0]?.headers).toMatchObject({
      authorization: 'Bearer alv_test',
      'content-type': 'application/x-ndjson',
    });
    expect(tally.counts()).toMatchObject({ acknowledged: 6, requests: 2, bytes: 18, refused: {} });
  });

  it('is sent again under its name until it is acknowledged, and waits as long as it is told', async () => {
    const { server, sender, tally } = await senderTo((response, seen, number) => {
      if (number === 0) answerProblem(response, 429, 'backlog_full', '1');
      else if (number === 1) answerProblem(response, 503, 'outcome_unknown', '0');
      else if (number === 2) answerProblem(response, 503, 'disk_low', '0');
      else accept(response, seen, number);
    });
    const startMs = performance.now();
    await sender.deliver(delivery);
    expect(performance.now() - startMs).toBeGreaterThan(950);
    expect(new Set(server.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(tally.counts()).toMatchObject({
      acknowledged: 3,
      refused: { '429 backlog_full': 1, '503 outcome_unknown': 1, '503 disk_low': 1 },
    });
    expect([tally.givenUp, tally.unknown]).toEqual([0, 0]);
  });

  it('is sent again where the connection breaks, once the server has answered before', async () => {
    const { server, sender, tally } = await senderTo((response, seen, number) => {
      if (number === 1) response.destroy();
      else accept(response, seen, number);
    });
    await sender.deliver(delivery);
    await sender.deliver(delivery);
    expect(server.seen.map(({ headers }) => headers['idempotency-key'])).toEqual(['run-1', 'run-2', 'run-2']);
    expect(tally.counts()).toMatchObject({ acknowledged: 6, refused: { ECONNRESET: 1 } });
  });

  it('ends the run where a repetition would not help', async () => {
    const { sender, tally } = await senderTo((response) => answerProblem(response, 401, 'key_unknown'));
    await expect(sender.deliver(delivery)).rejects.toMatchObject({ status: 401, exit: 4 });
    expect(tally.givenUp).toBe(3);
  });

  it('ends the run where there is no server', async () => {
    const { server, sender, tally } = await senderTo(accept);
    await server.stop();
    await expect(sender.deliver(delivery)).rejects.toMatchObject({ code: 'ECONNREFUSED', exit: 3 });
    expect([tally.givenUp, tally.unknown]).toEqual([3, 0]);
  });
});

describe('a stop', () => {
  it('gives up what waits to be sent again: it was never stored', async () => {
    const { sender, tally, soft } = await senderTo((response) =>
      answerProblem(response, 429, 'backlog_full', '60'),
    );
    const done = sender.deliver(delivery);
    setTimeout(() => soft.abort(), 100);
    await done;
    expect([tally.givenUp, tally.unknown]).toEqual([3, 0]);
  });

  it('still sends what is made, unless it is to be at once', async () => {
    const { server, sender, tally, soft, hard } = await senderTo(accept);
    soft.abort();
    await sender.deliver(delivery);
    hard.abort();
    await sender.deliver(delivery);
    expect(server.seen).toHaveLength(1);
    expect([tally.counts().acknowledged, tally.givenUp, tally.unknown]).toEqual([3, 3, 0]);
  });

  it('waits for what is under way', async () => {
    const { sender, tally, soft } = await senderTo((response, seen, number) => {
      soft.abort();
      setTimeout(() => accept(response, seen, number), 100);
    });
    await sender.deliver(delivery);
    expect(tally.counts().acknowledged).toBe(3);
  });

  it('says what is not known of a request that it cuts off, and of one whose outcome the server did not know', async () => {
    const cut = await senderTo(() => {
      cut.soft.abort();
      cut.hard.abort();
    });
    await cut.sender.deliver(delivery);
    expect([cut.tally.givenUp, cut.tally.unknown]).toEqual([0, 3]);
    const unknown = await senderTo((response) => {
      unknown.soft.abort();
      answerProblem(response, 503, 'outcome_unknown', '1');
    });
    await unknown.sender.deliver(delivery);
    expect([unknown.tally.givenUp, unknown.tally.unknown]).toEqual([0, 3]);
  });
});
