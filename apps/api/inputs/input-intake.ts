import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal, Scope } from '#access';
import { RunTimeSettings } from '#app-config';
import { AUTO_PARSER, InputBusyError, type InputBatch } from '#plugin-kit';
import type { EventLayout } from '../ingest/event-layout.js';
import { IngestService } from '../ingest/ingest.service.js';
import { IngestMetrics } from '../metrics/ingest-metrics.js';
import { problemOf } from '../problems/problem-of.js';
import type { Problem } from '../problems/problem.js';
import type { JoinedMessages } from './join-messages.js';
import { plainAddress, type SourceRule } from './source-rules.js';

/** Milliseconds between two tries while there is no room. */
const TRY_AGAIN_MS = 200;
/** Begins the keys of inputs: no header can hold it, so that no client sends one of them. */
const OWN_KEYS = '§input/';
const SCOPES: ReadonlySet<Scope> = new Set<Scope>(['events:write', 'streams:create']);

/** Messages of an input on their way in. */
export interface IntakeRequest {
  readonly input: string;
  readonly rule: SourceRule;
  readonly batch: Pick<InputBatch, 'peer' | 'format' | 'parser' | 'key'>;
  readonly joined: JoinedMessages;
}

/** Takes messages in by the way that requests take. */
@Injectable()
export class InputIntake {
  constructor(
    @Inject(IngestService) private readonly ingest: IngestService,
    @Inject(IngestMetrics) private readonly metrics: IngestMetrics,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
  ) {}

  /** Bytes that a message may have. */
  get messageBytes(): number {
    return this.settings.current.limitsLineBytes;
  }

  /**
   * Resolves when the messages are durable; waits while there is no room.
   *
   * @param waiting told why it waits, at every try
   * @throws InputBusyError where `signal` ended the waiting; Problem where waiting wouldn't help. Nothing was written.
   */
  async accept(
    request: IntakeRequest,
    signal: AbortSignal,
    waiting: (problem: Problem) => void,
  ): Promise<void> {
    const { joined } = request;
    const started = performance.now();
    for (;;) {
      const problem = await this.#try(request);
      if (!problem) break;
      this.metrics.countRefused(problem.code);
      if (!problem.retryable) throw problem;
      waiting(problem);
      await waitFor(signal, problem);
    }
    this.metrics.countAccepted(joined.count, joined.body.length, (performance.now() - started) / 1_000);
  }

  async #try({ input, rule, batch, joined }: IntakeRequest): Promise<Problem | undefined> {
    try {
      await this.ingest.accept({
        principal: principalOf(input, rule),
        stream: rule.stream,
        headers: batch.key === undefined ? {} : { idempotencyKey: `${OWN_KEYS}${input}/${batch.key}` },
        layout: layoutOf(rule, batch),
        body: joined.body,
        input,
        ...peerOf(batch),
      });
      return undefined;
    } catch (error) {
      const problem = problemOf(error);
      // It was taken before, and goes elsewhere by now, or is read otherwise: its key says what it is.
      return batch.key !== undefined && problem.code === 'idempotency_key_reused' ? undefined : problem;
    }
  }
}

async function waitFor(signal: AbortSignal, problem: Problem): Promise<void> {
  try {
    await pause(TRY_AGAIN_MS, undefined, { signal });
  } catch (cause) {
    throw new InputBusyError(`There was no room in time: ${problem.message}`, cause);
  }
}

/** An input stands for its senders; its rule says for which tenant. */
function principalOf(input: string, { tenant, stream, source = input }: SourceRule): Principal {
  // No key has an underscore in its id; receipts take 63 characters.
  const keyId = `input_${input}`.slice(0, 63);
  return { keyId, keyName: keyId, tenant, scopes: SCOPES, source, defaultStream: stream };
}

/** Whose lines they are, for text: JSON goes on byte by byte. A record of Kafka doesn't say who sent it. */
function peerOf({ peer, format }: IntakeRequest['batch']): { readonly peer?: string } {
  const isKnown = format === 'lines' && peer.transport !== 'kafka';
  return isKnown ? { peer: plainAddress(peer.address) } : {};
}

function layoutOf(rule: SourceRule, { format, parser }: IntakeRequest['batch']): EventLayout {
  if (format === 'ndjson') return { form: 'ndjson', format, strict: false };
  const zone = rule.zone === undefined ? {} : { zone: rule.zone };
  return { form: 'text', format, parser: rule.parser ?? parser ?? AUTO_PARSER, ...zone, strict: false };
}
