import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent } from '../../define/result.ts';

const memberSchema = z.object({
  name: z.string(),
  role: z.number(),
  /** (F), (S), (W), (R), (J) of /proc/mdstat. */
  flags: z.array(z.enum(['faulty', 'spare', 'write-mostly', 'replacement', 'journal'])),
});
const arraySchema = z.object({
  name: z.string(),
  active: z.boolean(),
  readOnly: z.boolean(),
  /** raid1, raid10, raid5, …; an inactive array says none. */
  level: z.string().optional(),
  members: z.array(memberSchema),
  /** From "[2/1]": how many disks it should have, and has. */
  disks: z.number().optional(),
  working: z.number().optional(),
  /** recovery, resync, reshape, check, with their progress. */
  action: z.object({ kind: z.string(), percent: z.number().optional(), waiting: z.boolean() }).optional(),
});
export type MdArray = z.infer<typeof arraySchema>;

const flagNames = { F: 'faulty', S: 'spare', W: 'write-mostly', R: 'replacement', J: 'journal' } as const;

function memberOf(word: string): z.infer<typeof memberSchema> | undefined {
  const match = word.match(/^([\w!.-]{1,64})\[(\d{1,4})\]((?:\([FSWRJ]\)){0,5})$/);
  if (match === null) return undefined;
  const flags = [...(match[3] ?? '')].filter((letter): letter is keyof typeof flagNames => letter in flagNames);
  return { name: match[1] ?? '', role: Number(match[2]), flags: flags.map((letter) => flagNames[letter]) };
}

function arrayOf(line: string): MdArray | undefined {
  const head = line.match(/^(md[\w.-]{1,64}) : (active|inactive)( \((?:auto-)?read-only\))? ?(.*)$/);
  if (head === null) return undefined;
  const words = (head[4] ?? '').split(' ', 256);
  const level = words.find((word) => /^(raid\d{1,2}|linear|multipath|faulty|container)$/.test(word));
  const members = words.map(memberOf).filter((member) => member !== undefined);
  return { name: head[1] ?? '', active: head[2] === 'active', readOnly: head[3] !== undefined, ...(level !== undefined && { level }), members };
}

export default defineProbe({
  id: 'md-arrays',
  title: 'Software RAID arrays',
  subject: 'disk',
  stage: 'early',
  maxBytes: 65_536,
  sh: `[ -r /proc/mdstat ] || absent 'no software RAID is loaded'
while IFS= read -r line; do echo "$line"; done </proc/mdstat`,
  schema: z.object({ arrays: z.array(arraySchema) }),
  parse: (stdout) => {
    const arrays: MdArray[] = [];
    for (const line of stdout.split('\n', 1000)) {
      const array = arrayOf(line);
      if (array !== undefined) arrays.push(array);
      const last = arrays.at(-1);
      if (last === undefined || array !== undefined) continue;
      const counts = line.match(/ \[(\d{1,4})\/(\d{1,4})\]/);
      if (counts !== null && last.disks === undefined) Object.assign(last, { disks: Number(counts[1]), working: Number(counts[2]) });
      const action = line.match(/(recovery|resync|reshape|check) {0,3}= {0,3}(?:(\d{1,3}\.\d)%|(DELAYED|PENDING|REMOTE))/);
      if (action !== null) {
        last.action = { kind: action[1] ?? '', waiting: action[2] === undefined, ...(action[2] !== undefined && { percent: Number(action[2]) }) };
      }
    }
    return arrays.length === 0 ? absent('there is no software RAID array') : { arrays };
  },
  examples: [
    {
      from: 'documented',
      where: 'Linux admin-guide/md and the kernel source md.c: a degraded mirror that is rebuilt, and a healthy one',
      stdout: `Personalities : [raid1] [raid6] [raid5] [raid4] 
md1 : active raid1 sdb2[2] sda2[0]
      976629440 blocks super 1.2 [2/1] [U_]
      [=>...................]  recovery =  8.4% (82133120/976629440) finish=81.3min speed=183212K/sec
      bitmap: 3/8 pages [12KB], 65536KB chunk

md0 : active raid1 sdb1[1] sda1[0](W)
      523264 blocks super 1.2 [2/2] [UU]
      
unused devices: <none>
`,
      expect: {
        arrays: [
          { name: 'md1', level: 'raid1', disks: 2, working: 1, members: [{ name: 'sdb2', role: 2 }, { name: 'sda2' }], action: { kind: 'recovery', percent: 8.4, waiting: false } },
          { name: 'md0', disks: 2, working: 2, members: [{ name: 'sdb1', flags: [] }, { name: 'sda1', flags: ['write-mostly'] }] },
        ],
      },
    },
    {
      from: 'documented',
      where: 'kernel source md.c: a failed member, and an array that waits and is read-only',
      stdout: `Personalities : [raid1]
md127 : active (auto-read-only) raid5 sdd1[3] sdc1[1] sdb1[0](F)
      1953259520 blocks super 1.2 level 5, 512k chunk, algorithm 2 [3/2] [_UU]
      \tresync=PENDING

unused devices: <none>
`,
      expect: { arrays: [{ name: 'md127', active: true, readOnly: true, level: 'raid5', disks: 3, working: 2, members: [{}, {}, { name: 'sdb1', flags: ['faulty'] }], action: { kind: 'resync', waiting: true } }] },
    },
    {
      from: 'documented',
      where: 'the module is loaded, and there is no array',
      stdout: 'Personalities : \nunused devices: <none>\n',
      expect: absent('there is no software RAID array'),
    },
  ],
});
