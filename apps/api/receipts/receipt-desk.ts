import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { EVENT_BUS, type InspectableEventBus } from '#event-bus';
import { nthBlockId } from '#event-model';
import { ReceiptReader, ReceiptSigner, type Receipt, type ReceiptVerdicts } from '#ledger';
import { Problem } from '../problems/problem.js';

/** Answers what became of the events of a receipt, to those who may ask. */
@Injectable()
export class ReceiptDesk {
  constructor(
    @Inject(ReceiptSigner) private readonly signer: ReceiptSigner,
    @Inject(ReceiptReader) private readonly reader: ReceiptReader,
    @Inject(EVENT_BUS) private readonly bus: InspectableEventBus,
  ) {}

  /** @throws Problem `receipt_unknown`, the same for forged, foreign and forgotten ones. */
  async read(principal: Principal, text: string): Promise<ReceiptVerdicts> {
    const receipt = this.signer.verify(text, principal.tenant);
    const mayRead = receipt?.keyId === principal.keyId || principal.scopes.has('quarantine:read');
    const verdicts = receipt && mayRead ? await this.reader.read(receipt) : undefined;
    if (!verdicts) throw new Problem('receipt_unknown', 'This key has no such receipt.');
    return verdicts;
  }

  /** Waits until the receipt's events are settled; undefined where they still aren't after `seconds`. */
  async settled(tenant: string, text: string, seconds: number): Promise<ReceiptVerdicts | undefined> {
    const receipt = this.signer.verify(text, tenant);
    if (!receipt || !(await this.bus.whenCommitted(blocksOf(receipt), seconds * 1_000))) return undefined;
    return this.reader.read(receipt);
  }
}

function blocksOf({ first, blocks }: Receipt) {
  return Array.from({ length: blocks }, (_, n) => nthBlockId(first, n));
}
