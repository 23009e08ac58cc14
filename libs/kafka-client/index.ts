export { createClient, type KafkaCluster } from './client.js';
export { UNPACKED_MAX_BYTES, useBoundedCodecs } from './codecs.js';
export { unreadableBatchOf, type UnreadableBatch } from './unreadable-batch.js';
