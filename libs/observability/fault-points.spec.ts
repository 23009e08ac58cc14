import { expect, it } from 'vitest';
import { FaultPoints } from '#observability';

it('ends the process at the nth passing of its place, once, and nowhere else', () => {
  const log: string[] = [];
  const { reach } = new FaultPoints([{ name: 'bus.before-commit', nth: 2 }], () => log.push('killed'));
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

it('does nothing where none is set', () => {
  const { reach } = new FaultPoints([], () => expect.unreachable());
  reach('bus.before-commit');
});
