import { MongoServerError } from 'mongodb';
import { expect, it } from 'vitest';
import { mongoProblem } from './mongodb-problem.js';

const fromServer = (message: string, code: number): Error =>
  new MongoServerError({ message, code, errmsg: message });

it.each([
  [fromServer('Authentication failed.', 18), /let the user in.*MONGODB_PASSWORD_FILE/],
  [fromServer('not authorized on alluvium', 13), /denies the user.*MONGODB_DATABASE/],
  [fromServer('waiting for replication timed out', 64), /No majority/],
  [
    fromServer('Transaction numbers are only allowed on a replica set member or mongos', 20),
    /no member of a replica set/,
  ],
  [fromServer('No space left on device', 14031), /refuses a command.*MONGODB_URI/],
  [
    new Error('read', { cause: new Error("Hostname/IP does not match certificate's altnames") }),
    /MONGODB_TLS_CA/,
  ],
  [new Error('connect ECONNREFUSED'), /doesn't answer.*MONGODB_URI/],
  ['odd', /doesn't answer \(odd\)/],
])('what went wrong is told with the setting by which it is mended: %s', (error, says) => {
  expect(mongoProblem(error)).toMatch(says);
});
