# Guests of Proxmox VE: their settings under /etc/pve, and the control groups and process names that they run with.
package LabGuest;
use strict;
use warnings;
use lib '/usr/lib/lab-machine';

our $run = '/run/lab-guest';
# Not under /run, where nothing may be executed.
my $programs_folder = '/usr/local/lib/lab-guest';
my %folder_of = (qemu => 'qemu-server', lxc => 'lxc');

# Programs that do the work of a VM: each is started through a link named kvm, for that is the name the kernel then gives the process.
my @programs = qw(bash sh dd fio stress-ng zstd gzip xz cp cat head tar rsync python3 perl openssl sha256sum md5sum sleep find);

sub settings_file {
    my ($kind, $id) = @_;
    return "/etc/pve/$folder_of{$kind}/$id.conf";
}

sub settings {
    my ($kind, $id) = @_;
    my %value;
    open(my $file, '<', settings_file($kind, $id)) or return \%value;
    while (<$file>) {
        last if /^\[/;
        $value{$1} = $2 if /^([a-z0-9_]+): (.*)$/;
    }
    return \%value;
}

sub change_settings {
    my ($kind, $id, %new) = @_;
    return unless %new;
    my $path = settings_file($kind, $id);
    open(my $file, '<', $path) or return;
    my @lines = grep { !(/^([a-z0-9_]+):/ && exists $new{$1}) } <$file>;
    close $file;
    open(my $out, '>', $path) or return;
    print $out sort(@lines, map { "$_: $new{$_}\n" } keys %new);
    return;
}

sub write_file {
    my ($path, $text, $mode) = @_;
    open(my $file, '>', "$path.$$") or die "$path: $!\n";
    print $file $text;
    close $file;
    chmod $mode, "$path.$$" if defined $mode;
    rename "$path.$$", $path;
    return;
}

# A folder to put before PATH, in which the programs are called kvm.
sub path_of_vm {
    my $folder = $programs_folder;
    return "$folder/bin" if -e "$folder/ready";
    mkdir $_ for $folder, "$folder/bin", "$folder/kvm";
    for my $name (@programs) {
        my ($real) = grep { -x } map { "$_/$name" } qw(/usr/bin /bin /usr/sbin);
        next unless defined $real;
        mkdir "$folder/kvm/$name";
        symlink $real, "$folder/kvm/$name/kvm";
        my $more = $name eq 'stress-ng' ? ' --keep-name' : '';
        write_file("$folder/bin/$name", "#!/bin/sh\nexec $folder/kvm/$name/kvm$more \"\$@\"\n", 0755);
    }
    write_file("$folder/ready", '');
    return "$folder/bin";
}

sub set_name {
    my ($name) = @_;
    open(my $file, '>', '/proc/self/comm') or return;
    print $file $name;
    return;
}

sub first_line {
    my ($path) = @_;
    open(my $file, '<', $path) or return;
    my $line = <$file>;
    chomp $line if defined $line;
    return $line;
}

1;
