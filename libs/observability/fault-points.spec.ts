import { expect, it } from 'vitest';
import { FaultPoints } from '#observability';

it('ends the process at the nth passing of its place, once, and nowhere else', () => {
  const log: string[] = [];
  const { reach } = new FaultPoints([{ name: 'bus.before-commit', nth: 2, fault: 'kill' }], () =>
    log.push('killed'),
  );
  for (const name of ['bus.before-commit', 'bus.after-commit', 'bus.before-commit', 'bus.before-commit']) {
    log.push(name);
    reach(name);
  }
  expect(log).toEqual([
    'bus.before-commit',
    'bus.after-commit',
    'bus.before-commit',
    'killed',
    'bus.before-commit',
  ]);
});

it('fails each time that is set, and no other', () => {
  const place = { name: 'worker.insert-answered', fault: 'error' } as const;
  const { reach } = new FaultPoints(
    [
      { ...place, nth: 1 },
      { ...place, nth: 3 },
    ],
    () => expect.unreachable(),
  );
  const pass = () => reach('worker.insert-answered');
  expect(pass).toThrow('worker.insert-answered');
  expect(pass).not.toThrow();
  expect(pass).toThrow('worker.insert-answered');
  expect(pass).not.toThrow();
});

it('does nothing where none is set', () => {
  const { reach } = new FaultPoints([], () => expect.unreachable());
  reach('bus.before-commit');
});
