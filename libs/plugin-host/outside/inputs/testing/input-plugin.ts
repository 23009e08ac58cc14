import { makeManifest } from '#plugin-kit/testing';

/** What an outside input does at a line, before that is handed over. Most do harm at the line `bad` only. */
export const INPUT_BEHAVIOURS = {
  sound: '',
  throws: `if (text === 'bad') setImmediate(() => { throw new Error('oh, that line'); });`,
  loops: `if (text === 'bad') for (;;);`,
  leaks: `const kept: unknown[] = []; if (text === 'bad') for (;;) kept.push(Buffer.alloc(2 ** 26, 1));`,
  exits: `if (text === 'bad') process.exit(3);`,
  /** Says that it will tell more than the server reads, of which the server waits for nothing. */
  announcesTooMuch: `if (text === 'bad') write(Buffer.from([0xff, 0xff, 0xff, 0xff]));`,
  tellsNoMessage: `if (text === 'bad') write(Buffer.from([1, 0, 0, 0, 0]));`,
  /** Hands over more than is made durable, and doesn't wait. */
  floods: `if (text === 'bad') tell({ kind: 'accept', id: 1, batch: { peer: { address: '127.0.0.1', transport: 'tcp' }, messages: [new Uint8Array(2 ** 26 + 1)], format: 'lines' } });`,
  /** The same with nothing in it. */
  floodsEmpty: `
    const batch = { peer: { address: '127.0.0.1', transport: 'tcp' }, messages: [], format: 'lines' };
    const more = (from: number): void => {
      for (let id = from; id < from + 1_000; id += 1) tell({ kind: 'accept', id, batch });
      if (from < 100_000) setImmediate(() => more(from + 1_000));
    };
    if (text === 'bad') more(0);`,
  beginsAgain: `if (text === 'bad') tell({ kind: 'ready' });`,
  tellsTooMuch: `if (text === 'bad') tell({ kind: 'failed', message: 'x'.repeat(1e6), mend: '' });`,
  closesMore: `if (text === 'bad') for (let n = 0; n < 9; n += 1) context.connection(-1);`,
  failsAtLength: `if (text === 'bad') context.failed(Object.assign(new Error('x'.repeat(1e6)), { code: 'input_start_failed', mend: 'Less.' }) as never);`,
  curious: `
    const why = await (async () => readFile('/etc/passwd'))().then(() => 'it was read', ({ code }) => code);
    const told = await context.readSecret('/etc/passwd').then(() => 'it was given', ({ message }) => message);
    line = Buffer.from(told + ' ' + why);`,
} as const;

/** Files of an input of lines over TCP. @param behaviour what it does with each */
export function inputFiles(behaviour: string): Readonly<Record<string, string>> {
  const config = {
    type: 'object',
    properties: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'integer', minimum: 0, maximum: 65_535 },
    },
    required: ['port'],
    additionalProperties: false,
  };
  return {
    'manifest.json': JSON.stringify({ ...makeManifest({ name: 'input-lines', kind: 'input' }), config }),
    'index.ts': `import { writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { serialize } from 'node:v8';
import { defineInput, definePlugin, LineFramer, manifestOptions, StreamListener, type InputContext } from '@alluvium/plugin-kit';
import manifest from './manifest.json' with { type: 'json' };

interface Options { readonly host: string; readonly port: number }

async function onLine(context: InputContext<Options>, message: Uint8Array): Promise<Uint8Array> {
  let line: Uint8Array = message;
  const text = Buffer.from(line).toString();
  ${behaviour}
  return line;
}

function create(context: InputContext<Options>) {
  const accept: typeof context.accept = async (batch, signal) => {
    const messages = await Promise.all(batch.messages.map((line) => onLine(context, line)));
    return context.accept({ ...batch, messages }, signal);
  };
  const listener = new StreamListener({ ...context, accept }, {
    ...context.options,
    format: 'lines',
    maxConnections: 100,
    maxConnectionsPerAddress: 100,
    idleMs: 60_000,
    newFramer: () => new LineFramer(context.messageBytes),
  });
  return { start: async () => [await listener.start()], stop: () => listener.stop() };
}

/** Past the kit, as only a plugin with bad intentions writes. */
function write(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;)
    try { at += writeSync(3, bytes, at); } catch (error) { if ((error as { code?: string }).code !== 'EAGAIN') throw error; }
}

function tell(message: unknown): void {
  const bytes = serialize(message);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  write(Buffer.concat([length, bytes]));
}

void readFile, write, tell;
export default definePlugin({ kind: 'input', manifest, input: defineInput(manifestOptions<Options>(manifest), create) });
`,
  };
}
