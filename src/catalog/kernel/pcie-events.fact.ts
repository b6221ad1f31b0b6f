import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { splitHardwareRecords } from './hardware-error-record.ts';
import { recentSeconds } from './kernel-log-events.fact.ts';
import kernelLog from './kernel-log.probe.ts';
import { denied, logOf } from './kernel-log.samples.ts';
import { kindOfLogLine } from './log-kinds.ts';
import operatingSystem from './os.probe.ts';
import { proxmoxHost } from './os.samples.ts';

const count = z.number().int();
const deviceSchema = z.object({
  /** `0000:01:00.0`. */
  slot: z.string(),
  /** Messages in this boot, as far as the log goes back; and those of the last 24 hours without the start of the host. */
  corrected: count,
  correctedRecent: count,
  uncorrected: count,
  uncorrectedRecent: count,
  sample: z.string(),
});
export type PcieEvents = z.infer<typeof deviceSchema>;

/** While devices are found and drivers loaded, requests that nobody answers are normal. */
const startSeconds = 120;

/** `nvme 0000:01:00.0: PCIe Bus Error: severity=Corrected, type=…`; also `severity=Correctable`, `Uncorrected (Fatal)`, and behind `AER: ` (drivers/pci/pcie/aer.c). */
const busError = /(?:^|\s)([0-9a-f]{4,5}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]): (?:AER: )?PCIe Bus Error: severity=(Uncorrect|Correct)/;
/** In records of the firmware (drivers/firmware/efi/cper.c). */
const recordDevice = /\[Hardware Error\]: {1,8}device_id: ([0-9a-f]{4,5}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])/;

interface Message {
  readonly slot: string;
  readonly corrected: boolean;
  readonly at: number | undefined;
  readonly text: string;
}

/** Errors that PCIe devices and ports reported in the kernel log, by device: directly, or through the firmware. */
export default defineFact({
  id: 'pcie-events',
  title: 'PCIe errors in the kernel log',
  needs: { log: kernelLog, system: operatingSystem },
  schema: z.object({ devices: z.array(deviceSchema), coversBoot: z.boolean() }),
  derive: ({ log, system }) => {
    const messages = splitHardwareRecords(log.lines.map((line) => ({ ...line, kind: kindOfLogLine(line.text) }))).flatMap((one): Message[] => {
      if ('lines' in one) {
        const isPcie = one.lines.some(({ text }) => text.includes('section_type: PCIe error'));
        const line = one.lines.find(({ text }) => recordDevice.test(text.slice(0, 300)));
        const slot = recordDevice.exec(line?.text.slice(0, 300) ?? '')?.[1];
        return !isPcie || line === undefined || slot === undefined ? [] : [{ slot, corrected: one.kind === 'corrected-hardware-error', at: line.secondsSinceBoot, text: line.text }];
      }
      const [, slot, severity] = busError.exec(one.text.slice(0, 300)) ?? [];
      return slot === undefined ? [] : [{ slot, corrected: severity === 'Correct', at: one.secondsSinceBoot, text: one.text }];
    });
    const devices = new Map<string, PcieEvents>();
    for (const { slot, corrected, at, text } of messages) {
      const device = devices.get(slot) ?? { slot, corrected: 0, correctedRecent: 0, uncorrected: 0, uncorrectedRecent: 0, sample: '' };
      const isRecent = at !== undefined && at > startSeconds && system.uptimeSeconds - at <= recentSeconds;
      if (corrected) {
        device.corrected += 1;
        if (isRecent) device.correctedRecent += 1;
      } else {
        device.uncorrected += 1;
        if (isRecent) device.uncorrectedRecent += 1;
      }
      if (!corrected || device.uncorrected === 0) device.sample = text.slice(0, 240);
      devices.set(slot, device);
    }
    return { devices: [...devices.values()], coversBoot: log.coversBoot };
  },
  examples: [
    {
      name: 'a bad riser, a request at boot that nobody answered, and a record of the firmware',
      given: {
        system: proxmoxHost,
        log: logOf(
          [20, 'nvme 0000:02:00.0: PCIe Bus Error: severity=Uncorrectable (Non-Fatal), type=Transaction Layer, (Requester ID)'],
          [863_000, 'pcieport 0000:00:1c.5: AER: Corrected error received: 0000:00:1c.5'],
          [863_000, 'pcieport 0000:00:1c.5: PCIe Bus Error: severity=Corrected, type=Physical Layer, (Receiver ID)'],
          [863_000, 'pcieport 0000:00:1c.5:   device [8086:a115] error status/mask=00000001/00002000'],
          [863_100, 'pcieport 0000:00:1c.5: AER: PCIe Bus Error: severity=Uncorrected (Fatal), type=Data Link Layer, (Receiver ID)'],
          [863_500, '{3}[Hardware Error]: event severity: corrected'],
          [863_500, '{3}[Hardware Error]:   section_type: PCIe error'],
          [863_500, '{3}[Hardware Error]:   device_id: 0000:3b:00.0'],
        ),
      },
      expect: {
        devices: [
          { slot: '0000:02:00.0', uncorrected: 1, uncorrectedRecent: 0 },
          { slot: '0000:00:1c.5', corrected: 1, correctedRecent: 1, uncorrected: 1, uncorrectedRecent: 1 },
          { slot: '0000:3b:00.0', corrected: 1, correctedRecent: 1 },
        ],
      },
    },
    { name: 'only that reporting is on', given: { system: proxmoxHost, log: logOf([1, 'pcieport 0000:00:1c.0: AER: enabled with IRQ 122']) }, expect: { devices: [], coversBoot: true } },
    { name: 'not permitted', given: { system: proxmoxHost, log: denied }, expect: 'not-permitted' },
  ],
});
