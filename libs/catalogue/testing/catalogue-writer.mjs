// Run by the crash tests with the built code: writes until it is killed and prints what was acknowledged.
// node catalogue-writer.mjs <directory> <round> [<fault point> <times until SIGKILL>]
import { writeSync } from 'node:fs';
import { LmdbCatalogue } from '../../../dist/libs/catalogue/lmdb/lmdb-catalogue.js';

const [directory, round, point, times] = process.argv.slice(2);
let reached = 0;

function reach(faultPoint) {
  if (faultPoint === point && ++reached === Number(times)) process.kill(process.pid, 'SIGKILL');
}

const catalogue = LmdbCatalogue.open({ directory, reach });

async function write(writer) {
  for (let i = 0; ; i += 1) {
    const ids = [`${round}/${writer}/${i}/a`, `${round}/${writer}/${i}/b`];
    await catalogue.write(
      ids.map((id) => ({ collection: 'load', id, value: { id, pad: 'x'.repeat(i % 900) } })),
    );
    writeSync(1, `${ids.join('\n')}\n`);
  }
}

await Promise.all([write(0), write(1), write(2), write(3)]);
