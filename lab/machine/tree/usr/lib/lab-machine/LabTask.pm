# Tasks of Proxmox VE as its programs leave them: a log of its own under /var/log/pve/tasks, a line in `active` while it runs, and one in
# `index` when it has ended (pve-common: UPID, RESTEnvironment).
package LabTask;
use strict;
use warnings;
use Fcntl qw(:flock);

my $folder = '/var/log/pve/tasks';
my $node = 'pve1';

sub exists_here { return -d $folder }

# The clock ticks after boot at which a process started.
sub start_ticks {
    my ($pid) = @_;
    open(my $file, '<', "/proc/$pid/stat") or return 0;
    my $line = <$file>;
    $line =~ s/^.*\)//;
    return (split ' ', $line)[19];
}

sub new {
    my ($class, $type, $guest, $pid) = @_;
    my $started = time;
    my $id = sprintf 'UPID:%s:%08X:%08X:%08X:%s:%s:root@pam:', $node, $pid, start_ticks($pid), $started, $type, $guest;
    my $place = sprintf '%s/%X', $folder, $started % 16;
    mkdir $place;
    open(my $log, '>>', "$place/$id") or die "cannot write the log of a task: $!\n";
    $log->autoflush(1);
    return bless { id => $id, log => $log }, $class;
}

sub id { return $_[0]{id} }
sub say { my ($self, $text) = @_; print { $self->{log} } "$text\n"; return }
sub info { my ($self, $text) = @_; return $self->say("INFO: $text") }

# Rewrites `active`: `$change` gets its lines and gives the new ones.
sub change_active {
    my ($change) = @_;
    open(my $lock, '>>', "$folder/.active.lock") or return;
    flock $lock, LOCK_EX;
    my @lines;
    if (open(my $file, '<', "$folder/active")) { @lines = <$file> }
    @lines = $change->(@lines);
    open(my $file, '>', "$folder/active.tmp") or return;
    print $file @lines;
    close $file;
    rename "$folder/active.tmp", "$folder/active";
    return;
}

sub begin {
    my ($self) = @_;
    change_active(sub { return ("$self->{id} 0\n", @_) });
    return;
}

# `$status`: `OK`, `WARNINGS: 1`, or an error.
sub end {
    my ($self, $status) = @_;
    $self->say($status eq 'OK' || $status =~ /^WARNINGS/ ? "TASK $status" : "TASK ERROR: $status");
    my $ended = sprintf '%08X %s', time, $status;
    if (open(my $index, '>>', "$folder/index")) { print $index "$self->{id} $ended\n" }
    change_active(sub {
        my @others = grep { index($_, $self->{id}) != 0 } @_;
        return ("$self->{id} 1 $ended\n", splice(@others, 0, 24));
    });
    return;
}

1;
