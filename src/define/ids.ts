export const subjects = [
  'cpu',
  'memory',
  'disk',
  'zfs',
  'filesystem',
  'network',
  'kernel',
  'guests',
  'reach',
  'meter',
] as const;
/** The folder of the catalogue that a unit belongs to. */
export type Subject = (typeof subjects)[number];

export const symptomIds = [
  'io-delay',
  'high-load',
  'target-missing',
  'cpu-pressure',
  'memory-pressure',
  'disk-latency',
  'space-low',
  'network-errors',
  'errors-logged',
  'guest-slow',
  'guest-down',
  'storage-down',
  'rebooted',
  'unreachable',
  'redundancy-lost',
  'device-warning',
  'data-errors',
  'backup-missed',
] as const;
/** What is wrong as a user would say it. Stable: used in mails, the command line, JSON and documentation. */
export type SymptomId = (typeof symptomIds)[number];

/** Form of every id: a noun in kebab-case. */
export const idPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
