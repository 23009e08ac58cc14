import { describe, expect, it } from 'vitest';
import { begun, watchedBody } from './watched-body.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
async function* pieces(sizes: readonly number[], made: number[] = []): AsyncGenerator<Uint8Array> {
  for (const size of sizes) {
    made.push(size);
    yield new Uint8Array(size);
  }
}

describe('a body that is sent', () => {
  it('is cut into chunks, each made when the one before was taken', async () => {
    const made: number[] = [];
    const sizes: number[] = [];
    for await (const chunk of watchedBody(pieces([600 * 1024, 1], made), () => expect.fail())) {
      sizes.push(chunk.length);
      expect(made.length).toBe(sizes.length > 3 ? 2 : 1);
    }
    expect(sizes).toEqual([256 * 1024, 256 * 1024, 88 * 1024, 1]);
  });

  it('is given up when its client takes nothing for too long, not when its server is slow', async () => {
    let stalls = 0;
    const slow = async function* (): AsyncGenerator<Uint8Array> {
      await pause(60);
      yield* pieces([1, 1]);
    };
    const body = watchedBody(slow(), () => void (stalls += 1), 30);
    await body.next();
    expect(stalls).toBe(0);
    await pause(60);
    expect(stalls).toBe(1);
    await body.return(undefined);
  });
});

describe('a sequence that has begun', () => {
  it('fails at once where its first element does', async () => {
    const failure = Promise.reject(new Error('before the first'));
    const broken = async function* (): AsyncGenerator<number> {
      yield await failure;
    };
    await expect(begun(broken())).rejects.toThrow('before the first');
  });

  it('has all elements, and ends its source when it is left', async () => {
    let isEnded = false;
    const source = async function* (): AsyncGenerator<number> {
      try {
        yield 1;
        yield 2;
      } finally {
        isEnded = true;
      }
    };
    const seen: number[] = [];
    for await (const n of await begun(source())) seen.push(n);
    expect([seen, isEnded]).toEqual([[1, 2], true]);
    isEnded = false;
    for await (const _ of await begun(source())) break;
    expect(isEnded).toBe(true);
  });
});
