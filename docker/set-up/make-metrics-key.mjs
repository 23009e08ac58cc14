// Makes the key by which Prometheus reads metrics, where the one that is there is not let in: make-metrics-key.mjs FILE
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
const { ALLUVIUM_URL: url, ALLUVIUM_KEY_FILE: adminKeyFile } = process.env;

const read = (path) => readFileSync(path, 'utf8').trim();

async function isLetIn(key) {
  const answer = await fetch(new URL('/metrics', url), { headers: { authorization: `Bearer ${key}` } });
  await answer.body?.cancel();
  if (answer.status === 401 || answer.status === 403) return false;
  if (!answer.ok) throw new Error(`${url} answered ${answer.status} to a request for metrics.`);
  return true;
}

async function makeKey() {
  const answer = await fetch(new URL('/api/v1/keys', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${read(adminKeyFile)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'prometheus', scopes: ['metrics'] }),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${url} refused a key: ${answer.status} ${body.code}: ${body.detail}`);
  return body.key;
}

try {
  if (!existsSync(file) || !(await isLetIn(read(file)))) {
    writeFileSync(`${file}.new`, await makeKey(), { mode: 0o600 });
    // For the group too, which is Prometheus' own.
    chmodSync(`${file}.new`, 0o440);
    renameSync(`${file}.new`, file);
  }
  console.log('Prometheus has its key.');
} catch (error) {
  console.error(`Prometheus has no key: ${error.message}`);
  process.exitCode = 1;
}
