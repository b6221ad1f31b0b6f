import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

export default defineScenario<{ readonly modulesGone: boolean }>({
  name: 'newer-kernel-waits',
  subject: 'kernel',
  kind: 'control',
  why: 'A newer kernel was installed some days ago and waits for the next reboot. That is worth a note, and is no reason why anything is slow: the host is healthy.',
  weight: 'light',
  variants: { 'installed': { modulesGone: false }, 'old-modules-removed': { modulesGone: true } },
  zfs: false,
  inject: async (host, { modulesGone }) => {
    await expectNoPool(host);
    await host.run(
      `running=$(uname -r); newer=$(echo "$running" | awk -F'[.+-]' -v OFS= '{ match($0, /^[0-9]+\\.[0-9]+\\.[0-9]+-/) ? sub(/-[0-9]+/, "-" ($4 + 2)) : sub(/\\.[0-9]+\\+/, "." ($3 + 5) "+"); print }')
       touch -d '-3 days' /boot/vmlinuz-$running /boot/vmlinuz-$newer /boot/initrd.img-$newer; mkdir -p /lib/modules/$newer; cp /lib/modules/$running/modules.* /lib/modules/$newer/ 2>/dev/null
       touch /run/reboot-required; ${modulesGone ? 'mv /lib/modules/$running /root/' : ''}
       [ "$newer" != "$running" ]`,
    );
  },
  check: async (host) => ((await host.run('ls /boot/vmlinuz-* | wc -l')).trim() === '2' ? undefined : 'there are not two kernels in /boot'),
  truth: { first: [], never: ['kernel-regression'] },
});
