import { deepStrictEqual, ok } from 'node:assert/strict';
import { inputProblems, type InputAddress, type InputTransport } from '../kinds/input.js';
import type { InputPlugin } from '../define-plugin.js';
import type { InputHarness } from '../testing/input/contract-case.js';
import { INPUT_CASES } from '../testing/input/input.cases.js';
import { RecordingContext } from '../testing/input/recording-context.js';
import { sendDatagrams, sendStream } from '../testing/input/senders.js';
import { optionCheck } from './option-check.js';
import type { PluginCheck } from './plugin-check.js';
import { readSample, samplePairs } from './sample-lines.js';

/** Transports whose messages a sample can be: a line each, or a datagram. */
const SAMPLED: ReadonlySet<InputTransport> = new Set<InputTransport>(['tcp', 'udp']);

/**
 * What an input must hold, over the loopback network: `samples/options.json` has the options that it listens with, its one
 * port 0; `samples/<name>.txt` what is sent, a message a line, and `samples/<name>.expected.ndjson` what it hands over for
 * each, as a JSON string.
 */
export function inputChecks(folder: string, { manifest, input }: InputPlugin): readonly PluginCheck[] {
  let harness: Promise<InputHarness> | undefined;
  const made = async (): Promise<InputHarness> => (harness ??= sampledHarness(folder, input));
  return [
    { name: 'has the methods of an input', run: () => deepStrictEqual(inputProblems(input), []) },
    optionCheck(folder, manifest),
    ...INPUT_CASES.map((testCase) => ({
      name: `${testCase.promise}: ${testCase.name}`,
      run: async () => testCase.run(await made()),
    })),
  ];
}

async function sampledHarness(folder: string, input: InputPlugin['input']): Promise<InputHarness> {
  const pairs = samplePairs(folder).map(({ line, expected }) => ({
    wire: line,
    message: String(JSON.parse(expected)),
  }));
  ok(pairs.length > 1, 'There are no samples: add samples/<name>.txt with two lines or more.');
  const wires = new Map(pairs.map(({ wire, message }) => [message, wire]));
  ok(
    wires.size === pairs.length,
    'Two lines of the samples hand over the same message: make each another one.',
  );
  const options = readOptions(folder);
  const { transport } = await addressOf(input, options(0));
  ok(
    SAMPLED.has(transport),
    `Samples are sent over tcp or udp, not over ${transport}: test it in a test of your own.`,
  );
  const isStream = transport === 'tcp';
  const wireOf = (message: string): string => wires.get(message) ?? '';
  return {
    input,
    options,
    messages: pairs.map(({ message }) => message),
    isStream,
    sendBytes: async (address, bytes) =>
      isStream ? sendStream(address, bytes) : sendDatagrams(address, [bytes]),
    send: async (address, messages) =>
      isStream
        ? sendStream(address, Buffer.from(messages.map((one) => `${wireOf(one)}\n`).join('')))
        : sendDatagrams(
            address,
            messages.map((one) => Buffer.from(wireOf(one))),
          ),
  };
}

function readOptions(folder: string): InputHarness['options'] {
  const options = JSON.parse(readSample(folder, 'options.json')) as Readonly<Record<string, unknown>>;
  const ports = Object.entries(options).filter(([, value]) => value === 0);
  const [port] = ports;
  if (ports.length !== 1 || !port)
    throw new Error(
      'samples/options.json has to have one option that is 0: the port, which the checks choose.',
    );
  return (chosen) => ({ ...options, [port[0]]: chosen });
}

async function addressOf(input: InputPlugin['input'], options: unknown): Promise<InputAddress> {
  const made = input.create(new RecordingContext().contextFor(options));
  try {
    const [address] = await made.start();
    ok(address, 'start said of no place where it listens');
    return address;
  } finally {
    await made.stop();
  }
}
