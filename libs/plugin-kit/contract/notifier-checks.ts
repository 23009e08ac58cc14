import { deepStrictEqual, ok } from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NotifierPlugin } from '../define-plugin.js';
import { notifierProblems, type Notification } from '../kinds/notifier.js';
import {
  notifierContext,
  type NotifierHarness,
  type NotifierReceiver,
} from '../testing/notifier/contract-case.js';
import { NOTIFIER_CASES } from '../testing/notifier/notifier.cases.js';
import { textLines } from '../testing/parser/line-samples.js';
import { optionCheck } from './option-check.js';
import type { PluginCheck } from './plugin-check.js';
import { readSample, sampleNames } from './sample-lines.js';

/** What an HTTP server answers where it takes, is busy, or refuses. */
const STATUS = { takes: 204, busy: 503, refuses: 403 } as const;
/** Where `samples/options.json` names the server that the checks start. */
const RECEIVER = '{receiver}';
const LONGEST_MS = 5_000;

/**
 * What a notifier over HTTP must hold, over the loopback network: `samples/options.json` has its options, with `{receiver}`
 * for an address such as `http://localhost:1234`; `samples/<name>.ndjson` has notifications, and
 * `samples/<name>.expected.ndjson` the body that each is sent as: JSON, or a JSON string of a text.
 */
export function notifierChecks(
  folder: string,
  { manifest, notifier }: NotifierPlugin,
): readonly PluginCheck[] {
  const harness: NotifierHarness = {
    notifier,
    start: () => startReceiver(readSample(folder, 'options.json')),
  };
  // How it writes a notification is its own affair: its samples say it.
  const cases = NOTIFIER_CASES.filter(({ promise }) => promise !== 'deliver');
  return [
    { name: 'has the methods of a notifier', run: () => deepStrictEqual(notifierProblems(notifier), []) },
    optionCheck(folder, manifest),
    {
      name: 'sends each notification of samples/ once, as expected and in order',
      run: () => checkSamples(folder, harness),
    },
    ...cases.map((testCase) => ({
      name: `${testCase.promise}: ${testCase.name}`,
      run: () => testCase.run(harness),
    })),
  ];
}

async function checkSamples(folder: string, { notifier, start }: NotifierHarness): Promise<void> {
  const names = sampleNames(folder, '.ndjson');
  const read = (ending: string): readonly unknown[] =>
    names.flatMap((name) =>
      textLines(readSample(folder, `${name}${ending}`)).map((line) => JSON.parse(line) as unknown),
    );
  const [notifications, expected] = [read('.ndjson'), read('.expected.ndjson')];
  ok(notifications.length > 0, 'There is none: add samples/<name>.ndjson with a notification or more.');
  const receiver = await start();
  const made = notifier.create(notifierContext(receiver.options));
  try {
    for (const one of notifications) await made.notify(one as Notification, AbortSignal.timeout(LONGEST_MS));
    deepStrictEqual(receiver.received, expected);
  } finally {
    await made.close();
    await receiver.stop();
  }
}

async function startReceiver(options: string): Promise<NotifierReceiver> {
  const received: Notification[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    received.push(bodyOf(Buffer.concat(parts).toString()) as Notification);
    if (receiver.answer !== 'silent') response.writeHead(STATUS[receiver.answer]).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://localhost:${(server.address() as AddressInfo).port}`;
  const receiver: NotifierReceiver = {
    received,
    answer: 'takes',
    options: JSON.parse(options.replaceAll(RECEIVER, address)) as NotifierReceiver['options'],
    stop: () => stop(server),
  };
  return receiver;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
