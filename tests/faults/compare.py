# compare.py - two starts of a payload, compared wall by wall
#
# facts() turns what inject and the probe wrote into a flat {key: value};
# Baseline learns from starts without a fault which keys hold still;
# Baseline.compare() names each difference LESS (less confined: a wall is
# missing or weaker) or OTHER (different, but no weaker). When in doubt: LESS.
# It runs nothing.
import re

STATUS = {'Umask', 'Uid', 'Gid', 'Groups', 'NSpid', 'SigBlk', 'SigIgn',
          'CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb', 'NoNewPrivs',
          'Seccomp', 'Seccomp_filters', 'Cpus_allowed_list'}
# Refusals by permission or policy; any other errno means that the kernel
# went past the wall and looked at the arguments.
DENIED = {'EPERM', 'EACCES', 'ENOSYS', 'EAFNOSUPPORT', 'EPROTONOSUPPORT',
          'ENOSPC', 'EROFS', 'ESOCKTNOSUPPORT', 'ENOPROTOOPT'}
WALLS = ('ro', 'nosuid', 'nodev', 'noexec')


def mount_fact(line, seen):
    """One mountinfo line as (key, value); the n-th on a target gets #n."""
    left, _, right = line.partition(' - ')
    f = left.split()
    fstype, source, opts = (right.split(' ', 2) + ['', ''])[:3]
    target = f[4]
    seen[target] = seen.get(target, 0) + 1
    spread = ','.join(sorted(x.split(':')[0] for x in f[6:]))
    return ('mount %s#%d' % (target, seen[target]),
            '|'.join((f[3], f[5], spread, fstype, source, opts)))


def status_fact(rest):
    key, _, value = rest.partition(':')
    value = ' '.join(value.split())
    if key == 'NSpid':
        value = str(len(value.split()))
    return key, value


def fd_value(value):
    return re.sub(r':\[\d+\]', '', value)


def conf_fact(key, rest, seen):
    if key == 'status':
        k, v = status_fact(rest)
        return ('status.' + k, v) if k in STATUS else None
    if key == 'mountinfo':
        return mount_fact(rest, seen)
    if key == 'limits':
        m = re.match(r'(Max .*?)\s{2,}(\S+)\s+(\S+)', rest)
        return ('limit.' + m[1], m[2] + ' ' + m[3]) if m else None
    if key == 'environ':
        name, _, value = rest.partition('=')
        return 'env.' + name, value
    if key == 'cgroup':
        n, ctl, path = (rest.split(':', 2) + ['', ''])[:3]
        return 'cgroup.' + n + ctl, path
    if key.startswith('fd/'):
        return key, fd_value(rest)
    return key, ' '.join(rest.split())


def outside(report, facts):
    seen, more = {}, {}
    for line in report:
        if not line.startswith('conf '):
            continue
        _, key, rest = (line.split(' ', 2) + [''])[:3]
        kv = conf_fact(key, rest, seen)
        if not kv:
            continue
        k, v = kv
        if k in ('uid_map', 'gid_map'):
            more[k] = (more.get(k, '') + ';' + v).strip(';')
            facts['out ' + k] = more[k]
        else:
            facts['out ' + k] = v


def inside(text, keyring, facts):
    seen = {}
    for line in text.splitlines():
        key, _, value = line.partition(' ')
        if key == 'place.keyring':
            value = 'host' if value == keyring else re.sub(
                r'^[0-9a-f]+$', 'own', value)
        elif key == 'file./proc/self/status':
            k, v = status_fact(value)
            if k not in STATUS:
                continue
            key, value = 'status.' + k, v
        elif key == 'file./proc/self/mountinfo' and ' - ' in value:
            key, value = mount_fact(value, seen)
        elif key in ('file./proc/self/uid_map', 'file./proc/self/gid_map'):
            value = (facts.get('in ' + key, '') + ';'
                     + ' '.join(value.split())).strip(';')
        facts['in ' + key] = value


def facts(report, text, keyring):
    """report: lines of inject; text: standard output of the probe."""
    ret = {}
    outside(report, ret)
    inside(text, keyring, ret)
    return ret


# ---- the order: less(base, new) for each kind of key ----

def number(s):
    if s == 'unlimited':
        return 1 << 64
    m = re.match(r'-?\d+', s)
    return int(m[0]) if m else 0


def more_bits(base, new, radix):
    return int(new, radix) & ~int(base, radix) != 0


def less_map(base, new):
    def ranges(s):
        return [(int(b), int(b) + int(n)) for a, b, n in
                (r.split() for r in s.split(';') if len(r.split()) == 3)]
    old = ranges(base)
    return any(not any(lo >= a and hi <= b for a, b in old)
               for lo, hi in ranges(new))


def size_of(opts):
    m = re.search(r'\bsize=(\d+)([kmg]?)', opts)
    if not m:
        return 1 << 62
    return int(m[1]) << {'': 0, 'k': 10, 'm': 20, 'g': 30}[m[2]]


def less_mount(base, new):
    b, n = base.split('|'), new.split('|')
    if len(b) != 6 or len(n) != 6 or b[0] != n[0] or b[3:5] != n[3:5]:
        return True
    bopt, nopt = b[1].split(','), n[1].split(',')
    if any(w in bopt and w not in nopt for w in WALLS):
        return True
    if n[2] and n[2] != b[2]:
        return True
    bsup, nsup = b[5].split(','), n[5].split(',')
    if 'ro' in bsup and 'ro' not in nsup:
        return True
    return size_of(n[5]) > size_of(b[5])


def less_answer(base, new):
    """Answers of probes: OK, DATA, EMPTY, SIGNAL n or the name of an errno."""
    if base.startswith('SIGNAL'):
        return not new.startswith('SIGNAL')
    if new in ('OK', 'DATA'):
        return base not in ('OK', 'DATA')
    return base in DENIED and new not in DENIED and new != 'EMPTY' and \
        not new.startswith('SIGNAL')


def less_statfs(base, new):
    b, n = base.split(), new.split()
    if len(b) != 2 or len(n) != 2:
        return len(n) == 2
    return b[0] != n[0] or \
        more_bits(n[1].split('=')[1], b[1].split('=')[1], 16)


def lower(base, new):
    return number(new) < number(base)


def higher(base, new):
    return any(number(n) > number(b)
               for b, n in zip(base.split(), new.split()))


def ids_less(base, new):
    return bool({'0', IDS_CALLER[0]} & (set(new.split()) - set(base.split())))


IDS_CALLER = ['0']      # the caller's uid, set by run


def is_host(base, new):
    return new in ('host', 'yes', 'allow', 'other')


# First match wins; (pattern, less, when missing, when added).
ORDER = [(re.compile(p), f, m, a) for p, f, m, a in (
    (r'(out|in) status\.Cap', lambda b, n: more_bits(b, n, 16), 'O', 'O'),
    (r'(out|in) status\.(NoNewPrivs|Seccomp|NSpid)', lower, 'O', 'O'),
    (r'(out|in) status\.Umask|in place.umask',
     lambda b, n: more_bits(n, b, 8), 'O', 'O'),
    (r'(out|in) status\.Groups',
     lambda b, n: bool(set(n.split()) - set(b.split())), 'O', 'O'),
    (r'out status\.[UG]id', ids_less, 'O', 'O'),
    (r'out [ug]id_map', less_map, 'O', 'O'),
    (r'(out|in) (ns\.|session|pgrp|tty|.*setgroups$)', is_host, 'O', 'O'),
    (r'(out|in) mount ', less_mount, 'L', 'L'),
    (r'(out|in) limit', higher, 'O', 'O'),
    (r'(out|in) (fdflags/)', lambda b, n: n == '2' != b, 'O', 'O'),
    (r'out fd/|in fd\.', lambda b, n: False, 'O', 'L'),
    (r'out env\.', lambda b, n: False, 'O', 'L'),
    (r'out seccomp\.', lambda b, n: True, 'L', 'O'),
    (r'out attr', lambda b, n: True, 'L', 'O'),
    (r'out oom', lower, 'O', 'O'),
    (r'out (root|cwd)', lambda b, n: 'unreachable' in n, 'O', 'O'),
    (r'in id\.(nnp|seccomp|securebits)', lower, 'O', 'O'),
    (r'in id\.(dumpable|pid)', lambda b, n: False, 'O', 'O'),
    (r'in id\.own-session', lower, 'O', 'O'),
    (r'in id\.bounding', lambda b, n: more_bits(b, n, 2), 'O', 'O'),
    (r'in place\.keyring', is_host, 'O', 'O'),
    (r'in place\.processes', higher, 'O', 'O'),
    (r'in (call|read|write|create|setuid-bit|fork)\.|in landlock.move|'
     r'in net.tcp', less_answer, 'O', 'O'),
    (r'in landlock\.free', higher, 'O', 'O'),
    (r'in statfs', less_statfs, 'O', 'O'),
    (r'in net\.', lambda b, n: False, 'O', 'L'),
    (r'in file.*max_user', higher, 'O', 'O'),
    (r'', lambda b, n: False, 'O', 'O'),
)]


def judge(key, base, new):
    for pattern, less, missing, added in ORDER:
        if pattern.match(key):
            break
    if new is None:
        weaker = missing == 'L'
    elif base is None:
        weaker = added == 'L'
    else:
        try:
            weaker = less(base, new)
        except ValueError:
            weaker = True
    return 'LESS' if weaker else 'OTHER'


class Baseline:
    """What holds still over the starts in which nothing was made to fail."""

    def __init__(self, runs):
        keys = set().union(*runs)
        self.still, self.loose = {}, set()
        for k in keys:
            values = {r.get(k) for r in runs}
            if len(values) == 1:
                self.still[k] = values.pop()
            else:
                self.loose.add(k)

    def compare(self, new, with_inside):
        """[(LESS or OTHER, key, before, now)]"""
        ret = []
        for k in sorted(set(self.still) | set(new)):
            if k in self.loose or (k.startswith('in ') and not with_inside):
                continue
            a, b = self.still.get(k), new.get(k)
            if a != b:
                ret.append((judge(k, a, b), k, a, b))
        return ret
