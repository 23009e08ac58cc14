import { MongoServerSelectionError } from 'mongodb';

const CERTIFICATE = /self[- ]signed certificate|unable to (get|verify)|certificate has expired|altnames/i;
const MAJORITY = /waiting for replication timed out|WriteConcern/i;
const UNAUTHORIZED = 13;
const AUTHENTICATION_FAILED = 18;
const NOT_A_SET = 20;

/** What is wrong with MongoDB, and the setting by which it is mended. Of errors their text and code only. */
export function mongoProblem(error: unknown): string {
  const errors = causesOf(error);
  const text = errors.map(({ message }) => message).join(': ');
  const has = (code: number): boolean => errors.some((each) => each.code === code);
  if (has(AUTHENTICATION_FAILED))
    return `MongoDB doesn't let the user in (${text}): set MONGODB_USER, and MONGODB_PASSWORD or MONGODB_PASSWORD_FILE; authSource in MONGODB_URI, where the user is not one of admin.`;
  if (has(UNAUTHORIZED))
    return `MongoDB denies the user of MONGODB_USER a command (${text}): give it the role readWrite on the database of MONGODB_DATABASE.`;
  if (CERTIFICATE.test(text))
    return `The certificate of MongoDB isn't trusted (${text}): set MONGODB_TLS_CA to its authority, and name the hosts in MONGODB_URI as the certificate does.`;
  if (/wire version/.test(text))
    return `MongoDB is too old (${text}): 4.4 or newer is needed, upgrade the servers of MONGODB_URI.`;
  if (has(NOT_A_SET) && /replica set/.test(text)) return STAND_ALONE;
  if (MAJORITY.test(text))
    return `No majority of MongoDB's members takes a write in time (${text}): see that most of those that MONGODB_URI leads to run.`;
  if (isWithoutPrimary(error))
    return `MongoDB has no primary (${text}): see that most of the members that MONGODB_URI leads to run and reach each other.`;
  if (errors.some(({ name }) => name === 'MongoServerError' || name === 'MongoBulkWriteError'))
    return `MongoDB refuses a command (${text}): look at the servers of MONGODB_URI.`;
  return `MongoDB doesn't answer (${text}): see that it runs at MONGODB_URI, with tls=true where it wants TLS and its replicaSet by its name.`;
}

/** Such a server can't say what is durable, and does not tell a repeated write from a new one. */
export const STAND_ALONE =
  'The server of MONGODB_URI is no member of a replica set: make it one, of itself alone at least (replSetInitiate).';

interface Cause {
  readonly name: string;
  readonly message: string;
  readonly code: unknown;
}

const LONGEST = 300;

/** An error, what it came from, and what each server said where none could be chosen; each text once. */
function causesOf(error: unknown): readonly Cause[] {
  const causes = new Map<string, Cause>();
  const add = (each: unknown): void => {
    if (!(each instanceof Error)) return;
    const message = each.message.replaceAll(/\s+/g, ' ').slice(0, LONGEST);
    const code = 'code' in each ? each.code : undefined;
    if (!causes.has(message)) causes.set(message, { name: each.name, message, code });
    add(each.cause);
    for (const server of serversOf(each)) add(server.error);
  };
  add(error);
  return causes.size === 0 ? [{ name: '', message: String(error), code: undefined }] : [...causes.values()];
}

function serversOf(error: Error) {
  return error instanceof MongoServerSelectionError ? [...(error.reason?.servers.values() ?? [])] : [];
}

function isWithoutPrimary(error: unknown): boolean {
  return error instanceof Error && serversOf(error).some(({ type }) => type.startsWith('RS'));
}
