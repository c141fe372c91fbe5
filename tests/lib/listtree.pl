#!/usr/bin/perl
# listtree.pl ROOT [SKIP…] - one line for everything below ROOT: type, mode,
# owner, size, time, link target, content, name. SKIP: paths below ROOT that
# are left out. Uses nothing beyond Debian's perl-base.
use strict;
use warnings;

my ($root, @skip) = @ARGV;
my %skip = map { $_ => 1 } @skip;
$root =~ s{/+$}{};

sub content {
	my ($path) = @_;
	local $/;
	open(my $f, '<:raw', $path) or return "unreadable";
	my $text = <$f>;
	# 64 bits of FNV-1a would be slow here: two sums do
	return sprintf('%d:%u:%u', length $text, unpack('%32C*', $text),
		unpack('%32N*', $text . "\0\0\0"));
}

sub show {
	my ($name) = @_;
	$name =~ s/([^\x21-\x7e]|\\)/sprintf '\\x%02x', ord $1/ge;
	return $name;
}

my %kind = (
	0140000 => 's', 0120000 => 'l', 0100000 => '-', 0060000 => 'b',
	0040000 => 'd', 0020000 => 'c', 0010000 => 'p',
);

sub walk {
	my ($path) = @_;
	my $here = "$root$path" eq '' ? '/' : "$root$path";
	my @st = lstat $here or return;
	my $type = $kind{ $st[2] & 0170000 } // '?';
	my @extra = ('-', '-');
	@extra = ($st[7], content($here)) if $type eq '-';
	$extra[0] = show(readlink $here) if $type eq 'l';
	my $links = $type eq 'd' ? '-' : $st[3];
	printf "%s %04o %d:%d %s %d %s %s %s\n", $type, $st[2] & 07777, $st[4],
		$st[5], $links, $st[9], @extra, show($path eq '' ? '/' : $path);
	return if $type ne 'd';
	opendir(my $d, $here) or return;
	for my $name (sort grep { $_ ne '.' && $_ ne '..' } readdir $d) {
		walk("$path/$name") unless $skip{"$path/$name"};
	}
}
walk('');
