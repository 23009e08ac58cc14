import { describe, expect, it } from 'vitest';
import { SharedWork } from './shared-work.js';

function scene() {
  const shared = new SharedWork();
  const begun: AbortSignal[] = [];
  let end: (answer: string) => void = () => undefined;
  const work = (signal: AbortSignal): Promise<string> => {
    begun.push(signal);
    return new Promise((resolve, reject) => {
      end = resolve;
      signal.addEventListener('abort', () => reject(new Error('ended')));
    });
  };
  const ask = (question: string, leave = new AbortController()) => ({
    leave: () => leave.abort(new Error('left')),
    answer: shared.run(question, leave.signal, work),
  });
  return { ask, begun, end: (answer: string) => end(answer) };
}

describe('work that several ask for', () => {
  it('is done once, and answers all', async () => {
    const { ask, begun, end } = scene();
    const asked = [ask('q'), ask('q'), ask('q')];
    end('answer');
    expect(await Promise.all(asked.map(({ answer }) => answer))).toEqual(['answer', 'answer', 'answer']);
    expect(begun).toHaveLength(1);
    void ask('q').answer;
    expect(begun).toHaveLength(2);
  });

  it('is not shared by other questions', () => {
    const { ask, begun } = scene();
    void ask('q').answer;
    void ask('r').answer;
    expect(begun).toHaveLength(2);
  });

  it('goes on when one leaves, and ends when the last one does', async () => {
    const { ask, begun } = scene();
    const [first, second] = [ask('q'), ask('q')];
    first.leave();
    await expect(first.answer).rejects.toThrow('left');
    expect(begun[0]?.aborted).toBe(false);
    second.leave();
    await expect(second.answer).rejects.toThrow('left');
    expect(begun[0]?.aborted).toBe(true);
  });

  it('that everyone left is begun anew for who comes then', async () => {
    const { ask, begun, end } = scene();
    const first = ask('q');
    first.leave();
    await expect(first.answer).rejects.toThrow('left');
    const second = ask('q');
    end('again');
    expect(await second.answer).toBe('again');
    expect(begun).toHaveLength(2);
  });

  it('that fails fails for all, and is not begun for who left already', async () => {
    const { ask, begun } = scene();
    const shared = new SharedWork();
    const fails = [1, 2].map(() =>
      shared.run('q', new AbortController().signal, () => Promise.reject(new Error('broken'))),
    );
    for (const fail of fails) await expect(fail).rejects.toThrow('broken');
    const gone = new AbortController();
    gone.abort(new Error('gone'));
    await expect(ask('q', gone).answer).rejects.toThrow('gone');
    expect(begun).toHaveLength(0);
  });
});
