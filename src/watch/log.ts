/** Takes what the server has to say to those who run it. Holds no secrets. */
export type Log = (level: 'info' | 'warn' | 'error', says: string, details?: Readonly<Record<string, unknown>>) => void;
