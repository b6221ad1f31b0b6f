import type { Change, Component } from '../../define/change.ts';
import type { ConfiguredSettings } from './configured-settings.probe.ts';

type Differing = ConfiguredSettings['differing'][number];

const componentOf = ({ kind, name }: Differing): Component => (kind === 'module' || /^(vm|kernel)\./.test(name) ? 'kernel-settings' : name.startsWith('net.') ? 'network-settings' : 'other');
const mostChanges = 20;

/**
 * Settings whose value is not what the files say. A file that was written after the boot waits (what it says touches nothing yet); where the file is older, or there is none, the value may have been set at any time since
 * the boot.
 */
export function settingChanges({ nowSeconds, uptimeSeconds, differing }: ConfiguredSettings): Change[] {
  const bootedMs = (nowSeconds - uptimeSeconds) * 1_000;
  return differing.slice(0, mostChanges).map((one): Change => {
    const { name, file, modifiedSeconds, configured, active } = one;
    const base = { kind: 'setting', what: name, source: 'configured-settings' } as const;
    if (file !== undefined && modifiedSeconds !== undefined && modifiedSeconds * 1_000 > bootedMs) {
      return { ...base, atMs: modifiedSeconds * 1_000, precisionMs: 1_000, from: active, to: configured, components: [], says: `${name} is ${configured} in ${file} since then, but ${active} is still in effect` };
    }
    const says = file === undefined ? `${name} is ${active}, which no file says (Linux begins with ${configured}): it was set at some time since the boot` : `${name} is ${active}, although ${file} says ${configured}: it was set at some time since the boot, or never taken over`;
    return { ...base, atMs: bootedMs, precisionMs: uptimeSeconds * 1_000, from: configured, to: active, components: [componentOf(one)], says };
  });
}

/** Files all of whose settings wait: that they were edited has changed nothing yet. */
export function waitingFiles(settings: ConfiguredSettings): ReadonlySet<string> {
  const bootedMs = (settings.nowSeconds - settings.uptimeSeconds) * 1_000;
  return new Set(settings.differing.flatMap(({ kind, file, modifiedSeconds = 0 }) => (kind === 'module' && file !== undefined && modifiedSeconds * 1_000 > bootedMs ? [file] : [])));
}
