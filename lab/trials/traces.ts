import type { Host } from '../define.ts';

/** What an experiment could leave behind, one line each: datasets, folders in memory, its processes, limits and frozen guests. Equal before and after: nothing is left. */
const lookAround = `zfs list -H -o name -t all 2>/dev/null | sed 's/^/dataset /'
for folder in /dev/shm/culprit.* /run/culprit.* /run/user/*/culprit.*; do [ ! -e "$folder" ] || echo "folder $folder"; done
for group in /sys/fs/cgroup/qemu.slice/*.scope /sys/fs/cgroup/lxc/*; do
  [ -d "$group" ] || continue
  for file in cgroup.freeze cpu.weight cpu.max io.max memory.high; do [ ! -r "$group/$file" ] || sed "s|^|$group/$file |" "$group/$file"; done
done
ls /tmp /var/tmp | sed 's/^/file /'
pgrep -af 'culprit.[A-Za-z0-9]*/keep' | sed 's/^[0-9]* /process /'`;

export async function tracesOn(host: Host): Promise<ReadonlySet<string>> {
  const text = await host.run(lookAround, { mayFail: true, timeoutSeconds: 30 });
  return new Set(text.split('\n').filter((line) => line !== ''));
}

/** Lines that are there now and were not before, or the other way round. */
export function differences(before: ReadonlySet<string>, now: ReadonlySet<string>): string[] {
  const more = [...now].filter((line) => !before.has(line)).map((line) => `+ ${line}`);
  const less = [...before].filter((line) => !now.has(line)).map((line) => `- ${line}`);
  return [...more, ...less];
}

/** Waits until the host is as it was before. Gives the seconds that it took, or what is still different when the time is over. */
export async function waitUntilAsBefore(host: Host, before: ReadonlySet<string>, limitSeconds: number): Promise<{ readonly seconds: number; readonly left: readonly string[] }> {
  const startedAt = performance.now();
  for (;;) {
    const left = differences(before, await tracesOn(host));
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    if (left.length === 0 || seconds > limitSeconds) return { seconds, left };
    await host.wait(1);
  }
}
