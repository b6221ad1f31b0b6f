import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';
import { smartOfAtaDisks, smartOfNvme, smartOfSasDisks, smartOfScsiDebug, smartOfSleepers } from './smart-samples.ts';
import { parseSmart, smartDiskSchema } from './smart-text.ts';

export default defineProbe({
  id: 'smart',
  title: 'What the disks say of their own health (SMART)',
  subject: 'disk',
  timeoutMs: 12_000,
  maxBytes: 655_360,
  family: 'smart',
  root: { need: 'needed', adds: 'the health of the disks (SMART)' },
  sudo: ['/usr/sbin/smartctl ^--json=cu -n standby -i -H -A( -l error -l selftest -l scterc)? /dev/(sd[a-z]+|nvme[0-9]+n[0-9]+)$'],
  sh: `names=; count=0; more=0
for d in /sys/block/sd* /sys/block/nvme*; do
  [ -e "$d" ] || continue
  name=\${d##*/}
  case $name in nvme*c*n*) continue ;; esac
  if [ $count -ge 64 ]; then more=$((more + 1)); continue; fi
  count=$((count + 1)); names="$names $name"
done
[ $count -gt 0 ] || absent 'no disk that could have SMART (virtual disks have none)'
need smartctl
is_root || denied 'SMART is for root'
logs='-l error -l selftest -l scterc'
[ $count -gt 24 ] && logs=
for name in $names; do
  state=
  read -r state 2>/dev/null <"/sys/block/$name/device/state"
  case $state in
    offline|transport-offline|dead|deleting*|resetting|connecting) echo offline >"$TMP/smart.$name.end"; continue ;;
  esac
  ( as_root smartctl --json=cu -n standby -i -H -A $logs "/dev/$name" >"$TMP/smart.$name" 2>/dev/null
    echo $? >"$TMP/smart.$name.end" ) >/dev/null 2>&1 </dev/null &
done
tenths=0
while [ $tenths -lt 80 ]; do
  missing=
  for name in $names; do [ -s "$TMP/smart.$name.end" ] || missing=yes; done
  [ -n "$missing" ] || break
  if sleep 0.2 2>/dev/null; then tenths=$((tenths + 2)); else sleep 1; tenths=$((tenths + 10)); fi
done
[ -z "$missing" ] || left_behind smartctl
for name in $names; do
  end=no-answer
  [ -s "$TMP/smart.$name.end" ] && read -r end <"$TMP/smart.$name.end"
  echo "@disk $name $end"
  case $end in no-answer|offline) continue ;; esac
  while IFS= read -r line || [ -n "$line" ]; do printf '%s\\n' "$line"; done 2>/dev/null <"$TMP/smart.$name"
done
[ $more -eq 0 ] || echo "@not-asked $more"`,
  schema: z.object({
    disks: z.array(smartDiskSchema),
    /** Disks beyond the first 64. */
    notAsked: z.number(),
  }),
  parse: (stdout) => {
    if (stdout.trim() === '') return absent('no disk that could have SMART (virtual disks have none)');
    return parseSmart(stdout) ?? unparsable('no line names a disk');
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, smartctl 7.3: an NVMe disk of a virtual machine',
      stdout: smartOfNvme,
      expect: {
        notAsked: 0,
        disks: [
          {
            device: 'nvme0n1',
            status: 'answered',
            model: 'QEMU NVMe Ctrl',
            serial: 'LABNVME0',
            firmware: '10.0.13',
            protocol: 'NVMe',
            healthPassed: true,
            temperatureCelsius: 50,
            powerOnHours: 0,
            nvme: { criticalWarning: 0, availableSparePercent: 0, spareThresholdPercent: 0, percentageUsed: 0, mediaErrors: 0 },
          },
        ],
      },
    },
    {
      from: 'recorded',
      where: 'Debian 13, smartctl 7.4: an emulated SCSI disk',
      stdout: smartOfScsiDebug,
      expect: { disks: [{ device: 'sda', status: 'answered', exitStatus: 4, model: 'Linux scsi_debug', protocol: 'SCSI', rotationRate: 0, healthPassed: true, temperatureCelsius: 38, attributes: [] }] },
    },
    {
      from: 'documented',
      where: 'smartmontools ataprint.cpp: a failing disk with pending sectors, and a healthy solid-state disk with a warning of the drive database',
      stdout: smartOfAtaDisks,
      expect: {
        disks: [
          {
            device: 'sda',
            status: 'answered',
            exitStatus: 216,
            healthPassed: false,
            rotationRate: 5400,
            powerOnHours: 41230,
            attributes: [{ id: 5, raw: 1984, whenFailed: 'now', prefailure: true }, { id: 197, raw: 24 }],
            errorLogCount: 12,
            errors: [{ hours: 41228, text: 'Error: UNC at LBA = 0x0fffffff = 268435455' }],
            selfTest: { passed: false, text: 'Completed: read failure', hours: 41100 },
            errorRecovery: { readDeciseconds: 70, writeDeciseconds: 70 },
          },
          { device: 'sdb', healthPassed: true, rotationRate: 0, trimSupported: true, errorRecovery: { readDeciseconds: 0 }, databaseWarning: 'This drive may hang after 5184 hours of power-on time: https://example.com/ Firmware update available' },
        ],
      },
    },
    {
      from: 'documented',
      where: 'smartmontools scsiprint.cpp: a SAS disk with a defect list and an uncorrected error, and one that warns of its temperature',
      stdout: smartOfSasDisks,
      expect: { notAsked: 12, disks: [{ device: 'sdc', protocol: 'SCSI', scsi: { grownDefects: 4, uncorrectedErrors: 1 }, selfTest: { passed: true }, rotationRate: 7200, firmware: 'TT31' }, { device: 'sdd', healthPassed: false, scsi: { tooHot: true }, temperatureCelsius: 64 }] },
    },
    {
      from: 'documented',
      where: 'smartctl(8): a disk that sleeps, one that does not answer, one that the kernel gave up, one that cannot be opened, one with a broken answer',
      stdout: smartOfSleepers,
      expect: {
        disks: [
          { device: 'sda', status: 'sleeping' },
          { device: 'sdb', status: 'no-answer' },
          { device: 'nvme1n1', status: 'offline' },
          { device: 'sdc', status: 'failed', detail: 'Smartctl open device: /dev/sdc failed: No such device' },
          { device: 'sdd', status: 'failed' },
          { device: 'sde', status: 'sleeping' },
        ],
      },
    },
    { from: 'recorded', where: 'a virtual machine with virtio disks only', stdout: '', expect: absent('no disk that could have SMART (virtual disks have none)') },
    {
      from: 'documented',
      where: 'an answer with a damaged frame: the document behind it belongs to no disk that is known',
      stdout: '@disk sdb no-answer\n@disk nvme1n1 offli@disk sdc 2\n{"json_format_version":[1,0],"model_name":"of whom?"}\n@disk sda 0\n@disk\n{"json_format_version":[1,0],"model_name":"of whom?"}\n',
      expect: { disks: [{ device: 'sdb', status: 'no-answer', exitStatus: -1 }, { device: 'sda', status: 'failed', exitStatus: 0 }] },
    },
    { from: 'documented', where: 'a text that is something else', stdout: '<html> </html>\n', expect: 'unparsable' },
  ],
});
