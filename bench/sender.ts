import { makeBodies } from './request-bodies.js';
import type { SenderJob } from './sender-job.js';
import { Sending } from './sending.js';

/** The sender's process: gets its job, makes all bodies, says that it is ready, sends when told, tells the result. */
process.once('message', (job: SenderJob) => {
  const sending = new Sending(job, makeBodies(job.data));
  process.once('message', () => {
    void sending.run().then((result) => process.send?.({ result }, () => process.disconnect()));
  });
  process.send?.('ready');
});
