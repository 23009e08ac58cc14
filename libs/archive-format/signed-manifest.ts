import { createPublicKey, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { ArchiveFormatError } from './archive-format.errors.js';
import { canonicalJson } from './canonical-json.js';
import { checkManifest, type Manifest } from './manifest.js';
import { keyId, type SigningKey } from './signing-key.js';

const signedSchema = z.strictObject({
  manifest: z.unknown(),
  signature: z.strictObject({
    algorithm: z.literal('ed25519'),
    key_id: z.string().regex(/^[0-9a-f]{16}$/),
    public_key: z.base64().max(200),
    value: z.base64().max(200),
  }),
});
/** Bytes that a manifest may have: one of 10,000 sources and as many files is smaller. */
const MAX_BYTES = 8 * 2 ** 20;

/** A manifest that was found to be whole, and who signed it. */
export interface VerifiedManifest {
  readonly manifest: Manifest;
  readonly keyId: string;
}

/** The text of a manifest's object: canonical JSON with a signature over the canonical text of what is in it. */
export function signManifest(manifest: Manifest, key: SigningKey): string {
  const content = checkManifest(manifest);
  const value = sign(null, Buffer.from(canonicalJson(content)), key.privateKey).toString('base64');
  const signature = { algorithm: 'ed25519', key_id: key.id, public_key: key.publicKey, value };
  return `${canonicalJson({ manifest: content, signature })}\n`;
}

/**
 * Reads a manifest's object. Its signature must be right, and of a key that `trusts` says yes to: a stranger's signature is
 * right too.
 *
 * @throws ArchiveFormatError
 */
export function readManifest(
  text: Uint8Array | string,
  trusts: (keyId: string) => boolean,
): VerifiedManifest {
  const { manifest, signature } = parse(text);
  const der = Buffer.from(signature.public_key, 'base64');
  const id = keyId(der);
  if (id !== signature.key_id || !isRight(der, canonicalJson(manifest), signature.value))
    throw new ArchiveFormatError(
      'archive_signature_invalid',
      'The manifest is not what was signed: it was changed, or is not whole.',
    );
  if (!trusts(id))
    throw new ArchiveFormatError(
      'archive_signer_unknown',
      `The manifest was signed by the key ${id}, which is none of this appliance's.`,
    );
  return { manifest: checkManifest(manifest), keyId: id };
}

function parse(text: Uint8Array | string): z.infer<typeof signedSchema> {
  if (text.length > MAX_BYTES)
    throw new ArchiveFormatError('archive_manifest_invalid', `A manifest has at most ${MAX_BYTES} bytes.`);
  try {
    return signedSchema.parse(
      JSON.parse(typeof text === 'string' ? text : Buffer.from(text).toString('utf8')),
    );
  } catch (cause) {
    throw new ArchiveFormatError(
      'archive_manifest_invalid',
      'This is no signed manifest of an archive.',
      cause,
    );
  }
}

function isRight(der: Buffer, content: string, value: string): boolean {
  try {
    const key = createPublicKey({ key: der, type: 'spki', format: 'der' });
    if (key.asymmetricKeyType !== 'ed25519') return false;
    return verify(null, Buffer.from(content), key, Buffer.from(value, 'base64'));
  } catch {
    // No key at all.
    return false;
  }
}
