import { defineScenario, type Host } from '../../define.ts';
import { makeGuestPool, mirror } from '../cpu/guest-pool.ts';

/** Reads a pipe into which nobody writes, through an io_uring, and waits for it for ever: io_uring_setup(2), io_uring_enter(2). */
const waiter = `import ctypes, mmap, os, struct
libc = ctypes.CDLL(None, use_errno=True)
params = ctypes.create_string_buffer(120)
ring = libc.syscall(425, 8, params)
if ring < 0: raise OSError(ctypes.get_errno(), 'io_uring_setup')
entries = struct.unpack_from('<I', params, 0)[0]
head, tail, mask, count, flags, dropped, array = struct.unpack_from('<7I', params, 40)
queue = mmap.mmap(ring, array + entries * 4, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE, offset=0)
requests = mmap.mmap(ring, entries * 64, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE, offset=0x10000000)
reader, writer = os.pipe()
buffer = ctypes.create_string_buffer(4096)
struct.pack_into('<BBHiQQIIQ', requests, 0, 22, 0, 0, reader, 2 ** 64 - 1, ctypes.addressof(buffer), 4096, 0, 1)
struct.pack_into('<I', queue, array, 0)
struct.pack_into('<I', queue, tail, 1)
submit = 1
while True:
    libc.syscall(426, ring, submit, 1, 1, None, 0)
    submit = 0
`;

interface Variant {
  readonly who: 'guest' | 'database';
  readonly threads: number;
}

/** Per cent of the time within some seconds: of all processors waiting for I/O, of tasks held up by it, and of the busiest disk at work. */
async function meters(host: Host): Promise<{ readonly wait: number; readonly pressure: number; readonly disk: number }> {
  const text = await host.run(`look() { awk '/^cpu / { print "wait", $6, $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9 }' /proc/stat; sed -n 's/^some.*total=/pressure /p' /proc/pressure/io; awk '$3 ~ /^(vd|sd)[a-z]+$/ { print $3, $13 }' /proc/diskstats; }
    look > /run/lab-before; sleep 6; look > /run/lab-after
    paste -d ' ' /run/lab-before /run/lab-after | awk '$1 == "wait" { print "wait", 100 * ($5 - $2) / ($6 - $3) } $1 == "pressure" { print "pressure", ($4 - $2) / 6e4 } $1 ~ /^[vs]d/ { b = ($4 - $2) / 60; if (b > most) most = b } END { print "disk", most + 0 }'`);
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  return { wait: value('wait'), pressure: value('pressure'), disk: value('disk') };
}

export default defineScenario<Variant>({
  name: 'io-uring-waiter',
  subject: 'meter',
  kind: 'control',
  why: 'A process reads a pipe through an io_uring and waits, as the threads of virtual machines and databases do all day. The kernel counts that as waiting for I/O: the IO delay shows half of the time or more, the I/O pressure nearly all of it, and no disk has anything to do. Nothing is wrong but the meter: right is iowait-meter-wrong.',
  weight: 'light',
  variants: { 'guest-at-rest': { who: 'guest', threads: 1 }, 'database-worker': { who: 'database', threads: 2 } },
  inject: async (host, { who, threads }) => {
    await makeGuestPool(host, { layout: mirror });
    await host.run(`mkdir -p /run/lab; ln -sf "$(readlink -f /usr/bin/python3)" /run/lab/mariadbd; cat > /run/lab/wait.py <<'PYTHON'\n${waiter}PYTHON`);
    const program = who === 'guest' ? 'python3' : '/run/lab/mariadbd';
    const script = `${Array.from({ length: threads }, () => `${program} /run/lab/wait.py &`).join('\n')}\nwait`;
    await host.start('waiter', script, { guest: who === 'guest' ? 'qemu/100' : 'lxc/101' });
  },
  settleSeconds: 25,
  check: async (host) => {
    const { wait, pressure, disk } = await meters(host);
    if (!(disk < 5)) return `a disk is busy ${disk} % of the time`;
    return wait >= 25 || pressure >= 60 ? undefined : `the meters show only ${wait} % IO delay and ${pressure} % I/O pressure`;
  },
  truth: {
    first: ['iowait-meter-wrong'],
    allowed: ['pressure-meter-wrong'],
    status: ['suspected', 'identified'],
    never: ['disk-slow', 'disk-saturated', 'guest-io-hog'],
    symptoms: ['io-delay'],
  },
});
