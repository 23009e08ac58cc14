import { inOwnProcess } from '../own-process.js';

/** A bench that waits for a job without end. */
await inOwnProcess('testing/endless-job.ts', {});
