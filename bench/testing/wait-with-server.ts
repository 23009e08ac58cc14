import { withAppliance } from '../bench-appliance.js';

/** A bench that has its appliance and never ends by itself: it says where that is. */
await withAppliance(async ({ appliance, scratchDirectory }) => {
  const { pid, dataDirectory } = appliance;
  process.stdout.write(`${JSON.stringify({ pid, directories: [dataDirectory, scratchDirectory] })}\n`);
  setInterval(() => undefined, 1_000);
  await new Promise(() => undefined);
});
