const TENANT = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const STREAM = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const SOURCE = /^[a-z0-9._-]{1,64}$/;

/** What a tenant's or a stream's name must look like, in words for an error message. */
export const NAME_RULE = '1 to 63 of a-z, 0-9, _ and -, starting with a letter or digit';
/** What a source's name must look like, in words for an error message. */
export const SOURCE_RULE = '1 to 64 of a-z, 0-9, ., _ and -';

export const DEFAULT_TENANT = 'default';
export const DEFAULT_STREAM = 'default';

export const isTenantName = (text: string): boolean => TENANT.test(text);
export const isStreamName = (text: string): boolean => STREAM.test(text);
export const isSourceName = (text: string): boolean => SOURCE.test(text);
