export * from './archive-encryption.errors.js';
export * from './archive-encryption.js';
export * from './archive-encryption.module.js';
export { deriveKey, idOfKey, NONCE_BYTES, openBytes, sealBytes, TAG_BYTES } from './ciphers.js';
export { MasterKeys } from './master-keys.js';
export { TenantKeys } from './tenant-keys.js';
