export * from './archive-format.errors.js';
export { canonicalJson } from './canonical-json.js';
export { MOST_REPLACED, type Manifest } from './manifest.js';
export * from './signed-manifest.js';
export { findSigningKey, openSigningKey, type SigningKey } from './signing-key.js';
export * from './tier-keys.js';
export { linesKey, manifestKey, partKey, sealedKey, unitFolder, type UnitPlace } from './unit-paths.js';
