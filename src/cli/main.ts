#!/usr/bin/env node
import { run } from './run.ts';

/** Waits until what was written has left this process, or nobody reads it any more. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}

// Who reads only the first lines (`| head`) has what they want.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
const exitStatus = await run(process.argv.slice(2));
await Promise.all([process.stdout, process.stderr].map(written));
// Explicitly, since a name lookup that hangs cannot be cancelled and would keep the process alive.
process.exit(exitStatus);
