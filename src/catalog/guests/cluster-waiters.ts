/** Daemons of Proxmox VE, by the names of their processes (cut after 15 characters), and what they wait in while /etc/pve does not answer. */
const daemons = /^(pvestatd|pvedaemon|pveproxy|pvescheduler|pve-ha-|pve-firewall|pvefw-logger|spiceproxy|task UPID|vzdump|qm$|pct$|pvesh|pvecm)/;
const fusePlaces = /^(request_wait_answer|fuse_|__fuse_)/;

interface Waiter {
  readonly name: string;
  readonly waitsIn?: string | undefined;
  readonly stack: readonly string[];
}

export function isProxmoxDaemon(name: string): boolean {
  return daemons.test(name);
}

/** A file system in a process (FUSE) is normally waited for in a sleep that can be interrupted; uninterruptible it is only once that failed. */
export function waitsForFuse({ waitsIn, stack }: Waiter): boolean {
  return [waitsIn ?? '', ...stack.slice(0, 4)].some((place) => fusePlaces.test(place));
}
