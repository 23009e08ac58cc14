export const VERSION: string;
export function versitygw(): Promise<string>;
export function checkModule(program: string, sum?: string): Promise<void>;
