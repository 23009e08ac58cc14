import { AlluviumError } from '#event-model';

/**
 * `archive_manifest_invalid`: it is not a manifest, or says what can't be. `archive_signature_invalid`: its signature is not
 * that of its content. `archive_signer_unknown`: it was signed by another appliance than those that are trusted.
 * `archive_signing_key_unusable`: the file with the appliance's key can't be used.
 */
export type ArchiveFormatErrorCode =
  | 'archive_manifest_invalid'
  | 'archive_signature_invalid'
  | 'archive_signer_unknown'
  | 'archive_signing_key_unusable';

/** A manifest, or the key that signs it, is not what it must be. */
export class ArchiveFormatError extends AlluviumError {
  constructor(code: ArchiveFormatErrorCode, message: string, cause?: unknown) {
    super(message, { code, retryable: false, cause });
  }
}
