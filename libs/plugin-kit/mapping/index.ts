export { readEventTime } from './event-time.js';
export * from './event-members.js';
export { parseExactJson } from './exact-json.js';
export { type FieldValue } from './field-value.js';
export { longKeyMessage } from './json-keys.js';
export { type JsonValue } from './json-value.js';
export * from './map-event.js';
export * from './refusal.js';
