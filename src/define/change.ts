import { z } from 'zod';

/** What a change touched. A hypothesis names those that can bring its cause. */
export const components = [
  'kernel',
  'kernel-settings',
  'microcode',
  'firmware',
  'zfs',
  'storage-settings',
  'pool',
  'disk',
  'network-card',
  'network-settings',
  'virtualisation',
  'guest',
  'guest-settings',
  'services',
  'clock',
  'people',
  'other',
] as const;
export type Component = (typeof components)[number];

export const changeKinds = ['package', 'boot', 'boot-settings', 'firmware', 'clock', 'task', 'pool', 'service', 'file', 'setting', 'hardware', 'login'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** Something that became different on a host, back-dated from what the host remembers. */
export const changeSchema = z.object({
  /** Milliseconds since 1970, UTC: when it took effect. A kernel that was installed takes effect with the boot into it. */
  atMs: z.number(),
  /** It happened at most so long after `atMs`. */
  precisionMs: z.number(),
  /** It went on for so long: a backup, a run of upgrades. */
  durationMs: z.number().optional(),
  kind: z.enum(changeKinds),
  /** What changed: a package, a guest, a pool, a file. */
  what: z.string(),
  from: z.string().optional(),
  to: z.string().optional(),
  components: z.array(z.enum(components)),
  /** One sentence without its time. */
  says: z.string(),
  /** Id of the source that told it. */
  source: z.string(),
  /** The host's clock was not set yet, or set wrong: the time may be off, by as much as `precisionMs` where that is known. */
  clockUncertain: z.boolean().optional(),
});
export type Change = z.infer<typeof changeSchema>;

export const ledgerSchema = z.object({
  /** In the order of time, the oldest first. */
  changes: z.array(changeSchema),
  /** What was left out, or could not be read, as sentences: a ledger that is not whole says so. */
  gaps: z.array(z.string()),
  /** The host's clock at the look. */
  nowMs: z.number(),
});
export type Ledger = z.infer<typeof ledgerSchema>;
