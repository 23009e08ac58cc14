import { expect, it } from 'vitest';
import { s3 } from './s3.mjs';
import { startEngine } from './start-engine.mjs';
import { checkModule, versitygw } from './versitygw.mjs';

it('an S3 store of a test run is the version that is pinned, and lets nobody in without the key', async () => {
  const program = await versitygw();
  await checkModule(program);
  await expect(checkModule(program, 'h1:another')).rejects.toThrow('not v1.8.0 with h1:another');
  const engine = await startEngine(s3);
  try {
    expect(engine.version).toBe('versitygw 1.8.0');
    const { S3_ENDPOINT: endpoint, S3_BUCKET: bucket } = engine.variables;
    expect((await fetch(`${endpoint}/${bucket}?list-type=2`)).status).toBe(403);
  } finally {
    await engine.stop();
  }
});
