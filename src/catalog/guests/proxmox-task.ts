/** A task of Proxmox VE, from its unique id (pve-common: `UPID:node:pid:pstart:starttime:type:id:user:`, numbers in hex). */
export interface ProxmoxTask {
  readonly type: string;
  readonly guestId: string;
  /** When its process started, in clock ticks after boot. */
  readonly processStartTicks: number;
  /** Seconds since 1970. */
  readonly startedAt: number;
}

const pattern = /^UPID:[^:\s]{1,100}:[0-9A-Fa-f]{8,9}:([0-9A-Fa-f]{8,9}):([0-9A-Fa-f]{8}):([^:\s]{1,40}):([^:\s]{0,100})(?::|$)/;

/** The user at its end is not needed and may have been cut off. */
export function upidOf(text: string): ProxmoxTask | undefined {
  const [, processStart, start, type, guestId] = pattern.exec(text.slice(0, 500)) ?? [];
  if (processStart === undefined || start === undefined || type === undefined || guestId === undefined) return undefined;
  return { type, guestId, processStartTicks: Number.parseInt(processStart, 16), startedAt: Number.parseInt(start, 16) };
}
