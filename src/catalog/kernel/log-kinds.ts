/** What a line of the kernel's log is about. */
export const logKinds = [
  'io-error',
  'filesystem-error',
  'disk-reset',
  'machine-check',
  /** One or some that the hardware corrected, which is what it is there for. */
  'corrected-hardware-error',
  'memory-error',
  'corrected-memory-error',
  'pcie-error',
  'oops',
  'soft-lockup',
  'rcu-stall',
  'hung-task',
  'out-of-memory',
  'clock-unstable',
  'split-lock',
  'thermal',
  'irq-nobody-cared',
  'nic-hang',
  'table-full',
] as const;
export type LogKind = (typeof logKinds)[number];

interface Pattern {
  readonly kind: LogKind;
  /** Any of these words in the line makes it worth a closer look. */
  readonly words: readonly string[];
  readonly pattern: RegExp;
}

/**
 * Texts of the kernel's own sources. Only what means trouble: a level of "error" alone does not, for the kernel logs many
 * harmless things with it (a firmware file for a radio that nobody has).
 */
const patterns: readonly Pattern[] = [
  { kind: 'machine-check', words: ['[Hardware Error]'], pattern: /\[Hardware Error\]: / },
  { kind: 'memory-error', words: ['EDAC', 'Memory failure'], pattern: /EDAC \S{1,20}: (?:\d{1,9} UE|\d{2,9} CE) |Memory failure: 0x[0-9a-f]{1,16}: / },
  { kind: 'corrected-memory-error', words: ['EDAC'], pattern: /EDAC \S{1,20}: \d CE / },
  { kind: 'pcie-error', words: ['PCIe Bus Error', 'AER:'], pattern: /PCIe Bus Error: severity=Uncorrect|AER: (?:.{0,40} )?(?:Uncorrect|Fatal)/ },
  { kind: 'oops', words: ['BUG:', 'Oops', 'general protection fault', 'kernel BUG at', 'Unable to handle', 'PANIC at', 'VERIFY'], pattern: /^BUG: (?:kernel NULL|unable to handle|[Bb]ad page|scheduling while atomic|(?:TASK |IRQ |#DF )?stack guard page|KASAN|KFENCE|spinlock|rwlock|Dentry )|Oops: |^general protection fault|kernel BUG at |Unable to handle kernel|PANIC at \S{1,80}:\d|VERIFY3?[A-Z]?\(.{1,200}\) failed/ },
  { kind: 'soft-lockup', words: ['lockup', 'hard LOCKUP'], pattern: /BUG: soft lockup - CPU#\d|Watchdog detected hard LOCKUP on cpu/ },
  { kind: 'rcu-stall', words: ['rcu'], pattern: /rcu: INFO: rcu_\w{1,20} (?:self-)?detected (?:expedited )?stall|rcu_\w{1,20} kthread starved for/ },
  { kind: 'hung-task', words: ['blocked for more than'], pattern: /INFO: task .{1,40}:\d{1,10} (?:<.{1,60}> )?blocked (?:in I\/O wait )?for more than \d{1,6} seconds/ },
  { kind: 'out-of-memory', words: ['Out of memory'], pattern: /^Out of memory: Killed process/ },
  { kind: 'filesystem-error', words: ['EXT4-fs error', 'XFS', 'BTRFS', 'Remounting filesystem read-only', 'journal'], pattern: /EXT4-fs error|XFS \(.{1,40}\): (?:Corruption|Metadata corruption|log I\/O error|Filesystem has been shut down|metadata I\/O error)|BTRFS (?:error|critical)|Remounting filesystem read-only|Aborting journal/ },
  { kind: 'io-error', words: ['I/O error', 'critical medium error', 'critical target error', 'Medium Error', 'FAILED Result'], pattern: /I\/O error, dev (?!fd\d|sr\d|nbd|loop)|Buffer I\/O error on dev (?!fd\d|sr\d|nbd|loop)|critical (?:medium|target) error, dev (?!sr\d)|Sense Key : Medium Error/ },
  { kind: 'disk-reset', words: ['nvme', 'ata', 'attempting task abort', 'Controller in crit', 'fault_state(', 'non-operational', 'FAULT state', 'fusion adapter', 'ontroller lockup', 'controller is offline', 'aacraid: Host'], pattern: /nvme nvme\d{1,4}: (?:I\/O .{1,60}timeout|controller is down|Device not ready|Removing after probe failure|Abort status|resetting controller due to)|ata\d{1,3}(?:\.\d{1,2})?: (?:failed command|exception Emask)|attempting task abort|Controller in crit error|mpt[23]sas_cm\d{1,3}: (?:fault_state\(|SAS host is non-operational)|FW in FAULT state|resetting fusion adapter|[Cc]ontroller lockup detected|smartpqi .{1,40}controller is offline|aacraid: Host (?:adapter|bus) / },
  { kind: 'clock-unstable', words: ['clocksource', 'TSC unstable'], pattern: /Marking clocksource '\S{1,20}' as unstable|Marking TSC unstable due to/ },
  { kind: 'split-lock', words: ['split lock', 'bus lock', 'split_lock', 'bus_lock'], pattern: /x86\/split lock detection: #(?:AC|DB): .{1,60} took a (?:split_lock|bus_lock) trap/ },
  { kind: 'thermal', words: ['clock throttled', 'ritical temperature', 'emperature above threshold'], pattern: /cpu clock throttled|[Cc]ritical temperature reached|temperature above threshold/ },
  { kind: 'irq-nobody-cared', words: ['nobody cared', 'Disabling IRQ'], pattern: /irq \d{1,5}: nobody cared|Disabling IRQ #\d/ },
  { kind: 'nic-hang', words: ['NETDEV WATCHDOG', 'Hardware Unit Hang', 'TX driver issue', 'Adapter reset', 'TX timeout'], pattern: /NETDEV WATCHDOG: |Detected Hardware Unit Hang|TX driver issue detected|TX timeout detected/ },
  { kind: 'table-full', words: ['table full', 'table overflow'], pattern: /nf_conntrack: .{0,60}table full, dropping packet|neighbour: \w{1,20}: neighbor table overflow/ },
];

/** What a line is about, or `undefined` for all that is no trouble. Discards that a disk refuses are none. */
export function kindOfLogLine(text: string): LogKind | undefined {
  const line = text.slice(0, 400);
  if (line.includes('(DISCARD)') || line.includes('(WRITE_ZEROES)')) return undefined;
  return patterns.find(({ words, pattern }) => words.some((word) => line.includes(word)) && pattern.test(line))?.kind;
}
