import type { MongoClientOptions } from 'mongodb';
import type { MongoPlace } from './mongodb-place.js';

/** Milliseconds. */
export const PATIENCE = {
  /** For a server that may take the call: through it the election of a new primary goes unseen where it is quick. */
  selectionMs: 5_000,
  connectMs: 5_000,
  /** For a server to do what it is asked, and for a majority to have it. */
  serverMs: 8_000,
  /** For an answer: later than the server gives up by itself, so that nothing is applied when nobody waits any more. */
  answerMs: 10_000,
  /** Between looks at each member. */
  lookMs: 2_000,
} as const;

/** How the driver reaches a place. What decides over what is durable is not left to the URI. */
export function clientOptions({ user, password, ca }: MongoPlace): MongoClientOptions {
  return {
    appName: 'alluvium',
    ...(user !== undefined && { auth: { username: user, password: password?.() ?? '' } }),
    ...(ca !== undefined && { tlsCAFile: ca }),
    readPreference: 'primary',
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: PATIENCE.serverMs },
    retryReads: true,
    retryWrites: true,
    maxPoolSize: 20,
    serverSelectionTimeoutMS: PATIENCE.selectionMs,
    connectTimeoutMS: PATIENCE.connectMs,
    socketTimeoutMS: PATIENCE.answerMs,
    waitQueueTimeoutMS: PATIENCE.selectionMs,
    heartbeatFrequencyMS: PATIENCE.lookMs,
  };
}
