/** Exit status of a command that the user interrupted: 128 plus the number of SIGINT, as shells have it. */
export const interruptedStatus = 130;

/** The clock of this machine, handed to what collects and tries. */
export const clock = { now: () => new Date(), monotonicMs: () => performance.now() };

/** Does something that Ctrl-C and SIGTERM abort. */
export async function abortable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const onSignal = (): void => abort.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    return await work(abort.signal);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** How text is laid out on standard output. What is on screen goes into pipes as well; only colour depends on the terminal. */
export function terminalPage(color: boolean): { readonly width: number; readonly colour: boolean } {
  return { width: Math.min(Math.max(process.stdout.columns ?? 80, 40), 100), colour: color && process.stdout.isTTY === true && !process.env['NO_COLOR'] };
}
