// Run by the full-disk test with the built code, under a limit on the size of files: writes until it is refused, reads,
// waits for a line (the limit was lifted), and writes again. Prints one JSON object a step.
import { once } from 'node:events';
import { LmdbCatalogue } from '../../../dist/libs/catalogue/lmdb/lmdb-catalogue.js';

// Without a listener the signal would end the process instead of failing the write.
process.on('SIGXFSZ', () => undefined);
const catalogue = LmdbCatalogue.open({ directory: process.argv[2] });
const change = (i) => ({ collection: 'load', id: String(i), value: 'x'.repeat(20_000) });
const say = (step) => process.stdout.write(`${JSON.stringify(step)}\n`);

let written = 0;
let refused;
while (refused === undefined) {
  await catalogue.write([change(written)]).then(
    () => (written += 1),
    (error) => (refused = error),
  );
}
const refusedAgain = await catalogue.write([change(written)]).catch((error) => error);
say({
  written,
  codes: [refused.code, refusedAgain.code],
  retryable: refused.retryable,
  readable: (await catalogue.scan('load')).length,
});
await once(process.stdin, 'data');
await catalogue.write([change(written)]);
await catalogue.stop();
say({ written: written + 1 });
process.exit(0);
