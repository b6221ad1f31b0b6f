#!/usr/bin/env node
import { run } from './run.ts';

// Explicitly, since a name lookup that hangs cannot be cancelled and would keep the process alive.
process.exit(await run(process.argv.slice(2)));
