import { EXIT, type ExitCode } from './exit-codes.js';

/** An end of a command that its user can understand and mend. Anything else that is thrown is a fault of ours. */
export class CliError extends Error {
  /**
   * @param message what is wrong, and where; never a key.
   * @param exit status that the process ends with.
   * @param mend what to do, a sentence.
   */
  constructor(
    message: string,
    readonly exit: ExitCode,
    readonly mend?: string,
    options: ErrorOptions = {},
  ) {
    super(message, options);
  }
}

/** A command that was called wrongly; ends with status 2. */
export class UsageError extends CliError {
  constructor(message: string, mend?: string) {
    super(message, EXIT.usage, mend);
  }
}
