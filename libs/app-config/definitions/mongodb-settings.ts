import { z } from 'zod';
import { bootSetting } from './setting.js';
import { secret, text } from './text-types.js';
import type { ValueType } from './value-type.js';

const HOST = String.raw`(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?`;
const URI = new RegExp(
  String.raw`^mongodb(?:\+srv)?://${HOST}(?:,${HOST})*/?(?:\?(?<options>[^#@?]*))?$`,
  'i',
);

/** How a server is reached; what decides over what is durable, or is read, is none of them. */
const OPTIONS = ['replicaSet', 'tls', 'authSource', 'directConnection'];

/** User and password have settings of their own, so that this one may be shown. */
const mongodbUri: ValueType<string> = {
  schema: z.string().trim().refine(isMongodbUri),
  expected: `mongodb:// or mongodb+srv://, hosts, and options of ${OPTIONS.join(', ')}; no user, password or database`,
  print: String,
};

function isMongodbUri(given: string): boolean {
  const found = URI.exec(given);
  if (!found) return false;
  return [...new URLSearchParams(found.groups?.['options']).keys()].every((name) => OPTIONS.includes(name));
}

const databaseName: ValueType<string> = {
  schema: z
    .string()
    .trim()
    .regex(/^[\w-]{1,60}$/)
    .refine((name) => !['admin', 'config', 'local'].includes(name)),
  expected: '1 to 60 of letters, digits, "_" and "-", and not admin, config or local',
  print: String,
};

/** The MongoDB that keeps the catalogue; as other programs name it, without a prefix. */
export const mongodbSettings = {
  mongodbUri: bootSetting({
    path: 'mongodb.uri',
    env: 'MONGODB_URI',
    type: mongodbUri,
    otherwise: 'the store in `<data>/catalogue`',
    description:
      'A replica set of MongoDB (4.4 or newer) that keeps the catalogue: `mongodb://a:27017,b:27017,c:27017/?replicaSet=rs0`, with `&tls=true` for TLS. Set it before the first start.',
    masked: true,
  }),
  mongodbUser: bootSetting({
    path: 'mongodb.user',
    env: 'MONGODB_USER',
    type: text('the name of a user'),
    otherwise: 'MongoDB wants no password',
    description: 'User of MongoDB; it needs the role `readWrite` on the database.',
  }),
  mongodbPassword: bootSetting({
    path: 'mongodb.password',
    env: 'MONGODB_PASSWORD',
    type: secret(/^[^\r\n]+$/, 'the password of the user'),
    otherwise: 'MongoDB wants none',
    description: 'Password of that user.',
    secret: true,
  }),
  mongodbTlsCa: bootSetting({
    path: 'mongodb.tls_ca',
    env: 'MONGODB_TLS_CA',
    type: text('the path of a PEM file'),
    otherwise: 'those that Node trusts',
    description: 'Authorities that the certificates of MongoDB are checked by.',
  }),
  mongodbDatabase: bootSetting({
    path: 'mongodb.database',
    env: 'MONGODB_DATABASE',
    type: databaseName,
    default: 'alluvium',
    description: 'Database of the catalogue. Appliances that share a MongoDB need one each.',
  }),
};
