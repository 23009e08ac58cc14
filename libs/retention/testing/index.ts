export { BY_KEY, policy, RetentionScene } from './retention-scene.js';
