import { openInProcess, startInProcessHarness } from './in-process-harness.js';
import { describeJobQueueContract, describeSeededBugs } from './job-queue.contract.js';

describeJobQueueContract('in-process, catalogue in memory', () => startInProcessHarness());

describeSeededBugs('in-process', (seeded) => startInProcessHarness(seeded(openInProcess)));
