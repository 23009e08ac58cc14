/** Of the engine in the process, in the tier's directory. */
export const EMBEDDED_FOLDER = 'chdb';
