export const VERSION: string;
export function mongodPath(): Promise<string>;
export function checkSum(path: string, pinned: string): Promise<void>;
