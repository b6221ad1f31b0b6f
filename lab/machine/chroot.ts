import { bash, type CommandOptions } from './shell.ts';

/**
 * Runs a bash script as root inside an installed tree, with /proc, /sys and /dev mounted for this time only and no service started.
 * `$1`, `$2` … are the words.
 */
export async function inTree(tree: string, script: string, words: readonly string[] = [], options: CommandOptions = {}): Promise<string> {
  const enter = `
    tree=$1 script=$2; shift 2
    mount -t proc proc "$tree/proc"; mount --rbind /sys "$tree/sys"; mount --rbind /dev "$tree/dev"
    policy=$tree/usr/sbin/policy-rc.d; printf '#!/bin/sh\\nexit 101\\n' > "$policy"; chmod 755 "$policy"
    status=0; chroot "$tree" bash -euo pipefail -c "$script" lab "$@" || status=$?
    rm "$policy"; exit $status`;
  return await bash('exec unshare --mount --propagation private bash -euo pipefail -c "$@"', [enter, 'lab', tree, script, ...words], options);
}
