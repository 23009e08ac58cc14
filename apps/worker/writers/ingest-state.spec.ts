import { describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import type { BlockId } from '#event-model';
import { STATE } from '../testing/scene.js';
import { FencedError, IngestStateRecord } from './ingest-state.js';

const BLOCK = 'a'.repeat(32) as BlockId;
const fenced = expect.objectContaining({ code: 'fenced', retryable: false });

describe('the ingest state', () => {
  it('gives the next process what the last one was at', async () => {
    const catalogue = new MemoryCatalogue();
    const first = await IngestStateRecord.open(catalogue, STATE, 1);
    await first.before('batch-1', [BLOCK]);
    expect((await IngestStateRecord.open(catalogue, STATE, 2)).state).toMatchObject({
      phase: 'BEFORE',
      batch: 'batch-1',
      blocks: [BLOCK],
    });
  });

  it('is AFTER only together with what the batch came to', async () => {
    const catalogue = new MemoryCatalogue();
    const record = await IngestStateRecord.open(catalogue, STATE, 1);
    await record.before('batch-1', [BLOCK]);
    await record.after([{ collection: 'ledger', id: 'x', value: { stored: 1 } }]);
    expect((await IngestStateRecord.open(catalogue, STATE, 2)).state).toMatchObject({ phase: 'AFTER' });
    expect((await catalogue.read('ledger', 'x'))?.value).toEqual({ stored: 1 });
  });

  it('refuses a writer of an older assignment, also one that was faster to begin', async () => {
    const catalogue = new MemoryCatalogue();
    const old = await IngestStateRecord.open(catalogue, STATE, 1);
    await old.before('batch-1', [BLOCK]);
    const young = await IngestStateRecord.open(catalogue, STATE, 2);
    await expect(old.after([])).rejects.toEqual(fenced);
    await expect(old.before('batch-2', [BLOCK])).rejects.toThrow(FencedError);
    await young.after([]);
    expect((await catalogue.read('ingest-state', STATE))?.value).toMatchObject({
      epoch: 2,
      batch: 'batch-1',
    });
  });

  it('refuses an older assignment of a stream that was never written', async () => {
    const catalogue = new MemoryCatalogue();
    const old = await IngestStateRecord.open(catalogue, STATE, 1);
    const young = await IngestStateRecord.open(catalogue, STATE, 2);
    await expect(old.before('batch-1', [BLOCK])).rejects.toEqual(fenced);
    await young.before('batch-2', [BLOCK]);
  });

  it('is not opened by an older assignment than the one that has it', async () => {
    const catalogue = new MemoryCatalogue();
    await IngestStateRecord.open(catalogue, STATE, 5);
    await expect(IngestStateRecord.open(catalogue, STATE, 4)).rejects.toEqual(fenced);
  });

  it('says that it is fenced where another process changed what the batch adds to', async () => {
    const catalogue = new MemoryCatalogue();
    const record = await IngestStateRecord.open(catalogue, STATE, 1);
    await record.before('batch-1', [BLOCK]);
    await catalogue.write([{ collection: 'ledger', id: 'x', value: {} }]);
    const late = { collection: 'ledger', id: 'x', value: {}, ifVersion: 0 };
    await expect(record.after([late])).rejects.toEqual(fenced);
  });

  it('goes on after a write of which it heard nothing, though that arrives late', async () => {
    const catalogue = new MemoryCatalogue();
    const record = await IngestStateRecord.open(catalogue, STATE, 1);
    await record.before('batch-1', [BLOCK]);
    const write = catalogue.write.bind(catalogue);
    let arrive = async (): Promise<unknown> => undefined;
    catalogue.write = async (changes) => {
      arrive = () => write(changes);
      throw new Error('no answer');
    };
    await expect(record.after([])).rejects.toThrow('no answer');
    catalogue.write = write;
    await record.refresh();
    expect(await arrive()).toMatchObject([{ kind: 'conflict' }]);
    await record.after([]);
    expect(record.state).toMatchObject({ phase: 'AFTER', batch: 'batch-1' });
  });

  it('goes on after a write of which it heard nothing', async () => {
    const catalogue = new MemoryCatalogue();
    const record = await IngestStateRecord.open(catalogue, STATE, 1);
    const write = catalogue.write.bind(catalogue);
    catalogue.write = async (changes) => {
      await write(changes);
      throw new Error('no answer');
    };
    await expect(record.before('batch-1', [BLOCK])).rejects.toThrow('no answer');
    catalogue.write = write;
    await record.refresh();
    expect(record.state).toMatchObject({ phase: 'BEFORE', batch: 'batch-1' });
    await record.after([]);
  });
});
