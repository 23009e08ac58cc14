import { expect, it } from 'vitest';
import type { StoredNotice } from '../stored-notices.port.js';
import { InProcessStoredNotices } from './in-process-stored-notices.js';

const notice = (name: string): StoredNotice => ({ stream: { name } as never, blocks: [] });

it('tells each listener of what is stored while it listens', () => {
  const notices = new InProcessStoredNotices();
  const heard: string[] = [];
  const hear =
    (who: string) =>
    ({ stream }: StoredNotice) =>
      void heard.push(`${who} ${stream.name}`);
  notices.tell(notice('before'));
  const endA = notices.listen(hear('a'));
  notices.tell(notice('first'));
  notices.listen(hear('b'));
  notices.tell(notice('second'));
  endA();
  endA();
  notices.tell(notice('third'));
  expect(heard).toEqual(['a first', 'a second', 'b second', 'b third']);
});

it('never fails by a listener: the others are told, and the error is handed on', () => {
  const errors: unknown[] = [];
  const notices = new InProcessStoredNotices((error) => void errors.push(error));
  const heard: string[] = [];
  notices.listen(() => {
    throw new Error('no room');
  });
  notices.listen(({ stream }) => void heard.push(stream.name));
  notices.tell(notice('web'));
  expect([heard, errors.map(String)]).toEqual([['web'], ['Error: no room']]);
});
