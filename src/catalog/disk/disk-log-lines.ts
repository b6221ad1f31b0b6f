/** What a line of the kernel's log says about a disk. */
export const diskEventKinds = ['medium-error', 'io-error', 'timeout', 'offlined', 'link-crc', 'link-reset', 'link-slowed', 'nvme-lost', 'nvme-reset', 'nvme-timeout'] as const;
export type DiskEventKind = (typeof diskEventKinds)[number];

/** By what a line names the disk: its kernel name, its ATA port, its SCSI address, its NVMe controller, or its PCI address. */
export interface DiskEventLine {
  readonly kind: DiskEventKind;
  readonly by: 'name' | 'ata' | 'scsi' | 'nvme' | 'pci';
  readonly key: string;
}

/** Discards and zeroing that a disk refuses are answered by other means; they are no sign of a fault. */
const harmlessOperation = /\((?:DISCARD|WRITE_ZEROES|SECURE_ERASE)\)|operation not supported error/;

function blockLine(text: string): DiskEventLine | undefined {
  const match = text.match(/\b(I\/O|critical medium|critical target|timeout|protection|recoverable transport|device offline) error, dev ([\w!.-]{1,32}), (?:logical )?sector/);
  if (match === null || harmlessOperation.test(text)) return undefined;
  const [, what = '', key = ''] = match;
  const kinds: Record<string, DiskEventKind> = { 'critical medium': 'medium-error', 'timeout': 'timeout', 'device offline': 'offlined' };
  return { kind: kinds[what] ?? 'io-error', by: 'name', key };
}

/** Since Linux 5.19 an NVMe command that failed is printed with its status; type 2 is a media error. */
function nvmeMediaLine(text: string): DiskEventLine | undefined {
  const match = text.match(/^(nvme\d{1,4}n\d{1,4}): .{0,60}@ LBA .{0,120}\(sct 0x2 \//);
  return match === null ? undefined : { kind: 'medium-error', by: 'name', key: match[1] ?? '' };
}

function scsiLine(text: string): DiskEventLine | undefined {
  const match = text.match(/^sd (\d{1,4}:\d{1,4}:\d{1,4}:\d{1,20}): (.*)$/);
  if (match === null) return undefined;
  const [, key = '', said = ''] = match;
  if (/Device offlined|rejecting I\/O to offline device/.test(said)) return { kind: 'offlined', by: 'scsi', key };
  if (/attempting task abort|hostbyte=DID_TIME_OUT/.test(said)) return { kind: 'timeout', by: 'scsi', key };
  return /Unrecovered read error|Sense Key : Medium Error/i.test(said) ? { kind: 'medium-error', by: 'scsi', key } : undefined;
}

function ataLine(text: string): DiskEventLine | undefined {
  const match = text.match(/^ata(\d{1,4})(?:\.\d{1,2})?: (.*)$/);
  if (match === null) return undefined;
  const [, key = '', said = ''] = match;
  if (/^error: \{[^}]{0,60}\bUNC\b/.test(said)) return { kind: 'medium-error', by: 'ata', key };
  // DevExch: a disk was plugged in or out, and the signal is broken while the plug slides.
  if (/^SError: \{[^}]{0,120}\bDevExch\b/.test(said)) return undefined;
  if (/^error: \{[^}]{0,60}\bICRC\b|^SError: \{[^}]{0,120}\b(?:BadCRC|10B8B|Dispar|Handshk)\b/.test(said)) return { kind: 'link-crc', by: 'ata', key };
  if (/^limiting (?:SATA link )?speed to /.test(said)) return { kind: 'link-slowed', by: 'ata', key };
  if (said.startsWith('hard resetting link')) return { kind: 'link-reset', by: 'ata', key };
  return /^(?:disabled$|disable device$)/.test(said) ? { kind: 'offlined', by: 'ata', key } : undefined;
}

function nvmeLine(text: string): DiskEventLine | undefined {
  const match = text.match(/^nvme (nvme\d{1,4}|[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]): (.*)$/);
  if (match === null) return undefined;
  const [, key = '', said = ''] = match;
  const by = key.startsWith('nvme') ? 'nvme' : 'pci';
  if (/CSTS=0xffffffff|Unable to change power state from D3cold to D0|not ready; aborting (?:reset|initialisation), CSTS=0xffffffff/.test(said)) return { kind: 'nvme-lost', by, key };
  if (/Disabling device after reset failure|Removing after probe failure/.test(said)) return { kind: 'offlined', by, key };
  if (/controller is down; will reset|timeout, reset controller|timeout, disable controller|Device not ready; aborting reset/.test(said)) return { kind: 'nvme-reset', by, key };
  return /\btimeout, (?:aborting|completion polled)/.test(said) ? { kind: 'nvme-timeout', by, key } : undefined;
}

/** Undefined: the line says nothing about a disk, or nothing bad. Texts of block/blk-core.c, drivers/ata, drivers/scsi, drivers/nvme. */
export function diskEventOf(line: string): DiskEventLine | undefined {
  const text = line.slice(0, 400);
  if (text.startsWith('ata')) return ataLine(text);
  if (text.startsWith('nvme nvme') || /^nvme [0-9a-f]{4}/.test(text)) return nvmeLine(text);
  return text.startsWith('sd ') ? scsiLine(text) : (nvmeMediaLine(text) ?? blockLine(text));
}
