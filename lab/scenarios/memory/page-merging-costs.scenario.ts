import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

/** Four times the pages that ksmtuned sets when memory is short (KSM_NPAGES_MAX of its settings), as who wants more out of it does, and its KSM_SLEEP_MSEC. */
const atItsQuickest = 'cd /sys/kernel/mm/ksm && echo 5000 >pages_to_scan && echo 10 >sleep_millisecs && echo 1 >run';

/** A VM whose memory QEMU has offered for merging: pages of a few contents, as of equal systems, and work that changes some and makes them alike again. */
const guest = (mebibytes: number): string => `exec python3 -c '
import mmap, random, time
count = ${mebibytes} * 256
memory = mmap.mmap(-1, count * 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
memory.madvise(mmap.MADV_MERGEABLE)
contents = [random.Random(seed).randbytes(64) * 64 for seed in range(400)]
for page in range(count):
    memory[page * 4096:(page + 1) * 4096] = contents[page % 400]
    if page % 256 == 0: time.sleep(0.03)
while True:
    for step in range(300):
        page = random.randrange(count)
        memory[page * 4096] = step & 255
        page = random.randrange(count)
        memory[page * 4096:(page + 1) * 4096] = contents[page % 400]
    sum(range(20000))
'`;

export default defineScenario<{ readonly guests: readonly number[]; readonly mebibytes: number }>({
  name: 'page-merging-costs',
  subject: 'memory',
  kind: 'fault',
  why: 'The running VMs were promised more memory than the host has, and fit in only because the kernel merges equal pages. The search for them takes a processor which the guests would need, and each page that a guest changes must be copied first. That the host is overcommitted and lives on merging is right.',
  weight: 'heavy',
  variants: { 'two-large-guests': { guests: [100, 103], mebibytes: 620 }, 'three-guests': { guests: [100, 103, 104], mebibytes: 430 } },
  zfs: false,
  inject: async (host, { guests, mebibytes }) => {
    await expectNoPool(host);
    await host.run(atItsQuickest);
    // Beside guests that compute on two processors, its niceness of 5 would leave it less than a half of one; larger hosts have a whole one for it.
    await host.run('renice -n -5 -p $(pgrep -x ksmd)');
    for (const id of guests) await host.start(`guest${id}`, guest(mebibytes), { guest: `qemu/${id} --memory-mib ${Math.round(mebibytes * 1.4)}` });
    await host.run(`for i in $(seq 75); do [ $(cat /sys/kernel/mm/ksm/pages_sharing) -gt ${Math.round(guests.length * mebibytes * 256 * 0.6)} ] && exit; sleep 2; done; grep . /sys/kernel/mm/ksm/* >&2; exit 1`, { timeoutSeconds: 180 });
  },
  settleSeconds: 30,
  check: async (host) => {
    const used = async (): Promise<number> => Number((await host.run("awk '{ print $14 + $15 }' /proc/$(pgrep -x ksmd)/stat")).trim());
    const before = await used();
    await host.wait(5);
    const percent = (await used() - before) / 5;
    return percent > 50 ? undefined : `the search takes only ${Math.round(percent)} % of a processor`;
  },
  truth: { first: ['ksm-overcommit'], allowed: ['cpu-saturated', 'workload-grew'], never: ['memory-exhausted', 'guest-cpu-hog', 'cpu-steal'] },
});
