import type { Inventory } from '../../define/discovery.ts';
import { samplerOf, type WatchSettings } from '../settings.ts';
import type { WatchClock } from './clock.ts';
import { ExpositionTarget } from './exposition/target.ts';
import type { Look } from './look.ts';
import { PrometheusSource } from './prometheus/source.ts';
import { ProxmoxSource } from './proxmox/source.ts';
import { Scheduler } from './scheduler.ts';
import { SshSampler } from './ssh-sampler/sampler.ts';

export interface SourcesOptions {
  readonly settings: WatchSettings;
  /** What the kinds of alarm read. */
  readonly metrics: readonly string[];
  readonly clock: WatchClock;
  readonly version: string;
  /** Takes what a source brought. Never throws. */
  readonly onLook: (source: string, look: Look) => Promise<void>;
  /** Takes what a hypervisor's API says of what stands on what. */
  readonly onInventory: (source: string, inventory: Inventory) => void;
  readonly chance: () => number;
}

export interface Sources {
  /** Ends all connections, and waits a little for what is under way. */
  stop(): Promise<void>;
}

/** Starts all that brings samples, as the settings name it. */
export function startSources({ settings, metrics, clock, version, onLook, onInventory, chance }: SourcesOptions): Sources {
  const scheduler = new Scheduler({ clock });
  const { hosts } = settings;
  const targets = hosts.flatMap(({ name, exporters }) => exporters.map((exporter) => ({ name, exporter, target: new ExpositionTarget(name, exporter, clock, version) })));
  for (const { name, exporter, target } of targets) {
    const task = `exposition ${name} ${exporter.url}`;
    scheduler.add({ name: task, intervalMs: exporter.intervalSeconds * 1_000, run: async (_, signal) => onLook(task, await target.look(signal)) });
  }
  if (settings.prometheus !== undefined) {
    const source = new PrometheusSource(settings.prometheus, hosts, metrics, clock);
    scheduler.add({ name: 'prometheus', intervalMs: settings.prometheus.intervalSeconds * 1_000, run: async (_, signal) => onLook('prometheus', await source.look(signal)) });
  }
  const samplers = hosts.flatMap((host) => {
    const sampler = samplerOf(host, settings.prometheus !== undefined);
    return sampler === undefined ? [] : [new SshSampler({ host: host.name, settings: sampler, clock, chance, onLook: (look) => void onLook(`ssh-sampler ${host.name}`, look) })];
  });
  const isMeasured = (host: (typeof hosts)[number]): boolean => host.exporters.length > 0 || settings.prometheus !== undefined || samplerOf(host, false) !== undefined;
  const named = hosts.map((host) => ({ name: host.name, addresses: host.addresses, measuredElsewhere: isMeasured(host) }));
  const clusters = settings.proxmox.map((proxmox) => ({ task: `proxmox ${proxmox.addresses[0]!}`, source: new ProxmoxSource({ settings: proxmox, hosts: named, clock, version }), intervalMs: proxmox.intervalSeconds * 1_000 }));
  for (const { task, source, intervalMs } of clusters) {
    const run = async (signal: AbortSignal): Promise<void> => {
      const { inventory, ...look } = await source.look(signal);
      if (inventory !== undefined) onInventory(task, inventory);
      await onLook(task, look);
    };
    scheduler.add({ name: task, intervalMs, run: async (_, signal) => run(signal) });
  }
  for (const sampler of samplers) sampler.start();
  return {
    stop: async () => {
      await Promise.all([scheduler.stop(2_000), ...samplers.map((sampler) => sampler.stop())]);
      for (const { target } of targets) target.close();
      for (const { source } of clusters) source.close();
    },
  };
}
