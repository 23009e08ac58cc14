import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERSION, versitygw } from './versitygw.mjs';

const END_WITH_INPUT = fileURLToPath(new URL('end-with-input.sh', import.meta.url));
const KEY = 'alluvium';
const BUCKET = 'archives';
const ANSWER_MS = 2_000;

/** An object store with S3's protocol, one bucket and its owner's key: versitygw over a folder. */
export const s3 = {
  name: 's3',
  about: `S3 storage: versitygw ${VERSION} over a temporary folder; needs go, which builds it once`,
  ports: 1,

  /**
   * What to start. `tls` (paths of `cert` and `key`, PEM) has it speak TLS; `virtualHost`: a bucket may also be asked for by
   * the name of its host, below this one; `versions`: buckets can keep versions, and lock objects. The folder must be on a file system with extended attributes.
   */
  async plan({ directory, ports: [port], password = randomBytes(12).toString('hex'), tls, ...more }) {
    const { virtualHost, versions } = more;
    const program = await versitygw();
    const data = join(directory, 'data');
    // A folder there is a bucket.
    await mkdir(join(data, BUCKET), { recursive: true });
    const kept = join(directory, 'versions');
    if (versions) await mkdir(kept, { recursive: true });
    const options = [
      ...['--port', `127.0.0.1:${port}`, '--access', KEY, '--secret', password, '--quiet'],
      ...(tls ? ['--cert', tls.cert, '--key', tls.key] : []),
      ...(virtualHost ? ['--virtual-domain', `${virtualHost}:${port}`] : []),
    ];
    return {
      command: END_WITH_INPUT,
      args: [program, ...options, 'posix', ...(versions ? ['--versioning-dir', kept] : []), data],
      variables: {
        S3_ENDPOINT: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
        S3_BUCKET: BUCKET,
        S3_REGION: 'us-east-1',
        S3_PATH_STYLE: 'true',
        S3_ACCESS_KEY_ID: KEY,
        S3_SECRET_ACCESS_KEY: password,
      },
      readVersion: () => answers(port).then(() => `versitygw ${VERSION}`),
    };
  },
};

function answers(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy()));
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`no answer within ${ANSWER_MS} ms`)));
    socket.once('error', reject);
  });
}
