import type { Db } from 'mongodb';
import { expect, it } from 'vitest';
import { checkServer } from './check-server.js';

it.each([
  [{ isWritablePrimary: true }, /replSetInitiate/],
  [{ setName: 'rs0', isWritablePrimary: false }, /secondary.*directConnection/],
])('a server that can not keep a catalogue says so: %j', async (hello, says) => {
  const db = { admin: () => ({ command: async () => hello }) } as unknown as Db;
  expect((await checkServer(db)).problem).toMatch(says);
});
