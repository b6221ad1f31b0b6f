import type { Host } from '../define.ts';
import type { LoadOptions } from './target.ts';

/**
 * A build: as many compilers at once as `jobs` says, each bound by the CPU, with small files read and written. It compiles the Python
 * sources of the machine over and over.
 */
export async function compile(host: Host, { jobs = 2, folder = '/var/tmp', unit = 'compile', guest }: LoadOptions & { readonly jobs?: number; readonly folder?: string } = {}): Promise<void> {
  const script = `trap 'kill $(jobs -p)' TERM
for job in $(seq ${jobs}); do
  (while :; do PYTHONPYCACHEPREFIX=${folder}/build-$job python3 -m compileall -q -f /usr/lib/python3 /usr/lib/python3.[0-9]* > /dev/null 2>&1; done) &
done
wait`;
  await host.start(unit, script, { guest });
}
