import { afterEach, beforeEach, it } from 'vitest';
import { mergeThrough } from '../faults/merge-through.js';
import { MoveRig } from '../faults/move-rig.js';
import { startEnginesOfMoves, type EnginesOfMoves } from './moved-on-engines.js';

let engines: EnginesOfMoves;
let rig: MoveRig;
beforeEach(async () => {
  engines = await startEnginesOfMoves();
  rig = await MoveRig.start(engines.archive);
}, 180_000);
afterEach(async () => {
  await rig.dispose();
  await engines.stop();
});

it('on Kafka, MongoDB, ClickHouse, Redis and S3 small files of a day are merged, whatever kills the server, and no count has a gap or a double', async () => {
  await mergeThrough(rig);
}, 900_000);
