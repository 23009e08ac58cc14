import { AlluviumError } from '#event-model';

/** A receipt can't be made out as asked: a mistake in this program, not in a request. */
export class ReceiptError extends AlluviumError {
  constructor(text: string) {
    super(
      `A receipt "${text}" could not be read back: rows must rise, and the stream and the key id must be 1 to 63 letters, digits, _ or -.`,
      { code: 'receipt_invalid', retryable: false },
    );
  }
}

/** The file that receipts are signed with is not what was written there. */
export class SecretFileError extends AlluviumError {
  constructor(path: string, bytes: number) {
    super(
      `The secret in ${path} has ${bytes} bytes and must have 32: restore the file from a backup, or delete it (receipts given out before are then refused).`,
      { code: 'secret_file_damaged', retryable: false },
    );
  }
}
