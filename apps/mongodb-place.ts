import type { Settings } from '#app-config';
import type { MongoPlace } from '#catalogue';

/** The MongoDB that settings name; undefined where they name none. */
export function mongodbPlace({ boot }: Settings): MongoPlace | undefined {
  const { mongodbUri: uri, mongodbUser: user, mongodbPassword: password, mongodbTlsCa: ca } = boot;
  if (uri === undefined) return undefined;
  return {
    uri,
    database: boot.mongodbDatabase,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password: () => password.reveal() }),
    ...(ca !== undefined && { ca }),
  };
}
