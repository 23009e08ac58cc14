import { expect, it } from 'vitest';
import type { Principal } from '#access';
import { TooManyGroupsError, type EventSelection } from '#plugin-kit';
import { QuestionRunner } from './question-runner.js';
import { SearchSlots } from './search-slots.js';
import { SharedWork } from './shared-work.js';

const settings = { current: { searchesAtOnce: 9, searchesAtOncePerKey: 2 } };
const makeRunner = () => new QuestionRunner(new SearchSlots(settings as never), new SharedWork());
const caller = { keyId: 'k', tenant: 'acme' } as unknown as Principal;

function makeAsk(tenant = 'acme', kind = 'aggregate') {
  const filter = { kind: 'all', of: [] } as const;
  const question: EventSelection = { tenant, streams: [], from: 0n, to: 1n, filter, timeoutMs: 1 };
  return { caller: { ...caller, keyId: tenant }, kind, question, signal: new AbortController().signal };
}

it('answers those who ask the same at once by one execution, and no others', async () => {
  const runner = makeRunner();
  let runs = 0;
  const work = async (): Promise<number> => {
    await new Promise((resolve) => setImmediate(resolve));
    return (runs += 1);
  };
  const same = await Promise.all([runner.run(makeAsk(), work), runner.run(makeAsk(), work)]);
  expect(same).toEqual([1, 1]);
  await Promise.all([runner.run(makeAsk(), work), runner.run(makeAsk('acme', 'fields'), work)]);
  await Promise.all([runner.run(makeAsk(), work), runner.run(makeAsk('other'), work)]);
  expect(runs).toBe(5);
});

it('counts questions as searches of the key', async () => {
  const runner = makeRunner();
  const forever = () => new Promise<never>(() => undefined);
  for (let i = 0; i < 2; i += 1) runner.run(makeAsk(), forever).catch(() => undefined);
  await expect(runner.run(makeAsk(), forever)).rejects.toMatchObject({ code: 'too_many_searches' });
});

it('gives an answer that would be too large a code of its own', async () => {
  const refuse = () => Promise.reject(new TooManyGroupsError('Choose a longer interval.'));
  const asked = makeRunner().run(makeAsk(), refuse);
  await expect(asked).rejects.toMatchObject({
    code: 'too_many_groups',
    message: 'Choose a longer interval.',
  });
});
