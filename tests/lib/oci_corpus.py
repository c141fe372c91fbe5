#!/usr/bin/env python3
# oci_corpus.py - every config.json of tests/oci, made by immure-oci and by its
# peers: what is found in the containers must be the same
#
#   oci_corpus.py PROBE IMMURE-OCI PLACE USER [--only RE] [--show]
#
# PROBE (tests/live/oci_probe.c) is what runs in each container; PLACE is an
# empty directory that USER can enter. Of each key that a probe prints, of
# `made` (there was a container), of what hooks said, of what is left in the
# rootfs and of the cgroup's own files the value must be that of one peer at
# least. Where it is not, on purpose, the case's file `differs` has a line
# "KEY-PATTERN: why"; a line that no longer says a difference is an error too,
# unless it begins with "?": the peer's version decides.
# Prints "ok CASE", "not ok CASE: …". Run in a mount namespace of its own, as
# root.
import argparse
import concurrent.futures
import fnmatch
import glob
import json
import os
import pty
import pwd
import re
import shutil
import stat
import subprocess
import sys
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
CASES = os.path.join(TOP, 'tests/oci')
PROCFS = {'destination': '/proc', 'type': 'proc', 'source': 'proc'}
PROGRAMS = (['/bin/true'], ['sleep', '60'])     # the probe is put in their place
HOOKS = ('prestart', 'createRuntime', 'createContainer', 'startContainer',
         'poststart', 'poststop')
LIMITS = {                      # files of a cgroup, version 1 and 2
    'memory': ('memory.limit_in_bytes', 'memory.soft_limit_in_bytes',
               'memory.memsw.limit_in_bytes', 'memory.swappiness'),
    'cpu': ('cpu.shares', 'cpu.cfs_quota_us', 'cpu.cfs_period_us'),
    'cpuset': ('cpuset.cpus', 'cpuset.mems'),
    'pids': ('pids.max',),
    'blkio': ('blkio.bfq.weight', 'blkio.throttle.read_bps_device'),
    'hugetlb': ('hugetlb.2MB.limit_in_bytes',),
    'devices': ('devices.list',),
    '': ('memory.max', 'memory.low', 'memory.high', 'memory.swap.max',
         'cpu.weight', 'cpu.max', 'cpuset.cpus', 'cpuset.mems', 'pids.max',
         'io.max', 'io.weight', 'hugetlb.2MB.max'),
}
# /dev/core is a second name of a file that engines mask; crun always makes it.
NOISE = re.compile(r'(path|left)\./dev/core$')


class Host:
    """What the cases need of this machine, and who they are run as."""

    def __init__(self, args):
        self.args = args
        with open('/proc/self/status') as f:
            self.ignored = int(re.search(r'SigIgn:\s*(\w+)', f.read())[1], 16)
        self.pw = pwd.getpwnam(args.user)
        self.subuid = self.first('/etc/subuid')
        self.subgid = self.first('/etc/subgid')
        self.hybrid = os.path.exists('/sys/fs/cgroup/unified/cgroup.procs')
        self.v2 = os.path.exists('/sys/fs/cgroup/cgroup.controllers')
        self.holders = []
        self.namespaces = self.hold('unshare', '-nmp', '--fork',
                                    'sleep', '600', child=True)
        self.userns = self.hold('unshare', '-U', 'sleep', '600')
        for name in ('gid_map', 'uid_map'):
            with open('/proc/%d/%s' % (self.userns, name), 'w') as f:
                f.write('0 100000 65536')
        self.podman = self.hold(*self.as_user('unshare', '-Urmn', '--map-auto',
                                              'sleep', '600'))
        # crun takes no host with both kinds of cgroup: it is shown one, in
        # this mount namespace
        if self.hybrid:
            subprocess.run(['mount', '--bind', '/dev/null',
                            '/sys/fs/cgroup/unified/cgroup.controllers'],
                           check=True)

    def first(self, path):
        with open(path) as f:
            for line in f:
                if line.startswith(self.pw.pw_name + ':'):
                    return int(line.split(':')[1])
        raise SystemExit('%s: no range of %s' % (path, self.pw.pw_name))

    def hold(self, *argv, child=False):
        """The process (or its child) that keeps namespaces."""
        p = subprocess.Popen(argv, stdin=subprocess.DEVNULL)
        self.holders.append(p.pid)
        for _ in range(500):
            pid = p.pid
            if child:
                with open('/proc/%d/task/%d/children' % (pid, pid)) as f:
                    pid = int((f.read().split() or ['0'])[0])
            if pid:
                with open('/proc/%d/comm' % pid) as f:
                    if f.read() == 'sleep\n':
                        if child:
                            self.holders.append(pid)
                        return pid
            time.sleep(0.01)
        raise SystemExit('%s: did not start' % (argv,))

    def drop(self):
        for pid in self.holders:
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                pass
        # what cgroupsPath named on the way stays, with every runtime
        for path in glob.glob('/sys/fs/cgroup/**/immure-corpus',
                              recursive=True):
            try:
                os.rmdir(path)
            except OSError:
                pass            # something of a container's is in it

    def as_user(self, *argv):
        return ['setpriv', '--reuid=%d' % self.pw.pw_uid,
                '--regid=%d' % self.pw.pw_gid, '--init-groups',
                '--inh-caps=-all', 'env', '-i', 'PATH=' + os.environ['PATH'],
                'HOME=' + self.pw.pw_dir,
                'XDG_RUNTIME_DIR=/run/user/%d' % self.pw.pw_uid, *argv]

    def wrap(self, kind, argv):
        if kind == 'user':
            return self.as_user(*argv)
        if kind == 'podman':
            return self.as_user('nsenter', '-t', str(self.podman), '-U', '-m',
                                '--preserve-credentials', *argv)
        if kind == 'no-cgroups':
            return ['unshare', '-m', 'sh', '-c', 'umount -R /sys/fs/cgroup && '
                    'exec "$@"', 'sh', *argv]
        return argv

    def joined(self, path, kind):
        """The namespace that a path of the corpus stands for."""
        m = re.fullmatch(r'/proc/\d+/ns/(\w+)', path)
        if m and m[1] == 'user':
            return '/proc/%d/ns/user' % self.userns
        holder = self.podman if kind == 'podman' else self.namespaces
        return '/proc/%d/ns/%s' % (holder, m[1] if m else 'net')

    def whose(self, link):
        """A namespace as the cases can know it."""
        name = link.split(':')[0]
        for pid, word in (('self', 'host'), (self.namespaces, 'joined'),
                          (self.userns, 'joined'), (self.podman, 'podman')):
            try:
                if os.readlink('/proc/%s/ns/%s' % (pid, name)) == link:
                    return word
            except OSError:
                pass
        return 'own'


class Place:
    """A bundle of one's own, for one container after the other."""

    def __init__(self, host, number):
        self.host = host
        self.dir = os.path.join(host.args.place, 'p%d' % number)
        self.root = os.path.join(self.dir, 'bundle/rootfs')
        self.sources = os.path.join(self.dir, 'sources')
        self.log = os.path.join(self.dir, 'hooks')
        self.id = 'immure-corpus-%d' % number
        os.makedirs(self.sources)
        self.stdin = open(os.path.join(self.dir, 'stdin'), 'w+')
        for name in ('data', 'shm'):
            os.mkdir(os.path.join(self.sources, name))
            with open(os.path.join(self.sources, name, 'in'), 'w'):
                pass
        for name in ('resolv.conf', 'hostname', 'hosts', '.containerenv'):
            with open(os.path.join(self.sources, name), 'w') as f:
                f.write('text\n')

    def fresh(self, kind):
        bundle = os.path.dirname(self.root)
        shutil.rmtree(bundle, ignore_errors=True)
        for name in ('bin', 'proc', 'sys', 'dev', 'tmp', 'etc', 'data', 'run',
                     'home/podman', 'x'):
            os.makedirs(os.path.join(self.root, name))
        os.mkdir(os.path.join(bundle, 'data'))
        os.chmod(os.path.join(self.root, 'tmp'), 0o710)
        with open(os.path.join(self.root, 'x/in'), 'w') as f:
            f.write('text\n')
        with open(os.path.join(self.root, 'etc/passwd'), 'w') as f:
            f.write('root:x:0:0::/root:/bin/sh\nu:x:1000:1000::/u:/bin/sh\n')
        shutil.copy(self.host.args.probe, os.path.join(self.root, 'probe'))
        shutil.copy(shutil.which('busybox'),
                    os.path.join(self.root, 'bin/sh'))
        with open(self.log, 'w'):
            pass
        os.chmod(self.log, 0o666)
        pw = self.host.pw
        if kind in ('user', 'podman'):
            for top, dirs, files in os.walk(self.dir):
                for name in ['.', *dirs, *files]:
                    os.lchown(os.path.join(top, name), pw.pw_uid, pw.pw_gid)

    # ---- a config.json made to fit this machine ----

    def ids(self, row, kind, key):
        if kind == 'user':
            if row.get('hostID') == 1000:
                row['hostID'] = (self.host.pw.pw_uid if key == 'uidMappings'
                                 else self.host.pw.pw_gid)
            elif row.get('hostID') == 100000:
                row['hostID'] = (self.host.subuid if key == 'uidMappings'
                                 else self.host.subgid)

    def hook(self, kind, hook):
        if not hook.get('path', '').startswith('/'):
            return
        name = os.path.basename(hook['path'])
        log = '/hooks' if kind == 'startContainer' else self.log
        hook['path'] = '/bin/sh'
        hook['args'] = ['sh', '-c', 'echo "%s %s $* $A$C" >>%s' % (
            kind, name, log), *hook.get('args', ['sh'])]

    def adapt(self, case, kind, name):
        d = case
        if d.get('ociVersion') == '1.3.0':
            d['ociVersion'] = '1.0.2'           # the peers' may be older
        process = d.get('process') or {}
        if process.get('args') in PROGRAMS:
            process['args'] = ['/probe', *sorted({
                m['destination'] for m in d.get('mounts') or []
                if m.get('type') in ('tmpfs', 'bind', None)})]
        if d.get('root'):
            d['root']['path'] = (self.root if d['root']['path'][0] == '/'
                                 else 'rootfs')
        if 'process' in d and not any(m['destination'] == '/proc'
                                      for m in d.get('mounts') or []):
            d.setdefault('mounts', []).insert(0, PROCFS)
        for m in d.get('mounts') or []:
            if m.get('source', '').startswith('/srv/'):
                m['source'] = os.path.join(self.sources,
                                           os.path.basename(m['source']))
        for key, hooks in (d.get('hooks') or {}).items():
            for hook in hooks:
                self.hook(key, hook)
        linux = d.get('linux') or {}
        for ns in linux.get('namespaces') or []:
            if ns.get('path'):
                ns['path'] = self.host.joined(ns['path'], kind)
        for key in ('uidMappings', 'gidMappings'):
            for row in linux.get(key) or []:
                self.ids(row, kind, key)
        path = linux.get('cgroupsPath')
        if path and ':' not in path:
            linux['cgroupsPath'] = '/immure-corpus/%s' % name
        return d

    # ---- one container ----

    def words(self, runtime, kind):
        argv = [runtime, '--root', os.path.join(
            self.dir, 'state-' + os.path.basename(runtime))]
        if kind in ('user', 'podman'):
            os.makedirs(argv[2], exist_ok=True)
            os.chown(argv[2], self.host.pw.pw_uid, self.host.pw.pw_gid)
            if not runtime.endswith('runc') or runtime.endswith('crun'):
                argv.append('--cgroup-manager=disabled')
        return argv

    def call(self, kind, argv, out, terminal=False):
        argv = self.host.wrap(kind, argv)
        cwd = os.path.dirname(self.root)
        if not terminal:
            with open(out, 'wb') as f:
                # crun gives its streams to the container's root: no device
                # of this machine may be one
                return subprocess.run(argv, cwd=cwd, stdin=self.stdin,
                                      stdout=f, stderr=f,
                                      timeout=60).returncode
        master, slave = pty.openpty()
        with open(out, 'wb') as f:
            p = subprocess.Popen(argv, cwd=cwd, stdin=slave, stdout=slave,
                                 stderr=slave, start_new_session=True)
            os.close(slave)
            try:
                while True:
                    got = os.read(master, 65536)
                    if not got:
                        break
                    f.write(got.replace(b'\r\n', b'\n'))
            except OSError:
                pass            # the last holder of the other end is gone
            os.close(master)
        return p.wait(timeout=60)

    def run(self, runtime, kind, text, case, name):
        """{key: value}: what was found; 'made' is 'yes' or 'no'."""
        self.fresh(kind)
        if case is not None:
            text = json.dumps(self.adapt(json.loads(text), kind, name))
        with open(os.path.join(self.dir, 'bundle/config.json'), 'w') as f:
            f.write(text)
        words = self.words(runtime, kind)
        out = os.path.join(self.dir, 'out')
        linux = (case or {}).get('linux') or {}
        found = {}
        if kind == 'root' and (linux.get('resources') or
                               linux.get('cgroupsPath')):
            rc = self.in_steps(words, kind, out, found)
        else:
            process = (case or {}).get('process') or {}
            rc = self.call(kind, [*words, 'run', self.id], out,
                           process.get('terminal'))
        self.call(kind, [*words, 'delete', '--force', self.id],
                  os.path.join(self.dir, 'out2'))
        with open(out, errors='replace') as f:
            found['said'] = f.read()
        if rc or '\nmade yes\n' not in found['said']:
            self.unmount(found)
            return {'made': 'no', 'said': found['said'] or 'exit %s' % rc}
        self.read(found)
        return found

    def in_steps(self, words, kind, out, found):
        pidfile = os.path.join(self.dir, 'pid')
        rc = self.call(kind, [*words, 'create', '--pid-file', pidfile,
                              self.id], out)
        if rc:
            return rc
        with open(pidfile) as f:
            pid = int(f.read())
        self.read_cgroup(pid, found)
        rc = self.call(kind, [*words, 'start', self.id], out + '2')
        for _ in range(500):
            try:
                with open('/proc/%d/stat' % pid) as f:
                    if f.read().rsplit(')')[1].split()[0] == 'Z':
                        break
            except (ProcessLookupError, FileNotFoundError):
                break
            time.sleep(0.01)
        return rc

    def read_cgroup(self, pid, found):
        with open('/proc/%d/cgroup' % pid) as f:
            rows = [line.rstrip('\n').split(':', 2) for line in f]
        for _, names, path in rows:
            where = names or 'unified'
            base = '/sys/fs/cgroup' + ('' if self.host.v2 else '/' + where)
            for name in LIMITS.get(names, ()):
                try:
                    with open('%s%s/%s' % (base, path, name)) as f:
                        found['limit.%s%s' % (name, ' v2' if not names
                                              else '')] = \
                            '|'.join(sorted(f.read().split('\n'))).strip('|')
                except OSError:
                    pass

    def unmount(self, found):
        """What somebody mounted here and not in the container."""
        with open('/proc/self/mountinfo') as f:
            here = [line.split()[4] for line in f
                    if line.split()[4].startswith(self.root)]
        for path in reversed(here):
            found['left.mount.' + path[len(self.root):]] = 'mounted'
            subprocess.run(['umount', '-l', path], check=True)

    def read(self, found):
        for line in found.pop('said').splitlines():
            key, _, value = line.replace('\t', ' ').partition(' ')
            if key.startswith('ns.'):
                value = self.host.whose(value)
            if key == 'status.SigIgn':  # the peers hand on what we ignore
                value = '%016x' % (int(value, 16) & ~self.host.ignored)
            if key == 'cgroup':
                value = re.sub(r':/[^:|]*immure-corpus[^|]*', ':PATH', value)
            found[key] = value
        self.unmount(found)
        for path in (self.log, os.path.join(self.root, 'hooks')):
            if os.path.exists(path):
                with open(path) as f:
                    found['hooks'] = found.get('hooks', '') + f.read()
        for top, dirs, files in os.walk(self.root):
            for name in dirs + files:
                st = os.lstat(os.path.join(top, name))
                key = os.path.join(top, name)[len(self.root):]
                found['left.' + key] = '%06o %d:%d' % (
                    st.st_mode, st.st_uid, st.st_gid)
                if stat.S_ISREG(st.st_mode) and not st.st_size:
                    found['left.' + key] = 'empty, to mount on'
                if stat.S_ISCHR(st.st_mode) or stat.S_ISBLK(st.st_mode):
                    found['left.' + key] += ' %x' % st.st_rdev


def compare(case, ours, peers, on_purpose):
    """[what is wrong]"""
    made = [p for p in peers if p['made'] == 'yes']
    differs = {}
    if ours['made'] not in [p['made'] for p in peers]:
        differs['made'] = 'ours %s: %s; theirs: %s' % (
            ours['made'], ours.get('said', '')[-300:],
            ' / '.join(p.get('said', '')[-300:] for p in peers))
    elif ours['made'] == 'yes':
        for key in sorted(set(ours).union(*made)):
            if not NOISE.match(key) and ours.get(key) not in [
                    p.get(key) for p in made]:
                differs[key] = '"%s", peers %s' % (ours.get(key), ' / '.join(
                    '"%s"' % p.get(key) for p in made))
    wrong = []
    for pattern, _ in on_purpose:
        hit = [k for k in differs
               if fnmatch.fnmatchcase(k, pattern.lstrip('?'))]
        if not hit and pattern[0] != '?':
            wrong.append('%s: no difference, though one is on purpose'
                         % pattern)
        for k in hit:
            del differs[k]
    return wrong + ['%s: %s' % kv for kv in differs.items()]


def read_differs(path):
    rows = []
    if os.path.exists(path):
        with open(path) as f:
            for line in f:
                key, colon, why = line.strip().partition(': ')
                if not colon or not why:
                    raise SystemExit('%s: "%s": no "KEY: why"' % (path, line))
                rows.append((key, why))
    return rows


class Runner:
    def __init__(self, args):
        self.args = args
        self.host = Host(args)
        self.places = [Place(self.host, i) for i in range(2)]
        self.lock = threading.Lock()
        self.peers = [shutil.which(p) for p in ('crun', 'runc')
                      if shutil.which(p)]

    def kind(self, name):
        path = os.path.join(CASES, name, 'host')
        if not os.path.exists(path):
            return ('no-cgroups' if name == 'resources_where_none_are_mounted'
                    else 'root')
        with open(path) as f:
            word = f.read().strip()
        if word.startswith('cgroups-'):
            return 'root' if (word == 'cgroups-2') == self.host.v2 else word
        return word

    def one(self, name):
        kind = self.kind(name)
        if kind.startswith('cgroups-'):
            return 'skip %s: it is for %s' % (name, kind)
        with open(os.path.join(CASES, name, 'config.json')) as f:
            text = f.read()
        try:
            case = json.loads(text, object_pairs_hook=self.pairs)
        except ValueError:
            case = None
        with self.lock:
            place = self.places.pop()
        try:
            found = [place.run(r, kind, text, case, name)
                     for r in (self.args.oci, *self.peers)]
        finally:
            with self.lock:
                self.places.append(place)
        wrong = compare(name, found[0], found[1:],
                        read_differs(os.path.join(CASES, name, 'differs')))
        if self.args.show:
            print(name, json.dumps(found, indent=1))
        return ('not ok %s: %s' % (name, '\n    '.join(wrong)) if wrong
                else 'ok %s' % name)

    @staticmethod
    def pairs(rows):
        if len({k for k, _ in rows}) != len(rows):
            raise ValueError('a key stands twice')
        return dict(rows)

    def go(self):
        names = [n for n in sorted(os.listdir(CASES))
                 if re.search(self.args.only, n)]
        failed = False
        try:
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                for line in pool.map(self.one, names):
                    print(line, flush=True)
                    failed |= line.startswith('not ok')
        finally:
            self.host.drop()
        return failed


def main():
    p = argparse.ArgumentParser()
    for name in ('probe', 'oci', 'place', 'user'):
        p.add_argument(name)
    p.add_argument('--only', default='')
    p.add_argument('--show', action='store_true')
    sys.exit(Runner(p.parse_args()).go())


main()
