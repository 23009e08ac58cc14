// Run by the crash test with the built code: stores blocks until it is killed, and prints the number of each insert that was done.
// node tier-writer.mjs <directory> <stream as JSON> <round>
import { writeSync } from 'node:fs';
import plugin from '../../../dist/plugins/tier-clickhouse/index.js';
import { makeRound } from './crash-round.mjs';

const [directory, streamText, round] = process.argv.slice(2);
const stream = JSON.parse(streamText);

const tier = await plugin.create({
  dataDirectory: directory,
  scratchDirectory: `${directory}/scratch`,
  memoryBytes: 1e9,
  concurrency: 4,
  reach: () => undefined,
});
await tier.prepare(stream);
for (let n = 0; ; n += 1) {
  const blocks = makeRound(stream, Number(round), n);
  await tier.insert({ stream, token: `${round}-${n}`, blocks, skip: [] });
  writeSync(1, `${n}\n`);
}
