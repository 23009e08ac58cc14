import { ArchiveStorageError, type ArchiveStorageErrorCode } from '../archive-storage.errors.js';

interface Fault {
  readonly matches: (facts: Facts) => boolean;
  readonly code: ArchiveStorageErrorCode;
  readonly mend: string;
}

interface Facts {
  readonly name: string;
  readonly system: string;
  readonly status: number;
  readonly message: string;
}

const named =
  (...names: readonly string[]) =>
  ({ name }: Facts): boolean =>
    names.includes(name);
const CERTIFICATE = /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY))/;

/** The last one is versitygw's. */
const KEY_FAULTS = [
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
  'ExpiredToken',
  'XAdminUserNotFound',
];
const REGION_FAULTS: ReadonlySet<string> = new Set([
  'AuthorizationHeaderMalformed',
  'PermanentRedirect',
  'IllegalLocationConstraintException',
]);

/** The first that matches says what is wrong and which setting mends it. */
const FAULTS: readonly Fault[] = [
  {
    matches: named('NoSuchBucket'),
    code: 'archive_storage_refused',
    mend: 'There is no such bucket: make it, or set S3_BUCKET.',
  },
  {
    matches: named('NoSuchKey', 'NotFound'),
    code: 'archive_object_missing',
    mend: 'There is no such object.',
  },
  {
    matches: named('NoSuchUpload'),
    code: 'archive_storage_unavailable',
    mend: 'The upload was given up by somebody else: it is tried again.',
  },
  {
    matches: named('InvalidRange'),
    code: 'archive_range_outside',
    mend: 'The range begins behind the end of the object.',
  },
  {
    matches: named('BadDigest', 'InvalidDigest', 'XAmzContentSHA256Mismatch', 'XAmzContentChecksumMismatch'),
    code: 'archive_storage_unavailable',
    mend: 'The bytes did not arrive as they were sent: it is tried again.',
  },
  {
    matches: named(...KEY_FAULTS),
    code: 'archive_storage_refused',
    mend: 'The store does not know the key: set S3_ACCESS_KEY_ID, and S3_SECRET_ACCESS_KEY or S3_SECRET_ACCESS_KEY_FILE.',
  },
  {
    matches: ({ name, message }) =>
      name === 'CredentialsProviderError' || /Could not load credentials/.test(message),
    code: 'archive_storage_refused',
    mend: 'There are no credentials: set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or those of AWS, or give the machine a role.',
  },
  {
    matches: ({ name, status }) => status === 301 || REGION_FAULTS.has(name),
    code: 'archive_storage_refused',
    mend: 'The bucket is in another region: set S3_REGION, and S3_ENDPOINT of that region.',
  },
  {
    matches: named('RequestTimeTooSkewed'),
    code: 'archive_storage_refused',
    mend: 'The clock of this machine and that of the store are too far apart: set the time.',
  },
  {
    matches: ({ name, status }) => status === 501 || name === 'NotImplemented',
    code: 'archive_storage_refused',
    mend: 'The store can’t do what archives need: set S3_ENDPOINT to one that has conditional writes and multipart uploads.',
  },
  {
    matches: ({ status }) => status === 403 || status === 401,
    code: 'archive_storage_refused',
    mend: 'The store denies it: see that the key of S3_ACCESS_KEY_ID is right and may get, put, list and delete objects below S3_PREFIX in S3_BUCKET.',
  },
  {
    matches: ({ system, message }) => CERTIFICATE.test(system) || /certificate/i.test(message),
    code: 'archive_storage_refused',
    mend: 'The certificate of the store isn’t trusted: set S3_TLS_CA to its authority, and name the host in S3_ENDPOINT as the certificate does.',
  },
  {
    matches: ({ status, name }) => status >= 500 || status === 429 || status === 408 || name === 'SlowDown',
    code: 'archive_storage_unavailable',
    mend: 'The store is overloaded or has a fault: it is tried again.',
  },
  {
    matches: ({ status }) => status === 409,
    code: 'archive_storage_unavailable',
    mend: 'Another writer was at the same object: it is tried again.',
  },
  {
    matches: ({ status }) => status >= 400,
    code: 'archive_storage_refused',
    mend: 'The store refuses the request: see that S3_ENDPOINT is one of S3, and try S3_PATH_STYLE.',
  },
];

/** What the port calls an error of the library; `what` was to be done. Of an error its name and text only. */
export function s3Fault(error: unknown, what: string): ArchiveStorageError {
  if (error instanceof ArchiveStorageError) return error;
  const facts = factsOf(error);
  const { code, mend } = FAULTS.find(({ matches }) => matches(facts)) ?? {
    code: 'archive_storage_unavailable' as const,
    mend: 'The store doesn’t answer: see that it runs at S3_ENDPOINT, with https where it wants TLS.',
  };
  const said = [facts.system || facts.name, facts.message].filter(Boolean).join(': ');
  return new ArchiveStorageError(code, `Could not ${what}. ${mend} (${said.slice(0, 300)})`, error);
}

/** Whether a conditional put came second. */
export function isTaken(error: unknown): boolean {
  const { name, status } = factsOf(error);
  return status === 412 || name === 'PreconditionFailed';
}

/** Whether a multipart upload is gone: finished by a try whose answer was lost, or given up. */
export function isUploadGone(error: unknown): boolean {
  return factsOf(error).name === 'NoSuchUpload';
}

function factsOf(error: unknown): Facts {
  if (!(error instanceof Error)) return { name: '', system: '', status: 0, message: String(error) };
  const { code } = error as { readonly code?: unknown };
  const { $metadata: metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return {
    name: error.name,
    system: typeof code === 'string' ? code : '',
    status: metadata?.httpStatusCode ?? 0,
    message: error.message.replaceAll(/\s+/g, ' '),
  };
}
