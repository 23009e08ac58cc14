import { createHash } from 'node:crypto';
import {
  InputBusyError,
  InputStartError,
  type Input,
  type InputAddress,
  type InputContext,
} from '#plugin-kit';
import type { KafkaCluster } from '#kafka-client';
import type { KafkaOptions } from './kafka-options.js';
import { linesOf } from './lines-of.js';
import type { RecordRange } from './partition-run.js';
import { startError } from './start-error.js';
import type { TopicReader } from './topic-reader.js';

const SASL = { PLAIN: 'plain', 'SCRAM-SHA-256': 'scram-sha-256', 'SCRAM-SHA-512': 'scram-sha-512' } as const;

/** Takes records of topics: each is durable before the group's offsets say so, and is taken once however that ends. */
export class KafkaInput implements Input {
  #reader: TopicReader | undefined;
  #clusterId = '';
  #isStopped = false;

  constructor(private readonly context: InputContext<KafkaOptions>) {}

  /** It listens nowhere: it asks. */
  async start(): Promise<readonly InputAddress[]> {
    const { topics, from } = this.context.options;
    const cluster = await this.#cluster();
    // Only who has such an input pays for its library.
    const { createClient } = await import('#kafka-client');
    const { TopicReader } = await import('./topic-reader.js');
    this.#reader = new TopicReader({
      kafka: createClient(cluster, this.#group),
      ...{ group: this.#group, topics, from },
      take: (range, signal) => this.#take(range, signal),
      expired: (records) => this.context.dropped('expired', records),
      failed: (error) => this.#fail(error),
    });
    try {
      this.#clusterId = await this.#reader.start();
      await this.#reader.read();
    } catch (error) {
      throw startError(error);
    }
    return [];
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    await this.#reader?.stop();
  }

  get #group(): string {
    return this.context.options.group ?? `alluvium-input.${this.context.name}`;
  }

  async #cluster(): Promise<KafkaCluster> {
    const { brokers, tls, sasl } = this.context.options;
    const text = async (path: string): Promise<string> =>
      Buffer.from(await this.context.readSecret(path)).toString();
    const password = sasl && (await text(sasl.password_file)).replace(/[\r\n]+$/, '');
    return {
      brokers,
      ...(tls && {
        tls: {
          ...(tls.ca_file !== undefined && { ca: await text(tls.ca_file) }),
          ...(tls.cert_file !== undefined && { cert: await text(tls.cert_file) }),
          ...(tls.key_file !== undefined && { key: await text(tls.key_file) }),
        },
      }),
      ...(sasl &&
        password !== undefined && {
          sasl: { mechanism: SASL[sasl.mechanism], username: sasl.username, password: () => password },
        }),
    };
  }

  async #take(range: RecordRange, signal: AbortSignal): Promise<void> {
    const { options, messageBytes } = this.context;
    const lines = linesOf(range.records, range, { format: options.format, maxBytes: messageBytes });
    await this.#accept(range, 'events', lines.events, signal);
    await this.#accept(range, 'refused', lines.refused, signal);
  }

  async #accept(
    range: RecordRange,
    part: keyof ReturnType<typeof linesOf>,
    messages: readonly Uint8Array[],
    signal: AbortSignal,
  ): Promise<void> {
    if (messages.length === 0) return;
    const isText = this.context.options.format === 'lines' && part === 'events';
    const answer = await this.context.accept(
      {
        peer: { address: range.topic, transport: 'kafka' },
        messages,
        format: isText ? 'lines' : 'ndjson',
        key: this.#keyOf(range, part),
      },
      signal,
    );
    // They stay in the topic: nothing is passed over.
    if (answer.kind === 'refused')
      throw new InputStartError(
        `The records of the topic ${range.topic} are not taken from offset ${range.from} of partition ${range.partition} on.`,
        `Name it in the topics of an entry of sources whose tenant and stream take events; last_error and the log say more.`,
      );
  }

  /** The same for the same records of the same topic of the same cluster, whoever asks. */
  #keyOf({ topic, partition, from, to }: RecordRange, part: string): string {
    const place = [this.#clusterId, this.#group, topic, partition, from, to, part].join('\0');
    return createHash('sha256').update(place).digest('hex');
  }

  #fail(error: unknown): void {
    if (this.#isStopped || error instanceof InputBusyError) return;
    this.context.failed(startError(error));
  }
}
