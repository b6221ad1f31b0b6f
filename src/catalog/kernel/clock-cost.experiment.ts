import { defineExperiment, tooNoisy, type Finding } from '../../define/experiment.ts';
import { unparsable } from '../../define/result.ts';
import { numberIn, words } from '../../lib/host-text.ts';
import { estimate, pairedRatio } from '../../lib/paired.ts';
import { emulatedOnHpet, epycGuest } from './clock-cost.samples.ts';
import { interruptLines, stormFinding, stormText } from './interrupt-counts.ts';

const rounds = 10;
/** Processor time of one block of calls, in ms: short, so that most blocks pass undisturbed. The whole takes about 1.5 s. */
const blockMs = 5;
/** On a busy host it is ended after this time, with fewer rounds. */
const patienceSeconds = 15;
/**
 * Cost of reading the clock against that of the cheapest system call. A counter of the processor is read within the program (vDSO) in 20 to 60 ns, a tenth to a third of a call. Where the program
 * cannot read it, a call is made, and no more. A clock of the board (hpet, acpi_pm) takes that call and 500 ns or more for the bus; in a virtual machine 2 to 50 µs.
 */
const dearFrom = 2;
const cheapUpTo = 0.8;

/**
 * The clock is read by the same function with and without its hardware (CLOCK_MONOTONIC, and CLOCK_MONOTONIC_COARSE, which gives the time of the last tick: clock_gettime(2)), so that what perl adds
 * drops out. The system call is getppid against an empty loop. All is processor time, so that waiting does not count; what a machine below takes
 * away unseen only ever adds to a block, so that the least of the eight blocks of a kind counts in each round.
 */
const readClocks = `use Time::HiRes qw(clock_gettime);
my ($monotonic, $used, $coarse) = (1, 2, 6);
sub block {
  my ($kind, $count, $x) = @_;
  my $start = clock_gettime($used);
  if ($kind eq "clock") { for (1..$count) { $x = clock_gettime($monotonic) } }
  elsif ($kind eq "coarse") { for (1..$count) { $x = clock_gettime($coarse) } }
  elsif ($kind eq "call") { for (1..$count) { $x = getppid } }
  else { for (1..$count) { } }
  return (clock_gettime($used) - $start) * 1e9 / $count;
}
exit 1 if clock_gettime($coarse) <= 0;
my $each = block("clock", 500);
$each = 50 if $each < 50;
my $count = int(${blockMs}e6 / $each);
$count = 200 if $count < 200;
my $began = clock_gettime($monotonic);
for my $round (1..${rounds}) {
  last if clock_gettime($monotonic) - $began > ${patienceSeconds};
  my %cost;
  for my $kind ((qw(clock coarse call loop loop call coarse clock)) x 4) {
    my $took = block($kind, $count);
    $cost{$kind} = $took if !defined $cost{$kind} || $took < $cost{$kind};
  }
  printf "cost %.1f %.1f %.1f %.1f\\n", @cost{qw(clock coarse call loop)};
}`;

function costOf(row: string): { readonly clockNs: number; readonly callNs: number }[] {
  const [, ...numbers] = words(row.slice(0, 200));
  const [clock, coarse, call, loop] = numbers.map(numberIn);
  if (clock === undefined || coarse === undefined || call === undefined || loop === undefined || call <= loop) return [];
  // A difference that is lost in the noise is taken as the thousandth part of a call.
  return [{ clockNs: Math.max(clock - coarse, (call - loop) / 1_000), callNs: call - loop }];
}

function clockFinding(name: string, rows: readonly string[], busiest: string): Finding {
  const costs = rows.filter((row) => row.startsWith('cost ')).flatMap(costOf);
  const ratio = pairedRatio(costs.map(({ clockNs, callNs }) => [clockNs, callNs]));
  const [clock, call] = [estimate(costs.map(({ clockNs }) => clockNs)), estimate(costs.map(({ callNs }) => callNs))];
  if (ratio === undefined || clock === undefined || call === undefined) return { object: 'host', outcome: tooNoisy, says: 'The clock was read too seldom to tell what it costs.' };
  const outcome = ratio.low >= dearFrom ? 'the clock is dear' : ratio.high <= cheapUpTo ? 'the clock is cheap' : ratio.low > cheapUpTo && ratio.high < dearFrom ? 'the clock takes a system call' : tooNoisy;
  const says = `Reading the clock (${name}) costs ${clock.mean.toFixed(0)} ns (95 % between ${clock.low.toFixed(0)} and ${clock.high.toFixed(0)}), ${ratio.mean.toFixed(2)} times a cheap system call, which costs ${call.mean.toFixed(0)} ns.${busiest}`;
  return { object: 'host', outcome, says };
}

const folder = '/sys/devices/system/clocksource/clocksource0';

export default defineExperiment({
  id: 'clock-cost',
  title: 'What reading the clock costs, and which interrupts come meanwhile',
  subject: 'kernel',
  about: `Reads the time of the present clock in a loop, ${rounds} times for some hundredths of a second, and compares what one reading costs with a cheap system call (\`getppid\`). A clock of the processor costs a fraction of a call, one of
the board several of them, and in virtual machines a hundred. Meanwhile the interrupts of devices and the events of the firmware are counted: one that comes a thousand times a second and that no driver answers to, or that the
firmware raises, is told as well. It needs perl with Time::HiRes, which Debian's package \`perl\` has.`,
  needs: {},
  risk: 'read-only',
  costSeconds: 4,
  costBytes: 0,
  limitSeconds: 40,
  differs: ['clock that is read'],
  objects: () => ['host'],
  refusals: () => [],
  sh: () => `need perl
perl -MTime::HiRes=clock_gettime -e 1 2>/dev/null || absent 'perl has no Time::HiRes here'
${interruptLines}
name=-
{ read -r name <${folder}/current_clocksource; } 2>/dev/null
echo "clock \${name:--}"
count_interrupts from
perl -e '${readClocks}' 2>/dev/null
count_interrupts to
tell_unanswered`,
  abortWhen: () => [{ metric: 'cpu-pressure', limitPercent: 90 }],
  cleanUp: () => ':',
  parse: (stdout) => {
    const rows = stdout.split('\n', 5_000);
    const [, name] = words(rows.find((row) => row.startsWith('clock ')) ?? '');
    if (name === undefined) return unparsable('no clock is named');
    const plainName = /^[a-z][a-z0-9_-]{0,30}$/.test(name) ? name : 'its name is not told';
    return { findings: [clockFinding(plainName, rows, stormText(rows)), ...stormFinding(rows)] };
  },
  outcomes: { 'the clock is cheap': 0.93, 'the clock takes a system call': 0.03, 'the clock is dear': 0.038, 'an interrupt storms': 0.002 },
  examples: [
    { name: 'Debian 13 in an emulated machine, booted with clocksource=hpet', from: 'recorded', stdout: emulatedOnHpet, findings: [{ object: 'host', outcome: 'the clock is dear' }] },
    { name: 'a virtual machine on tsc', from: 'recorded', stdout: epycGuest, findings: [{ object: 'host', outcome: 'the clock is cheap' }] },
    { name: 'the counter of the processor', from: 'documented', stdout: `clock tsc\n${answer(100, 60, 255, 12)}`, findings: [{ object: 'host', outcome: 'the clock is cheap' }] },
    { name: 'no difference to the time of the last tick', from: 'documented', stdout: `clock tsc\n${answer(60, 60, 255, 12)}`, findings: [{ object: 'host', outcome: 'the clock is cheap' }] },
    { name: 'hpet of a server', from: 'documented', stdout: `clock hpet\n${answer(1_650, 60, 255, 12)}`, findings: [{ object: 'host', outcome: 'the clock is dear' }] },
    { name: 'acpi_pm in a virtual machine', from: 'documented', stdout: `clock acpi_pm\n${answer(9_800, 70, 410, 15)}`, findings: [{ object: 'host', outcome: 'the clock is dear' }] },
    { name: 'a clock that programs cannot read by themselves', from: 'documented', stdout: `clock xen\n${answer(420, 60, 300, 12)}`, findings: [{ object: 'host', outcome: 'the clock takes a system call' }] },
    { name: 'a neighbour takes the processor every now and then', from: 'documented', stdout: 'clock -\ncost 110.0 60.0 250.0 12.0\ncost 2100.0 61.0 250.0 12.0\ncost 140.0 60.0 900.0 12.0\n', findings: [{ object: 'host', outcome: tooNoisy }] },
    {
      name: 'an event of the firmware that never ends',
      from: 'documented',
      stdout: `clock tsc\nfrom 100000 9 500 IO-APIC 9-fasteoi acpi\nfrom 100000 gpe17 450 firmware\n${answer(100, 60, 255, 12)}to 102000 9 80500 IO-APIC 9-fasteoi acpi\nto 102000 gpe17 80450 firmware\n`,
      findings: [{ object: 'host', outcome: 'the clock is cheap' }, { object: 'host', outcome: 'an interrupt storms' }],
    },
    {
      name: 'a line that no driver answers to',
      from: 'documented',
      stdout: `clock tsc\nfrom 100000 16 500 IO-APIC 16-fasteoi ehci_hcd:usb1\n${answer(100, 60, 255, 12)}to 102000 16 100500 IO-APIC 16-fasteoi ehci_hcd:usb1\nunanswered 16 41000 40800\n`,
      findings: [{ object: 'host', outcome: 'the clock is cheap' }, { object: 'host', outcome: 'an interrupt storms' }],
    },
    {
      name: 'disks at full speed: many interrupts, and all are answered',
      from: 'documented',
      stdout: `clock tsc\nfrom 100000 44 500 PCI-MSIX-0000:01:00.0 3-edge nvme0q3\n${answer(100, 60, 255, 12)}to 102000 44 300500 PCI-MSIX-0000:01:00.0 3-edge nvme0q3\nunanswered 44 31000 2\n`,
      findings: [{ object: 'host', outcome: 'the clock is cheap' }],
    },
    { name: 'a perl that did not read any clock', from: 'documented', stdout: 'clock tsc\n', findings: [{ object: 'host', outcome: tooNoisy }] },
    { name: 'nothing', from: 'documented', stdout: '', findings: 'unparsable' },
  ],
});

/** Ten rounds in which reading the clock, that of the last tick, a call and nothing cost so many ns, a little apart from each other. */
function answer(clock: number, coarse: number, call: number, loop: number): string {
  return Array.from({ length: rounds }, (_, round) => `cost ${clock + (clock > coarse ? round : 0)}.0 ${coarse}.0 ${call + (round % 3)}.0 ${loop}.0\n`).join('');
}
