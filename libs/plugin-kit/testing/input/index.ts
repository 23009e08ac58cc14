export { type InputCase, type InputHarness, type InputPromise } from './contract-case.js';
export { INPUT_CASES } from './input.cases.js';
export { describeInputContract } from './input.contract.js';
export { MESSAGE_BYTES, RecordingContext } from './recording-context.js';
export { sendDatagrams, sendStream } from './senders.js';
