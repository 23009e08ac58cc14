import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { BlockGatherer, type GatherRequest, type Placed, type RequestPart } from '#event-bus';
import { nowNs, type BlockHeader } from '#event-model';
import { ReceiptSigner, type ReceiptBearer, type ReceiptPlacement } from '#ledger';
import { Problem } from '../problems/problem.js';
import { Admission } from './admission.js';

const HOUR_MS = 3_600_000;

/** Framed events with where they go and who vouches for them. */
export interface Shipment extends Pick<BlockHeader, 'source' | 'format' | 'count'> {
  readonly bearer: ReceiptBearer;
  readonly parser: string | undefined;
  /** Of times in text that stand without one. Default UTC. */
  readonly zone?: string | undefined;
  /** Address of who sent them, where their transport tells. */
  readonly peer?: string | undefined;
  readonly body: Uint8Array;
  /** Where rules send the events, in place of the bearer's stream, those that are dropped last; a single one has all of them. */
  readonly parts?: readonly RequestPart[];
  readonly idempotencyKey?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** The durable promise that a 202 stands for. */
export interface Acceptance {
  readonly receipt: string;
  readonly accepted: number;
  /** The same request was accepted before; nothing was written now. */
  readonly replayed: boolean;
}

/** Puts events on the bus, where there is room for them, and makes out their receipt. */
@Injectable()
export class EventAppender {
  constructor(
    @Inject(Admission) private readonly admission: Admission,
    @Inject(BlockGatherer) private readonly gatherer: BlockGatherer,
    @Inject(ReceiptSigner) private readonly signer: ReceiptSigner,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
  ) {}

  /**
   * Resolves when the events are durable.
   *
   * @throws EventBusError as the bus; Problem as `Admission.enter`, `idempotency_key_reused`
   */
  async append(shipment: Shipment): Promise<Acceptance> {
    const bytes = bytesOf(shipment);
    await this.admission.enter({ tenant: shipment.bearer.tenant, streams: streamsOf(shipment), bytes });
    let written = false;
    try {
      const acceptance = await this.#append(shipment);
      written = !acceptance.replayed;
      return acceptance;
    } finally {
      this.admission.leave(bytes, written);
    }
  }

  #append(shipment: Shipment): Promise<Acceptance> {
    const { idempotencyKey } = shipment;
    return idempotencyKey === undefined
      ? this.#appendOnce(shipment)
      : this.#appendKeyed(shipment, idempotencyKey);
  }

  async #appendOnce(shipment: Shipment): Promise<Acceptance> {
    const placed = await this.gatherer.append(requestOf(shipment));
    if (placed.kind === 'repeated') throw new RangeError('a request without an idempotency key was repeated');
    const receipt = this.signer.sign(placementOf(placed, shipment), shipment.bearer);
    return { receipt, accepted: shipment.count, replayed: false };
  }

  async #appendKeyed(shipment: Shipment, key: string): Promise<Acceptance> {
    const { bearer, count } = shipment;
    const bodyHash = hashOf(shipment);
    const expiresAt = Date.now() + this.settings.current.idempotencyWindowHours * HOUR_MS;
    let receipt = '';
    const outcome = await this.gatherer.append({
      ...requestOf(shipment),
      idempotency: { key: `${bearer.tenant}/${key}`, bodyHash, expiresAt },
      makeAnswer: (placed) => (receipt = this.signer.sign(placementOf(placed, shipment), bearer)),
    });
    if (outcome.kind === 'placed') return { receipt, accepted: count, replayed: false };
    if (outcome.bodyHash !== bodyHash)
      throw new Problem(
        'idempotency_key_reused',
        'The same Idempotency-Key came with other bytes, or for another stream, source or parser.',
      );
    // The same bytes have the same number of events.
    return { receipt: outcome.answer, accepted: count, replayed: true };
  }
}

/** What the receipt says: the blocks that have events, which come first, and what policies dropped. */
function placementOf(placed: Placed, { parts = [] }: Shipment): ReceiptPlacement {
  const gone = parts.filter(({ dropped }) => dropped !== undefined);
  if (gone.length === 0) return placed;
  const { first, firstRow, lastRow } = placed;
  const policies = new Map<string, number>();
  for (const { dropped = '', count } of gone) policies.set(dropped, (policies.get(dropped) ?? 0) + count);
  const blocks = Math.max(1, placed.blocks - gone.length);
  return { first, blocks, firstRow, lastRow, dropped: Object.fromEntries(policies) };
}

/** Streams that events go to, each once. */
function streamsOf({ bearer, parts }: Shipment): readonly string[] {
  if (!parts) return [bearer.stream];
  return [...new Set(parts.filter(({ dropped }) => dropped === undefined).map(({ stream }) => stream))];
}

/** Bytes that go to the bus. */
function bytesOf({ body, parts }: Shipment): number {
  return parts ? parts.reduce((sum, part) => sum + part.body.length, 0) : body.length;
}

function requestOf(shipment: Shipment): GatherRequest {
  const { bearer, source, format, parser, zone, body, count, parts, traceparent } = shipment;
  const { peer } = shipment;
  const whole: GatherRequest = {
    tenant: bearer.tenant,
    stream: bearer.stream,
    source,
    format,
    ...(parser !== undefined && { parser }),
    ...(zone !== undefined && { zone }),
    ...(peer !== undefined && { peer }),
    body,
    count,
    receivedAt: nowNs(),
    ...(traceparent !== undefined && { traceparent }),
  };
  if (!parts) return whole;
  const [only, ...others] = parts;
  return only && others.length === 0 ? { ...whole, ...only } : { ...whole, parts };
}

/** Of what was sent, whatever rules make of it: they may be others when it is sent again. */
function hashOf({ bearer, source, format, parser, body }: Shipment): string {
  const target = `${bearer.stream}\n${source}\n${format}\n${parser ?? ''}\n`;
  return createHash('sha256').update(target).update(body).digest('hex');
}
