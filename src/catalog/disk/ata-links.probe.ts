import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';

const linkSchema = z.object({
  /** Number of the port, as in the kernel's "ata3: …". */
  port: z.number(),
  /** Behind a port multiplier: the number behind the dot. */
  sub: z.number().optional(),
  /** Speed now; missing where nothing is connected. */
  gbps: z.number().optional(),
  /** What the port could do. */
  hardwareLimitGbps: z.number().optional(),
  /** What the kernel still allows after it slowed the link down because of errors. */
  limitGbps: z.number().optional(),
  /** How often the kernel slowed the device's transfers down because of errors. */
  slowedDown: z.number().optional(),
});
export type AtaLink = z.infer<typeof linkSchema>;

function gbps(text: string | undefined): number | undefined {
  const match = text?.match(/^(\d{1,2}(?:\.\d)?) Gbps$/);
  return match === null || match === undefined ? undefined : Number(match[1]);
}

export default defineProbe({
  id: 'ata-links',
  title: 'Speed of the SATA links',
  subject: 'disk',
  stage: 'early',
  maxBytes: 65_536,
  sh: `found=
for l in /sys/class/ata_link/link*; do
  [ -e "$l" ] || continue
  found=yes
  n=\${l##*/link}
  now=; hw=; limit=; down=
  read -r now 2>/dev/null <"$l/sata_spd"
  case $now in *Gbps) ;; *) continue ;; esac
  read -r hw 2>/dev/null <"$l/hw_sata_spd_limit"
  read -r limit 2>/dev/null <"$l/sata_spd_limit"
  for d in "/sys/class/ata_device/dev$n".*; do [ -r "$d/spdn_cnt" ] && read -r down 2>/dev/null <"$d/spdn_cnt" && break; done
  echo "$n|$now|$hw|$limit|$down"
done
[ -n "$found" ] || absent 'no SATA controller'`,
  schema: z.object({ links: z.array(linkSchema) }),
  parse: (stdout) => {
    const links: AtaLink[] = [];
    for (const line of stdout.split('\n', 512)) {
      const [name = '', now, hardware, limit, slowedDown] = line.split('|', 6);
      const place = name.match(/^(\d{1,4})(?:\.(\d{1,2}))?$/);
      if (place === null) continue;
      const link: AtaLink = {
        port: Number(place[1]),
        sub: place[2] === undefined ? undefined : Number(place[2]),
        gbps: gbps(now),
        hardwareLimitGbps: gbps(hardware),
        limitGbps: gbps(limit),
        slowedDown: slowedDown !== undefined && /^\d{1,6}$/.test(slowedDown) ? Number(slowedDown) : undefined,
      };
      links.push(Object.fromEntries(Object.entries(link).filter(([, field]) => field !== undefined)) as AtaLink);
    }
    return { links };
  },
  examples: [
    {
      from: 'documented',
      where: 'Linux ABI sysfs-ata: a disk at full speed, and one that was slowed down twice',
      stdout: '1|6.0 Gbps|<unknown>|<unknown>|0\n3|1.5 Gbps|6.0 Gbps|1.5 Gbps|2\n',
      expect: { links: [{ port: 1, gbps: 6, slowedDown: 0 }, { port: 3, gbps: 1.5, hardwareLimitGbps: 6, limitGbps: 1.5, slowedDown: 2 }] },
    },
    { from: 'recorded', where: 'Debian 12, kernel 6.1: six ports with nothing connected', stdout: '', expect: { links: [] } },
    { from: 'documented', where: 'a port multiplier', stdout: '4.2|3.0 Gbps|3.0 Gbps|<unknown>|0\n', expect: { links: [{ port: 4, sub: 2, gbps: 3 }] } },
  ],
});
