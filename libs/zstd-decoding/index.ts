export { loadZstd } from './zstd-module.js';
export { ZstdStream, type ZstdStep } from './zstd-stream.js';
