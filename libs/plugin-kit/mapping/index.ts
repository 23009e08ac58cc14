export { readEventTime } from './event-time.js';
export { type FieldValue } from './field-value.js';
export * from './map-event.js';
export * from './refusal.js';
