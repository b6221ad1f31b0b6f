import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';
import { dumpedFiles } from '../../lib/host-text.ts';
import { megacliBothWays, ssacliBatteryFailed, storcliBattery, storcliFallenBack } from './raid-caches.samples.ts';
import { ofMegacli, ofSsacli, ofStorcli, raidCachesSchema, type RaidCaches } from './raid-caches-text.ts';

const storcliPaths = ['/opt/MegaRAID/storcli/storcli64', '/opt/MegaRAID/perccli/perccli64'];

/** Asks the maker's tool where one is installed; each is told to write no log of its own, and works in the private folder. */
export default defineProbe({
  id: 'raid-caches',
  title: 'Write caches of hardware RAID volumes',
  subject: 'disk',
  family: 'smart',
  timeoutMs: 20_000,
  maxBytes: 262_144,
  root: { need: 'needed', adds: 'the cache policy of RAID volumes, where the tool of their maker is installed' },
  sudo: [
    ...storcliPaths.flatMap((path) => [`${path} /call/vall show all J nolog`, `${path} /call show J nolog`]),
    '/usr/sbin/megacli -LDInfo -Lall -aAll -NoLog',
    '/usr/sbin/ssacli ctrl all show config detail',
  ],
  sh: `set -- /sys/bus/pci/drivers/megaraid_sas/[0-9a-f]*:* /sys/bus/pci/drivers/hpsa/[0-9a-f]*:* /sys/bus/pci/drivers/smartpqi/[0-9a-f]*:*
found=
for d in "$@"; do [ -e "$d" ] && found=1; done
[ -n "$found" ] || absent 'this host has no hardware RAID of MegaRAID or Smart Array'
first_of() { for c in "$@"; do have "$c" && { echo "$c"; return; }; done; }
storcli=$(first_of storcli64 storcli perccli64 perccli ${storcliPaths.join(' ')})
megacli=$(first_of megacli megacli64 MegaCli64 MegaCli /opt/MegaRAID/MegaCli/MegaCli64)
ssacli=$(first_of ssacli hpssacli)
[ -n "$storcli$megacli$ssacli" ] || need storcli
is_root || denied 'the tools of RAID controllers are for root only'
cd "$TMP" || exit 1
if [ -n "$storcli" ]; then
  echo '==> storcli volumes <=='; as_root "$storcli" /call/vall show all J nolog 2>/dev/null | tr -s ' \\t\\n' ' '; echo
  echo '==> storcli battery <=='; as_root "$storcli" /call show J nolog 2>/dev/null | tr -s ' \\t\\n' ' '; echo
elif [ -n "$megacli" ]; then
  echo '==> megacli <=='; as_root "$megacli" -LDInfo -Lall -aAll -NoLog 2>/dev/null | grep -E '^ *(Adapter|Virtual Drive|RAID Level|Default Cache|Current Cache)' | sed 's/^ *//'
fi
if [ -n "$ssacli" ]; then
  echo '==> ssacli <=='; as_root "$ssacli" ctrl all show config detail 2>/dev/null | grep -E ' in Slot |Cache (Status|Board)|No-Battery|Battery/Capacitor Status|Array: |Interface Type|Logical Drive: |LD Accel|Fault Tol|Caching: |Disk Name|physicaldrive '
fi
echo '==> end <=='`,
  schema: raidCachesSchema,
  parse: (stdout) => {
    const files = dumpedFiles(stdout);
    if (!files.has('end')) return unparsable('the answer does not reach its end');
    const [listed, battery, megacli, ssacli] = ['storcli volumes', 'storcli battery', 'megacli', 'ssacli'].map((key) => files.get(key));
    const parts: RaidCaches[] = [];
    if (listed !== undefined) {
      const volumes = ofStorcli(listed);
      if (volumes === undefined) return unparsable('storcli did not print its JSON');
      parts.push(volumes, ofStorcli(battery ?? '') ?? { volumes: [], complaints: [] });
    }
    if (megacli !== undefined) parts.push(ofMegacli(megacli));
    if (ssacli !== undefined) parts.push(ofSsacli(ssacli));
    const volumes = parts.flatMap((part) => part.volumes);
    return volumes.length > 0 ? { volumes, complaints: parts.flatMap((part) => part.complaints).slice(0, 20) } : absent('the RAID controllers of this host have no volume');
  },
  examples: [
    {
      from: 'documented',
      where: 'StorCLI reference manual (Broadcom), JSON; perccli prints the same: two volumes and a failed battery',
      stdout: `==> storcli volumes <==\n${storcliFallenBack}\n==> storcli battery <==\n${storcliBattery}\n==> end <==\n`,
      expect: {
        volumes: [
          { name: 'controller 0, volume 0', deviceName: 'sda', raidLevel: 'RAID1', policy: 'write through', configured: 'write back', media: 'hdd' },
          { deviceName: 'sdb', policy: 'write through', configured: 'write through', media: 'ssd' },
        ],
        complaints: ['controller 0: battery Failed'],
      },
    },
    {
      from: 'documented',
      where: 'MegaCLI -LDInfo (LSI), one volume fell back',
      stdout: `==> megacli <==\n${megacliBothWays}==> end <==\n`,
      expect: { volumes: [{ name: 'controller 0, volume 0', policy: 'write through', configured: 'write back' }, { policy: 'write back', configured: 'write back' }], complaints: [] },
    },
    {
      from: 'documented',
      where: 'HPE Smart Storage Administrator CLI, config detail: a failed battery, and a volume with SSD Smart Path',
      stdout: `==> ssacli <==\n${ssacliBatteryFailed}==> end <==\n`,
      expect: {
        volumes: [{ name: 'controller in slot 0, volume 1', deviceName: 'sda', policy: 'write through', configured: 'write back', media: 'hdd', raidLevel: 'RAID 1' }],
        complaints: ['controller in slot 0: cache status Temporarily Disabled', 'controller in slot 0: battery/capacitor status Failed (Replace Batteries/Capacitors)'],
      },
    },
    { from: 'documented', where: 'what the fragment prints without such a controller', stdout: 'this host has no hardware RAID of MegaRAID or Smart Array\n', exitStatus: 120, expect: absent('') },
    { from: 'documented', where: 'a tool that only complains', stdout: '==> storcli volumes <==\nAborted\n==> storcli battery <==\n==> end <==\n', expect: 'unparsable' },
    { from: 'documented', where: 'an answer that was cut', stdout: '==> megacli <==\n', expect: 'unparsable' },
  ],
});
