/**
 * What is taken of the round-robin databases of Proxmox VE, by kind of object: names of their data sources as pmxcfs creates them (pve-cluster, status.c); those from
 * `memavailable` and `pressure…` on exist since Proxmox VE 9. Both the program that reads them and the parser are made from this.
 */
export const proxmoxRrdFields = {
  node: [
    'loadavg', 'maxcpu', 'cpu', 'iowait', 'memtotal', 'memused', 'swaptotal', 'swapused', 'roottotal', 'rootused', 'netin', 'netout', 'memavailable', 'arcsize',
    'pressurecpusome', 'pressureiosome', 'pressureiofull', 'pressurememorysome', 'pressurememoryfull',
  ],
  guest: ['maxcpu', 'cpu', 'mem', 'netin', 'netout', 'diskread', 'diskwrite', 'pressurecpusome', 'pressureiosome'],
  storage: ['total', 'used'],
} as const;
export type ProxmoxRrdKind = keyof typeof proxmoxRrdFields;

/**
 * A Perl program that reads them through RRDs, the library that Proxmox VE itself uses for `rrddata` and always has installed: one process of some hundredths of a second of CPU for
 * all, where each call of `pvesh` loads the whole API. The daemon that holds back writes is asked as there, so that the last minutes are not missing. Prints `<kind> <name>`, then
 * rows of `<end of the interval> <values>`, `-` where there is none. Files of before Proxmox VE 9 (`pve2-…`, renamed to `….old` when they are converted) give what the new ones lack.
 */
export const proxmoxRrdProgram = `
use strict;
use RRDs;
use POSIX ();
$| = 1;
alarm 5;
my ($db, $now) = ("/var/lib/rrdcached/db", time);
my ($node) = lc((POSIX::uname())[1]) =~ /^([a-z0-9-]+)/;
my @daemon = -S "/var/run/rrdcached.sock" ? ("--daemon", "unix:/var/run/rrdcached.sock") : ();
my %fields = (
${Object.entries(proxmoxRrdFields).map(([kind, names]) => `  ${kind} => [qw(${names.join(' ')})],`).join('\n')}
);
sub rows {
  my ($file, $kind, $from, $to, $step, @how) = @_;
  my ($start, $width, $names, $data) = RRDs::fetch($file, "AVERAGE", "-s", $from, "-e", $to, "-r", $step, @how);
  return {} if RRDs::error() || !$data;
  my (%at, %sum, %count, %mean);
  @at{@$names} = 0 .. $#$names;
  for my $row (@$data) {
    my $time = $start;
    $start += $width;
    next if $time <= $from || $time > $to;
    my $slot = $width < $step ? $step * POSIX::ceil($time / $step) : $time;
    for my $i (0 .. $#{$fields{$kind}}) {
      my $j = $at{$fields{$kind}[$i]};
      next unless defined $j && defined $row->[$j];
      $sum{$slot}[$i] += $row->[$j];
      $count{$slot}[$i]++;
    }
  }
  for my $slot (keys %sum) {
    $mean{$slot} = [map { $count{$slot}[$_] ? $sum{$slot}[$_] / $count{$slot}[$_] : undef } 0 .. $#{$fields{$kind}}];
  }
  return \\%mean;
}
sub files {
  my ($type, $name) = @_;
  return grep { -r } "$db/pve-$type-9.0/$name", "$db/pve2-$type/$name", "$db/pve2-$type/$name.old";
}
sub show {
  my ($kind, $name, $files, @spans) = @_;
  return unless @$files;
  print "$kind $name\\n";
  for (@spans) {
    my ($age, $until, $step) = @$_;
    my (%all, $first);
    for my $file (@$files) {
      my $new = rows($file, $kind, $now - $age, $now - $until, $step, @daemon);
      my @slots = sort { $a <=> $b } grep { !defined $first || $_ < $first } keys %$new;
      $all{$_} = $new->{$_} for @slots;
      $first = $slots[0] if @slots;
    }
    for my $slot (sort { $a <=> $b } keys %all) {
      print join(" ", $slot, map { defined $_ ? sprintf("%.5g", $_) : "-" } @{$all{$slot}}), "\\n";
    }
  }
}
show("node", $node, [files("node", $node)], [604800, 86400, 1800], [86400, 3900, 300], [3900, 0, 60]);
my %guests = map { /(\\d+)\\.pid$/ ? ($1 => "qemu/$1") : () } glob("/run/qemu-server/*.pid");
for (glob("/sys/fs/cgroup/lxc/*")) { $guests{$1} = "lxc/$1" if m{/(\\d+)$} && -d }
my @running = grep { files("vm", $_) } sort { $a <=> $b } keys %guests;
splice(@running, 200) if @running > 200;
my (%use, @total);
for my $id (@running) {
  my $day = rows((files("vm", $id))[0], "guest", $now - 86400, $now, 1800);
  for my $row (values %$day) {
    $use{$id}[0] += ($row->[0] // 0) * ($row->[1] // 0);
    $use{$id}[1] += ($row->[5] // 0) + ($row->[6] // 0);
  }
  $total[$_] += $use{$id}[$_] // 0 for 0, 1;
}
sub share {
  my ($id) = @_;
  my $sum = 0;
  for (0, 1) { $sum += ($use{$id}[$_] // 0) / $total[$_] if $total[$_] }
  return $sum;
}
my @busiest = sort { share($b) <=> share($a) || $a <=> $b } @running;
splice(@busiest, 8) if @busiest > 8;
show("guest", $guests{$_}, [files("vm", $_)], [604800, 86400, 10800], [86400, 0, 900]) for @busiest;
my %storages = map { m{/([A-Za-z][A-Za-z0-9._-]*?)(?:\\.old)?$} ? ($1 => 1) : () } glob("$db/pve-storage-9.0/$node/* $db/pve2-storage/$node/*");
my @storages = sort keys %storages;
splice(@storages, 16) if @storages > 16;
show("storage", $_, [files("storage", "$node/$_")], [604800, 0, 10800]) for @storages;
print "all\\n";
`;
