/** Token of the {@link Settings} that the process started with. */
export const SETTINGS = Symbol('SETTINGS');
