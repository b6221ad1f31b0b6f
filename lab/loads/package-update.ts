import type { Host } from '../define.ts';

/**
 * Writes the past of an update of kernel and ZFS into the logs of dpkg and apt, and the reboot into the new kernel into the records of
 * logins (wtmp, utmp(5)). The new versions are those that run now; the old ones are a little smaller. The machine itself has started
 * minutes ago, whatever the time of the update.
 */
export async function writeUpdateHistory(host: Host, minutesAgo: number): Promise<void> {
  await host.run(`at=$(( $(date +%s) - ${minutesAgo} * 60 )) exec perl - <<'PERL'
${historyScript}
PERL`);
}

const historyScript = String.raw`
use strict; use warnings; use POSIX qw(strftime);
my $at = $ENV{at};
my $running = (POSIX::uname())[2];
my $previous = $running;
$previous =~ s/^(\d+\.\d+\.)(\d+)(\+|-\d+)/$3 eq '+' ? $1 . ($2 - 9) . '+' : $1 . $2 . '-' . (-$3 - 2)/e;
my %new = map { split / /, $_, 2 } split /\n/, qx(dpkg-query -W -f '\${Package} \${Version}\n' linux-image-$running linux-image-amd64 zfs-dkms zfsutils-linux zfs-zed libzfs4linux libzpool5linux libzfs6linux libzpool6linux 2>/dev/null);
sub older { my ($v) = @_; $v =~ s/\+deb\d+u\d+$// or $v =~ s/(\d+)(-\d+)$/($1 - 5) . $2/e; return $v }
my %old = map { ($_ => older($new{$_})) } keys %new;
my $image = "linux-image-$running";
my @upgraded = grep { $_ ne $image } sort keys %new;
my $time = $at;
sub stamp { return strftime('%Y-%m-%d %H:%M:%S', localtime $time) }
open(my $dpkg, '>>', '/var/log/dpkg.log') or die $!;
sub line { print $dpkg stamp() . " $_[0]\n"; return }
sub full { my ($name) = @_; return $name . ($name =~ /dkms/ ? ':all' : ':amd64') }
line('startup archives unpack');
for my $name ($image, @upgraded) {
  $time += 2;
  my $is_new = $name eq $image;
  line(($is_new ? 'install ' : 'upgrade ') . full($name) . ' ' . ($is_new ? '<none>' : $old{$name}) . " $new{$name}");
  line('status half-installed ' . full($name) . ' ' . ($is_new ? $new{$name} : $old{$name}));
  $time += 3;
  line('status unpacked ' . full($name) . " $new{$name}");
}
line('startup packages configure');
for my $name ($image, @upgraded) {
  $time += $name =~ /dkms/ ? 140 : 4;
  line('configure ' . full($name) . " $new{$name} <none>");
  line('status half-configured ' . full($name) . " $new{$name}");
  line('status installed ' . full($name) . " $new{$name}");
}
open(my $apt, '>>', '/var/log/apt/history.log') or die $!;
print $apt "\nStart-Date: " . strftime('%Y-%m-%d  %H:%M:%S', localtime $at) . "\nCommandline: apt-get dist-upgrade\n"
  . 'Install: ' . full($image) . " ($new{$image}, automatic)\n"
  . 'Upgrade: ' . join(', ', map { "$_:amd64 ($old{$_}, $new{$_})" } @upgraded) . "\nEnd-Date: " . strftime('%Y-%m-%d  %H:%M:%S', localtime $time) . "\n";
open(my $stat, '<', '/proc/stat') or die $!;
my ($booted) = map { /^btime (\d+)/ ? $1 : () } <$stat>;
sub entry { my ($type, $user, $release, $seconds) = @_; return pack 's x2 l a32 a4 a32 a256 s2 l l l l4 a20', $type, 0, '~', '~~', $user, $release, 0, 0, 0, $seconds, 0, 0, 0, 0, 0, '' }
open(my $wtmp, '>', '/var/log/wtmp') or die $!;
print $wtmp entry(2, 'reboot', $previous, $at - 41 * 86_400), entry(1, 'shutdown', $previous, $booted - 48), entry(2, 'reboot', $running, $booted);
`;
