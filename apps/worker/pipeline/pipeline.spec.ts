import { describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import type { LineEnricher } from '#enrichment';
import type { Delivery } from '#event-bus';
import { RedactionRules, replacementsOf } from '#redaction';
import { deliveriesOf, STREAM } from '../testing/scene.js';
import { pipe } from './build-pipeline.js';
import { createEnrichStep } from './enrich.step.js';
import { createFindStreamStep } from './find-stream.step.js';
import { createParseStep } from './parse.step.js';
import { createRedactStep, redactBlock } from './redact.step.js';
import { ok } from './step-result.js';
import { createWriteStep } from './write.step.js';

describe('the pipeline', () => {
  const delivery = deliveriesOf()('a');

  it('finds the stream of a block by its tenant and name', async () => {
    const step = createFindStreamStep({
      find: async (tenant, name) => (tenant === 'acme' && name === 'web' ? STREAM : undefined),
    });
    expect(await step(delivery)).toEqual({ kind: 'ok', value: { delivery, stream: STREAM } });
  });

  it('keeps a block waiting whose stream is not known, and says what would mend it', async () => {
    const step = createFindStreamStep({ find: async () => undefined });
    await expect(step(delivery)).rejects.toMatchObject({
      code: 'stream_unknown',
      retryable: true,
      message: expect.stringMatching(/"web" of tenant "acme".*create it/),
    });
  });

  it('parses text lines, and leaves JSON as it came', async () => {
    const parsed = { ...delivery.block, raw: new Uint8Array([10]) };
    const step = createParseStep({ parse: async () => parsed });
    const routed = { delivery, stream: STREAM };
    expect(await step(routed)).toEqual(ok(routed));
    const header = { ...delivery.block.header, format: 'lines' as const };
    const text = { ...delivery, block: { ...delivery.block, header } };
    expect(await step({ delivery: text, stream: STREAM })).toEqual(
      ok({ delivery: { ...delivery, block: parsed }, stream: STREAM }),
    );
  });

  it('adds what is known of events, by the type of their stream, and leaves all else as it came', async () => {
    const enriched = Buffer.from('b\n');
    const body = async (bytes: Uint8Array, type: unknown) => (type === STREAM.eventType ? enriched : bytes);
    const step = createEnrichStep({
      enricher: async ({ name }) => (name === 'web' ? ({ body } as unknown as LineEnricher) : undefined),
    });
    const raw = Buffer.from('raw\n');
    const text = { ...delivery, block: { ...delivery.block, raw } };
    expect(await step({ delivery: text, stream: STREAM })).toEqual(
      ok({ delivery: { ...text, block: { ...text.block, body: enriched } }, stream: STREAM }),
    );
    const routed = { delivery, stream: { ...STREAM, name: 'other' } };
    expect(await step(routed)).toEqual(ok(routed));
    const same = { delivery, stream: { ...STREAM, eventType: { ...STREAM.eventType } } };
    const result = await step(same);
    expect(result.kind === 'ok' && result.value).toBe(same);
  });

  it('redacts what is stored by the rules for that, and leaves all else as it came', async () => {
    const rule = { name: 'r', action: 'mask', at: 'store', fields: ['user'], detectors: ['email'] } as const;
    const rules = new RedactionRules(new MemoryCatalogue(), replacementsOf(Buffer.alloc(32)));
    const by = { key_id: 'k', key_name: 'k' };
    await rules.put('acme', { ...rule, stream: 'web', changed_at: '', changed_by: by });
    const step = createRedactStep(rules);
    const routed = { delivery, stream: STREAM };
    expect(await step(routed)).toEqual(ok(routed));
    const redact = async (body: string, raw?: string): Promise<readonly (string | undefined)[]> => {
      const block = { ...delivery.block, body: Buffer.from(body), ...(raw && { raw: Buffer.from(raw) }) };
      const made = await redactBlock(block, rules);
      return [made.body, made.raw].map((bytes) => bytes && Buffer.from(bytes).toString());
    };
    expect(await redact('{"user":"bob"}\n')).toEqual(['{"user":"[redacted:field]"}\n', undefined]);
    expect(await redact('{"m":"a@b.com"}\n', 'to a@b.com\n')).toEqual([
      '{"m":"[redacted:email]"}\n',
      'to [redacted:email]\n',
    ]);
  });

  it('asks for the next block only when the writer has room', async () => {
    let free = (): void => {};
    const offered: Delivery[] = [];
    const step = createWriteStep({
      offer: (_stream, block) => (offered.push(block), new Promise<void>((resolve) => (free = resolve))),
    });
    let ended = false;
    const writing = step({ delivery, stream: STREAM }).then(() => (ended = true));
    await new Promise(setImmediate);
    expect([offered, ended]).toEqual([[delivery], false]);
    free();
    await writing;
  });

  it('ends at a step that drops', async () => {
    const both = pipe(
      async () => ({ kind: 'drop', policy: 'sample' }) as const,
      async () => ok('never'),
    );
    expect(await both(1)).toEqual({ kind: 'drop', policy: 'sample' });
    expect(
      await pipe(
        async (n: number) => ok(n + 1),
        async (n: number) => ok(n * 2),
      )(1),
    ).toEqual(ok(4));
  });
});
