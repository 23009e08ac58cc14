import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { z } from 'zod';
import {
  defineInput,
  listenError,
  SyslogFramer,
  type Input,
  type InputAddress,
  type InputContext,
  type InputDeclaration,
} from '#plugin-kit';
import type { InputHarness, InputPromise } from './contract-case.js';
import { sendStream } from './senders.js';

const HOST = '127.0.0.1';

/** Parts of a sound input of lines over TCP, which each seeded bug spoils in one way. */
class LineInput implements Input {
  readonly sockets = new Set<Socket>();
  readonly serving = new Set<Promise<void>>();
  server: Server | undefined;

  constructor(readonly context: InputContext<{ readonly port: number }>) {}

  async start(): Promise<readonly InputAddress[]> {
    const { port } = this.context.options;
    const server = createServer((socket) => this.onConnection(socket));
    server.listen(port, HOST);
    try {
      await once(server, 'listening');
    } catch (error) {
      throw this.onStartError(error, port);
    }
    this.server = server;
    return [{ transport: 'tcp', host: HOST, port: (server.address() as { port: number }).port }];
  }

  async stop(): Promise<void> {
    this.server?.close();
    for (const socket of this.sockets) socket.end();
    await Promise.all(this.serving);
    this.server = undefined;
  }

  onStartError(error: unknown, port: number): unknown {
    return listenError(error, { transport: 'tcp', host: HOST, port });
  }

  onConnection(socket: Socket): void {
    socket.on('error', () => undefined);
    this.sockets.add(socket);
    this.context.connection(1);
    const serving = this.read(socket)
      .catch(() => undefined)
      .finally(() => {
        this.context.connection(-1);
        socket.destroy();
        this.serving.delete(serving);
      });
    this.serving.add(serving);
  }

  async read(socket: Socket): Promise<void> {
    const framer = new SyslogFramer(this.context.messageBytes);
    for await (const chunk of socket as AsyncIterable<Uint8Array>)
      await this.hand(
        socket,
        framer.push(chunk).map(({ bytes }) => bytes),
      );
  }

  async hand(socket: Socket, messages: readonly Uint8Array[]): Promise<void> {
    const peer = { address: socket.remoteAddress ?? '', transport: 'tcp' } as const;
    if (messages.length > 0) await this.context.accept({ peer, messages, format: 'lines' });
  }
}

/** An input with parts of its own in place of the sound ones. */
function inputOf(spoil: (input: LineInput) => Partial<LineInput> = () => ({})): InputDeclaration {
  return defineInput(z.strictObject({ port: z.number() }), (context) => {
    const input = new LineInput(context);
    return Object.assign(input, spoil(input));
  });
}

/** A harness for an input of lines. */
export function lineHarness(input: InputDeclaration): InputHarness {
  return {
    input,
    options: (port) => ({ port }),
    messages: ['one', 'two', 'three'],
    sendBytes: sendStream,
    send: (address, messages) =>
      sendStream(address, Buffer.from(messages.map((text) => `${text}\n`).join(''))),
    isStream: true,
  };
}

export const SOUND_INPUT: InputDeclaration = inputOf();

interface SeededInputBug {
  readonly bug: string;
  /** The promise of which at least one case must fail. */
  readonly breaks: InputPromise;
  readonly input: InputDeclaration;
}

/** One fault each, and the promise that the contract must find broken. */
export const SEEDED_INPUT_BUGS: readonly SeededInputBug[] = [
  {
    bug: 'names no port',
    breaks: 'start',
    input: inputOf((input) => ({
      start: async () => (await LineInput.prototype.start.call(input)).map((at) => ({ ...at, port: 0 })),
    })),
  },
  {
    bug: 'throws what the system threw',
    breaks: 'start',
    input: inputOf(() => ({ onStartError: (error) => error })),
  },
  {
    bug: 'takes any option',
    breaks: 'start',
    input: { ...SOUND_INPUT, options: z.looseObject({ port: z.number() }) },
  },
  {
    bug: 'turns the order round',
    breaks: 'deliver',
    input: inputOf((input) => ({
      hand: (socket, messages) => LineInput.prototype.hand.call(input, socket, [...messages].reverse()),
    })),
  },
  {
    bug: 'hands over twice',
    breaks: 'deliver',
    input: inputOf((input) => ({
      hand: (socket, messages) => LineInput.prototype.hand.call(input, socket, [...messages, ...messages]),
    })),
  },
  {
    bug: 'does not say who sent',
    breaks: 'deliver',
    input: inputOf(({ context }) => ({
      hand: async (_socket, messages) => {
        const peer = { address: '0.0.0.0', transport: 'tcp' } as const;
        if (messages.length > 0) await context.accept({ peer, messages, format: 'lines' });
      },
    })),
  },
  {
    bug: 'hands over each message without waiting for the one before',
    breaks: 'durable',
    input: inputOf((input) => ({
      hand: async (socket, messages) => {
        for (const message of messages)
          void LineInput.prototype.hand.call(input, socket, [message]).catch(() => undefined);
      },
    })),
  },
  { bug: 'keeps its port', breaks: 'stop', input: inputOf(() => ({ stop: async () => undefined })) },
  {
    bug: 'stops without waiting for what is under way',
    breaks: 'stop',
    input: inputOf((input) => ({
      read: async (socket) => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        await LineInput.prototype.read.call(input, socket);
      },
      stop: async () => void input.server?.close(),
    })),
  },
  {
    bug: 'takes nothing more once there was no room',
    breaks: 'busy',
    input: inputOf((input) => ({
      hand: async (socket, messages) => {
        await LineInput.prototype.hand.call(input, socket, messages).catch(() => input.server?.close());
      },
    })),
  },
  {
    bug: 'gives up at what is no text',
    breaks: 'total',
    input: inputOf((input) => ({
      hand: async (socket, messages) => {
        const decoder = new TextDecoder('utf-8', { fatal: true });
        const isText = (bytes: Uint8Array): boolean => {
          try {
            return decoder.decode(bytes).length > 0;
          } catch {
            input.server?.close();
            return false;
          }
        };
        await LineInput.prototype.hand.call(input, socket, messages.filter(isText));
      },
    })),
  },
];
