import { tooNoisy, type ExperimentSpec } from '../../define/experiment.ts';

export const encryptedAgainstPlainSamples: ExperimentSpec<never>['examples'] = [
  {
    name: 'a slow path: 5 s of processor time for a gigabyte that takes a program 0.4 s',
    from: 'documented',
    stdout: `pool tank aes-256-gcm 100
AES-256-GCM    2500000.00k
${abba([64, 10], [320, 35])}`,
    findings: [{ object: 'storage/tank', outcome: 'encrypting costs far too much' }],
  },
  {
    name: 'the quick path',
    from: 'documented',
    stdout: `pool tank aes-256-gcm 100
AES-256-GCM    2500000.00k
${abba([64, 10], [70, 13])}`,
    findings: [{ object: 'storage/tank', outcome: 'encrypting costs what it must' }],
  },
  {
    name: 'the quick path on an emulated machine without openssl, beside the speed of the kernel',
    from: 'recorded',
    stdout: `pool tank aes-256-gcm 100
# Tests are approximate using memory only (no storage IO).
# Algorithm |       Key |      Encryption |      Decryption
    aes-xts        512b        49.7 MiB/s        56.0 MiB/s
write plain 18874368 1060 78
write encrypted 18874368 1660 149
write encrypted 18874368 1660 135
write plain 18874368 860 39
write plain 18874368 860 71
write encrypted 18874368 1720 154
write encrypted 18874368 1750 145
write plain 18874368 880 46
write plain 18874368 900 69
write encrypted 18874368 1760 167
write encrypted 18874368 1720 153
write plain 18874368 970 41
`,
    findings: [{ object: 'storage/tank', outcome: 'encrypting costs what it must' }],
  },
  {
    name: 'guests write all the time: only the time until each write is safe can be compared',
    from: 'recorded',
    stdout: `# Tests are approximate using memory only (no storage IO).
# Algorithm |       Key |      Encryption |      Decryption
    aes-xts        512b        47.4 MiB/s        10.0 MiB/s
pool tank aes-256-gcm 100 busy
write plain 2097152 120 42
write encrypted 2097152 470 104
write encrypted 2097152 750 360
write plain 2097152 360 13
write plain 2097152 100 50
write encrypted 2097152 600 236
write encrypted 2097152 650 145
write plain 2097152 100 -23
write plain 2097152 90 38
write encrypted 2097152 430 92
write encrypted 2097152 2720 385
write plain 2097152 120 -80
`,
    findings: [{ object: 'storage/tank', outcome: 'encrypting costs far too much' }],
  },
  {
    name: 'guests write all the time, and each write waits for theirs as long as it likes',
    from: 'documented',
    stdout: `pool tank aes-256-gcm 100 busy
    aes-xts        512b        54.9 MiB/s        14.5 MiB/s
write plain 4194304 17050 1863
write encrypted 4194304 20100 2284
write encrypted 4194304 860 124
write plain 4194304 20520 2093
write plain 4194304 17050 1863
write encrypted 4194304 20100 2284
`,
    findings: [{ object: 'storage/tank', outcome: tooNoisy }],
  },
  {
    name: 'the quick path on a machine that was busy with something else',
    from: 'recorded',
    stdout: `pool tank aes-256-gcm 100
# Tests are approximate using memory only (no storage IO).
# Algorithm |       Key |      Encryption |      Decryption
    aes-xts        512b        41.3 MiB/s        42.3 MiB/s
write plain 9437184 940 73
write encrypted 9437184 1390 114
write encrypted 9437184 1490 119
write plain 9437184 1360 98
write plain 9437184 1100 81
write encrypted 9437184 1780 136
write encrypted 9437184 2290 212
write plain 9437184 1140 86
write plain 9437184 1140 82
write encrypted 9437184 2280 183
write encrypted 9437184 1430 115
write plain 9437184 1110 66
`,
    findings: [{ object: 'storage/tank', outcome: tooNoisy }],
  },
  {
    name: 'other writers take turns with us',
    from: 'documented',
    stdout: `pool tank aes-256-gcm 100
AES-256-GCM    2500000.00k
write plain 50331648 64 10
write encrypted 50331648 320 90
write encrypted 50331648 70 4
write plain 50331648 400 60
`,
    findings: [{ object: 'storage/tank', outcome: tooNoisy }],
  },
  { name: 'an openssl that cannot tell', from: 'documented', stdout: 'pool tank aes-256-gcm 100\nwrite plain 50331648 64 10\n', findings: 'absent' },
  { name: 'nothing', from: 'documented', stdout: '', findings: 'unparsable' },
];

/** Three rounds of writes by turns, each of the milliseconds and ticks given, a little apart from each other. */
function abba(plain: readonly [number, number], encrypted: readonly [number, number]): string {
  const line = (side: string, [milliseconds, ticks]: readonly [number, number], more: number): string => `write ${side} 50331648 ${milliseconds + 2 * more} ${ticks + more}\n`;
  return [0, 1, 2].map((more) => line('plain', plain, more % 2) + line('encrypted', encrypted, more) + line('encrypted', encrypted, 1) + line('plain', plain, 0)).join('');
}
