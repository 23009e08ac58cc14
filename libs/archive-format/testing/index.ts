export { makeManifest } from './make-manifest.js';
export { keyId } from '../signing-key.js';
