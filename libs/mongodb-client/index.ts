export { clientOptions, PATIENCE } from './client-options.js';
export type { MongoPlace } from './mongodb-place.js';
export { mongoProblem, STAND_ALONE } from './mongodb-problem.js';
