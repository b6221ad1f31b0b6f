import { defineExperiment, tooNoisy, type Finding } from '../../define/experiment.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, words } from '../../lib/host-text.ts';
import { pairedRatio } from '../../lib/paired.ts';
import cpuInfo from './cpu-info.probe.ts';

const rounds = 3;
/** The instructions make AES five to thirty times as quick as tables; on an emulated processor two to three times. Without them the kernel takes the tables for both sides. */
const usesFrom = 1.5;
const doesWithoutUpTo = 1.25;

/**
 * Asks the kernel to decrypt with a cipher of its own through a socket of the family AF_ALG (Linux Documentation/crypto/userspace-if.rst), for about 0.3 s of processor time a turn.
 * Perl's own accept() wants the address of the other side, which these sockets lack.
 */
const program = `use strict; use warnings;
my ($accept4, @names) = @ARGV;
my %ask;
for my $name (@names) {
  socket(my $cipher, 38, 5, 0) or exit 3;
  bind($cipher, pack('S a14 L L a64', 38, 'skcipher', 0, 0, $name)) or exit 4;
  setsockopt($cipher, 279, 1, pack('C*', map { int rand 256 } 1 .. 32)) or exit 4;
  my $number = syscall($accept4 + 0, fileno($cipher), 0, 0, 0);
  $number >= 0 or exit 4;
  open($ask{$name}, '+<&=', $number) or exit 4;
}
my $block = "\\0" x 16384;
sub turn {
  my ($name, $seconds) = @_;
  my ($bytes, $out) = (0, '');
  my ($user, $system) = times;
  my $spent = 0;
  while ($spent < $seconds) {
    for (1 .. 32) {
      syswrite($ask{$name}, $block) == 16384 && sysread($ask{$name}, $out, 16384) == 16384 or exit 5;
      $bytes += 16384;
    }
    my ($user_now, $system_now) = times;
    $spent = $user_now + $system_now - $user - $system;
  }
  return sprintf '%.0f', $bytes / $spent;
}
turn($_, 0.05) for @names;
$| = 1;
for (1 .. ${rounds}) {
  for my $side (0, 1, 1, 0) { print "rate ", ('own', 'generic')[$side], ' ', turn($names[$side], 0.3), "\\n" }
}`;

function findingOf(rates: readonly { readonly side: string; readonly bytesPerSecond: number }[], driver: string): Finding {
  const of = (side: string): number[] => rates.filter((one) => one.side === side).map(({ bytesPerSecond }) => bytesPerSecond);
  const ratio = pairedRatio(of('own').map((rate, index) => [rate, of('generic')[index] ?? Number.NaN]));
  if (ratio === undefined) return { object: 'host', outcome: tooNoisy, says: 'Too few turns were finished to compare the kernel’s ciphers.' };
  const outcome = ratio.low >= usesFrom ? 'the kernel uses the instructions' : ratio.high <= doesWithoutUpTo ? 'the kernel does without the instructions' : tooNoisy;
  const gigabytes = (of('own').reduce((sum, rate) => sum + rate, 0) / of('own').length / 1e9).toFixed(2);
  return {
    object: 'host',
    outcome,
    says: `The kernel’s own AES-256 (${driver}) does ${gigabytes} GB/s, ${ratio.mean.toFixed(1)} times as much as its generic driver (95 % between ${ratio.low.toFixed(1)} and ${ratio.high.toFixed(1)}), on a processor that shows AES instructions.`,
  };
}

/** The cipher that the kernel takes by itself and its generic one have their turns in balanced order; processor time counts, not waiting. */
export default defineExperiment({
  id: 'kernel-cipher-speed',
  title: 'Speed of the kernel’s own AES',
  subject: 'cpu',
  about: `Lets the kernel decrypt with AES by the driver that it takes by itself and by its generic one, and compares. It tells a kernel that makes no use of the processor's AES instructions from trouble in ZFS
alone, which has ciphers of its own. The kernel is asked through a socket (AF_ALG), as \`cryptsetup benchmark\` asks; its modules for that are loaded for these seconds where they are not, and unloaded again.`,
  needs: { cpu: cpuInfo },
  risk: 'writes-temporary',
  costSeconds: 6,
  costBytes: 0,
  limitSeconds: 40,
  trace: 'What ciphers the kernel has set up for it stays listed in `/proc/crypto` until the next boot.',
  differs: ['driver of the cipher'],
  objects: ({ cpu }) => (cpu.flags.includes('aes') ? ['host'] : []),
  refusals: () => [],
  sh: () => `need perl
case $(uname -m) in x86_64) accept4=288 ;; aarch64) accept4=242 ;; *) absent 'this kind of processor is not known' ;; esac
ls /sys/module >"$TMP/modules"
cat >"$TMP/ask.pl" <<'ASK_END'
${program}
ASK_END
as_root perl "$TMP/ask.pl" "$accept4" 'ecb(aes)' 'ecb(aes-generic)' 2>/dev/null
case $? in
  0) ;;
  3) absent 'the kernel does not let programs ask for its ciphers (AF_ALG)' ;;
  4) absent 'the kernel lacks the cipher, or its generic driver' ;;
  *) culprit_says 'the kernel stopped answering'; exit 1 ;;
esac
awk '$1 == "name" { name = $3 } $1 == "driver" { driver = $3 } $1 == "priority" && name == "ecb(aes)" && $3 + 0 > most { most = $3 + 0; best = driver } END { print "driver", best }' /proc/crypto`,
  abortWhen: () => [{ metric: 'cpu-pressure', limitPercent: 90 }],
  // What is in use by now serves somebody else.
  cleanUp: () => `if [ -s "$TMP/modules" ]; then
  for module in algif_skcipher af_alg; do
    grep -qx "$module" "$TMP/modules" && continue
    count=
    { read -r count <"/sys/module/$module/refcnt"; } 2>/dev/null
    [ "$count" = 0 ] || continue
    as_root rmmod "$module" 2>/dev/null || [ ! -d "/sys/module/$module" ] || echo "rmmod $module"
  done
fi`,
  parse: (stdout) => {
    const rows = stdout.split('\n', 100).map((line) => words(line.slice(0, 200)));
    const rates = rows.flatMap(([word, side, rate]) => {
      const bytesPerSecond = countIn(rate) ?? 0;
      return word === 'rate' && (side === 'own' || side === 'generic') && bytesPerSecond > 0 ? [{ side, bytesPerSecond }] : [];
    });
    if (rates.length === 0) return unparsable('the kernel told no speed');
    const [, driver = 'unknown driver'] = rows.find(([word]) => word === 'driver') ?? [];
    return { findings: [findingOf(rates, driver)] };
  },
  outcomes: { 'the kernel uses the instructions': 0.97, 'the kernel does without the instructions': 0.03 },
  examples: [
    { name: 'an emulated processor with the instructions', from: 'recorded', stdout: turns([58_720_256, 15_827_562, 16_131_938, 41_943_040, 45_232_690, 16_777_216, 16_252_928, 47_185_920, 45_613_056, 15_990_784, 16_121_856, 44_040_192], 'ecb-aes-aesni'), findings: [{ object: 'host', outcome: 'the kernel uses the instructions' }] },
    { name: 'a server', from: 'documented', stdout: turns([2_310e6, 186e6, 187e6, 2_290e6, 2_300e6, 185e6, 186e6, 2_320e6, 2_290e6, 186e6, 184e6, 2_310e6], 'ecb-aes-aesni'), findings: [{ object: 'host', outcome: 'the kernel uses the instructions' }] },
    { name: 'a kernel that took the tables', from: 'documented', stdout: turns([187e6, 186e6, 187e6, 185e6, 186e6, 188e6, 186e6, 187e6], 'ecb(aes-generic)'), findings: [{ object: 'host', outcome: 'the kernel does without the instructions' }] },
    { name: 'disturbed in every other turn', from: 'documented', stdout: turns([1_800e6, 900e6, 186e6, 300e6, 2_300e6, 185e6, 186e6, 320e6], 'ecb-aes-aesni'), findings: [{ object: 'host', outcome: tooNoisy }] },
    { name: 'ended after its first turn', from: 'documented', stdout: 'rate own 2310000000\n', findings: [{ object: 'host', outcome: tooNoisy }] },
    { name: 'no answer', from: 'documented', stdout: '', findings: 'unparsable' },
    { name: 'other words', from: 'documented', stdout: 'rate own quick\nrate generic -1\n', findings: 'unparsable' },
  ],
});

/** Rates in balanced order, bytes a second. */
function turns(rates: readonly number[], driver: string): string {
  return `${rates.map((rate, index) => `rate ${['own', 'generic', 'generic', 'own'][index % 4]} ${rate}\n`).join('')}driver ${driver}\n`;
}
