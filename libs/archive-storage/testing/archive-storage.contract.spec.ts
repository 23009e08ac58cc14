import { describeArchiveStorageContract } from './archive-storage.contract.js';
import { startMemoryHarness } from './memory-harness.js';

describeArchiveStorageContract('memory', startMemoryHarness);
