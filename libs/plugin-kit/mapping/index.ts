export { readEventTime } from './event-time.js';
export { type FieldValue } from './field-value.js';
export { longKeyMessage } from './json-keys.js';
export * from './map-event.js';
export * from './refusal.js';
