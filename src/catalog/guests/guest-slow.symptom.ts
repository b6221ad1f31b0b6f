import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { optional } from '../../define/source.ts';
import { percentText } from '../kernel/number-text.ts';
import guestUsage, { type GuestUsed } from './guest-usage.fact.ts';
import guests from './guests.fact.ts';
import { pressureOn, usageOf, usedBy } from './guests.samples.ts';

const throttledLimitPercent = 25;
/** A CPU limit that is met but makes hardly anything wait slows nothing. */
const heldPercent = 5;
const ioLimitPercent = 50;
/** Whoever moves that much is copying, and a copy waits for input and output by its nature. */
const copyingBytesPerSecond = 100e6;
const memoryLimitPercent = 10;
const cpuLimitPercent = 60;

type Finding = Omit<Detection, 'object' | 'unit' | 'says'> & { readonly why: string };

/** The first reason that holds. A short stall is none: the mean over 60 seconds must show it as well. */
function findingOf(guest: GuestUsed): Finding | undefined {
  if (guest.throttledPercent >= throttledLimitPercent && guest.throttledPeriods >= 5 && (guest.pressure?.cpu.somePercent ?? heldPercent) >= heldPercent) {
    return { value: guest.throttledPercent, limit: throttledLimitPercent, why: 'its CPU limit stopped it in' };
  }
  const { pressure } = guest;
  if (pressure === undefined) return undefined;
  if (pressure.memory.fullPercent >= memoryLimitPercent && pressure.memory.fullAvg60 >= memoryLimitPercent / 2) {
    return { value: pressure.memory.fullPercent, limit: memoryLimitPercent, why: 'all its work waited for memory in' };
  }
  if (pressure.io.fullPercent >= ioLimitPercent && pressure.io.fullAvg60 >= ioLimitPercent / 2 && guest.ioBytesPerSecond < copyingBytesPerSecond) {
    return { value: pressure.io.fullPercent, limit: ioLimitPercent, why: 'all its work waited for input and output in' };
  }
  const virtual = guest.kind === 'qemu' || guest.kind === 'libvirt';
  if (virtual && pressure.cpu.somePercent >= cpuLimitPercent && pressure.cpu.someAvg60 >= cpuLimitPercent / 2) {
    return { value: pressure.cpu.somePercent, limit: cpuLimitPercent, why: 'its virtual CPUs waited for a processor in' };
  }
  return undefined;
}

export default defineSymptom({
  id: 'guest-slow',
  title: 'A guest is slow',
  about: `A VM or container waits for what it needs. It is seen here, guest by guest, in the accounting of its control group: its CPU limit stopped it in at least
${throttledLimitPercent} % of the periods and made its tasks wait, all its work waited for input and output in at least ${ioLimitPercent} % of the time (without getting ${copyingBytesPerSecond / 1e6} MB/s) or for memory in ${memoryLimitPercent} %, or the virtual CPUs of a VM waited for a
processor in ${cpuLimitPercent} %. What is slow inside a guest alone, such as a database without an index, is not seen from here; nor is the waiting of a VM for a disk whose requests
go by io_uring.`,
  leak: 0.15,
  needs: { usage: guestUsage, names: optional(guests) },
  detect: ({ usage, names }): readonly Detection[] => {
    const titles = new Map((names?.guests ?? []).map((guest) => [guest.object, guest.title]));
    return usage.guests.flatMap((guest) => {
      const finding = findingOf(guest);
      if (finding === undefined) return [];
      const title = titles.get(guest.object) ?? guest.object;
      const share = guest.throttledPercent === finding.value ? `${percentText(finding.value)} of the periods` : `${percentText(finding.value)} of the time`;
      const says = `Guest ${title}: ${finding.why} ${share} (limit ${finding.limit} %).`;
      return [{ object: guest.object, value: finding.value, limit: finding.limit, unit: '% of the time', says }];
    });
  },
  examples: {
    present: [
      {
        name: 'a container at its CPU limit, a VM that waits for a processor, and one that is well',
        given: {
          usage: usageOf(
            usedBy('lxc/101', { limitCpus: 0.5, throttledPercent: 82, throttledPeriods: 41, pressure: pressureOn({ cpu: { somePercent: 52 } }) }),
            usedBy('qemu/100', { pressure: pressureOn({ cpu: { somePercent: 85, someAvg60: 70 } }) }),
            usedBy('qemu/104'),
          ),
          names: { settingsKnown: true, guests: [{ object: 'lxc/101', kind: 'lxc', name: '101', title: 'container 101 (mail)', running: true }] },
        },
        objects: ['lxc/101', 'qemu/100'],
      },
      { name: 'a container that waits for its disk', given: { usage: usageOf(usedBy('lxc/101', { pressure: pressureOn({ io: { fullPercent: 90, fullAvg60: 85 } }) })) }, objects: ['lxc/101'] },
      { name: 'a container at its memory limit', given: { usage: usageOf(usedBy('lxc/101', { pressure: pressureOn({ memory: { fullPercent: 60, fullAvg60: 40 } }) })) } },
    ],
    absent: [
      { name: 'all idle', given: { usage: usageOf(usedBy('qemu/100'), usedBy('lxc/101')) } },
      { name: 'a guest that works hard and gets what it needs', given: { usage: usageOf(usedBy('qemu/100', { cpuPercentOfCore: 400, ioBytesPerSecond: 5e8 })) } },
      { name: 'a compile job in a container without a limit', given: { usage: usageOf(usedBy('lxc/101', { cpuPercentOfCore: 1600, pressure: pressureOn({ cpu: { somePercent: 95, someAvg60: 95 } }) })) } },
      { name: 'a large copy within a container on quick disks', given: { usage: usageOf(usedBy('lxc/101', { ioBytesPerSecond: 9e8, iosPerSecond: 7_000, pressure: pressureOn({ io: { somePercent: 92, fullPercent: 90, fullAvg60: 80 } }) })) } },
      { name: 'one short wait for a disk', given: { usage: usageOf(usedBy('lxc/101', { pressure: pressureOn({ io: { fullPercent: 70, fullAvg60: 6 } }) })) } },
      { name: 'a limit that is met at the end of many periods, and nothing waits', given: { usage: usageOf(usedBy('lxc/101', { limitCpus: 4, throttledPercent: 31, throttledPeriods: 15, pressure: pressureOn({ cpu: { somePercent: 2 } }) })) } },
      { name: 'a limit that is seldom met', given: { usage: usageOf(usedBy('lxc/101', { limitCpus: 2, throttledPercent: 4, throttledPeriods: 2 })) } },
    ],
  },
});
