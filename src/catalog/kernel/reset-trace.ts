import type { BootHistory } from './boot-history.probe.ts';
import type { ManagementLog } from './management-log.probe.ts';

/** What a reset left behind about its reason. */
export interface ResetTrace {
  readonly kind: 'crash' | 'watchdog' | 'hardware' | 'heat' | 'power' | 'button' | 'none';
  /** The words that show it; empty for none. */
  readonly text: string;
}

/**
 * Texts of Linux arch/x86/kernel/cpu/amd.c ("Previous system reset reason", since 6.16), drivers/watchdog, drivers/acpi/apei/bert.c, and
 * watchdog-mux of Proxmox VE.
 */
const patterns: readonly (readonly [ResetTrace['kind'], RegExp])[] = [
  ['watchdog', /client watchdog expired|hardware watchdog timer expired|[Ww]atchdog (?:reboot|reset) detected/],
  ['crash', /Kernel panic|Oops|BUG: /],
  ['heat', /THERMTRIP|thermal limit was tripped|[Cc]ritical temperature/],
  ['button', /power button was pressed for 4 seconds|Power key pressed/],
  ['hardware', /BERT: Error records from previous boot|reset reason .{1,40}(?:sync flood|parity error|uncorrected error)|Hardware Error/],
];

/** How this boot's own log speaks of the end of the one before. */
const aboutBefore = /Previous system reset reason|[Ww]atchdog (?:reboot|reset) detected|BERT: Error records from previous boot/;

/** The controller may keep the time of another zone. */
const clockToleranceSeconds = 15 * 3_600;

/** What the management controller wrote down around the start of this boot; most telling first. */
const ofController: readonly (readonly [ManagementLog['events'][number]['kind'], ResetTrace['kind']])[] = [
  ['watchdog', 'watchdog'],
  ['heat', 'heat'],
  ['processor', 'hardware'],
  ['memory-uncorrected', 'hardware'],
  ['pcie', 'hardware'],
  ['stop', 'crash'],
  ['power', 'power'],
];

function controllerTrace(controller: ManagementLog | undefined, uptimeSeconds: number): ResetTrace | undefined {
  const near = controller?.events.filter(({ secondsAgo }) => secondsAgo !== undefined && Math.abs(secondsAgo - uptimeSeconds) <= clockToleranceSeconds) ?? [];
  for (const [event, kind] of ofController) {
    const found = near.findLast((one) => one.kind === event);
    if (found !== undefined) return { kind, text: found.text };
  }
  return undefined;
}

/** The most telling trace of why the machine was reset. */
export function resetTrace(
  boots: BootHistory,
  log: { readonly lines: readonly { readonly text: string }[] } | undefined,
  controller: ManagementLog | undefined,
  uptimeSeconds: number,
): ResetTrace {
  const told = (log?.lines ?? []).map(({ text }) => text.slice(0, 400)).filter((text) => aboutBefore.test(text));
  const texts = [...(boots.lastWords ?? []), ...told];
  if (boots.watchdogReset) return { kind: 'watchdog', text: 'bootstatus of the watchdog: 32' };
  const records = boots.recentCrashRecords ?? 0;
  for (const [kind, pattern] of patterns) {
    const text = texts.find((one) => pattern.test(one));
    if (text !== undefined) return { kind, text };
    if (kind === 'watchdog' && records > 0) return { kind: 'crash', text: `${records} fresh crash record${records === 1 ? '' : 's'} in pstore or /var/crash` };
  }
  return controllerTrace(controller, uptimeSeconds) ?? { kind: 'none', text: '' };
}
