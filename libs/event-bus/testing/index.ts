export * from './collecting-consumer.js';
export * from './contract-case.js';
export * from './event-bus.contract.js';
export * from './make-block.js';
export * from './seeded-bugs/index.js';
export { groupOf, topicOf } from '../kafka/kafka-options.js';
