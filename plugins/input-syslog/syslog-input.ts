import {
  DatagramListener,
  readTlsFiles,
  streamLimits,
  StreamListener,
  SyslogFramer,
  withoutEnd,
  type Input,
  type InputAddress,
  type InputContext,
  type TlsFiles,
} from '#plugin-kit';
import type { SyslogOptions } from './syslog-options.js';

type Listener = DatagramListener | StreamListener;

/** Where lines without another rule go. */
const LAYOUT = { format: 'lines', parser: 'syslog' } as const;

/** Takes syslog over each of the ports that are set. */
export class SyslogInput implements Input {
  #listeners: readonly Listener[] = [];

  constructor(private readonly context: InputContext<SyslogOptions>) {}

  async start(): Promise<readonly InputAddress[]> {
    const { udp_port, tcp_port, tls_port, tls } = this.context.options;
    const files = tls_port === undefined ? undefined : await readTlsFiles(this.context, tls);
    this.#listeners = [
      ...(udp_port === undefined ? [] : [this.#datagrams(udp_port)]),
      ...(tcp_port === undefined ? [] : [this.#streams(tcp_port)]),
      ...(tls_port === undefined ? [] : [this.#streams(tls_port, files)]),
    ];
    const addresses: InputAddress[] = [];
    for (const listener of this.#listeners) addresses.push(await listener.start());
    return addresses;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.stop()));
  }

  #datagrams(port: number): DatagramListener {
    const { host, receive_buffer_bytes: receiveBufferBytes } = this.context.options;
    return new DatagramListener(this.context, {
      ...LAYOUT,
      host,
      port,
      receiveBufferBytes,
      toMessage: withoutEnd,
    });
  }

  #streams(port: number, tls?: TlsFiles): StreamListener {
    const { options, messageBytes } = this.context;
    return new StreamListener(this.context, {
      ...LAYOUT,
      ...streamLimits(options),
      port,
      ...(tls && { tls }),
      newFramer: () => new SyslogFramer(messageBytes),
    });
  }
}
