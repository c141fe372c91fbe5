#!/usr/bin/env python3
# oci_kill.py - SIGKILL to `immure-oci create` at every system call of its
# processes, then `delete --force`: nothing may be left
#
#   tests/faults/oci_kill.py [--all | --sample N] [--only RE]
#
# Left is: a process, a directory of a cgroup, a mount, the state. Prints a
# line for every site that left something, and "ok NAME" or "not ok NAME: …".
# As root, with cgroups where the host has them; the programs are $BUILD's.
import argparse
import ctypes
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kill9                                                # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get('BUILD', os.path.join(HERE, '../../build'))
OCI = os.path.join(BUILD, 'immure-oci')
INJECT = os.path.join(BUILD, 'tests/faults/inject')
GROUP = 'immure-oci-kill'


def busybox():
    for path in ('/bin/busybox', '/usr/bin/busybox'):
        if os.path.exists(path):
            return path
    return None


class Sweep:
    def __init__(self, base):
        self.base = base
        self.state = os.path.join(base, 'state')
        self.bundle = os.path.join(base, 'bundle')
        self.report = os.path.join(base, 'report')
        root = os.path.join(self.bundle, 'rootfs')
        os.makedirs(os.path.join(root, 'bin'))
        shutil.copy(busybox(), os.path.join(root, 'bin/sh'))
        self.oci('spec', '--bundle', self.bundle, check=True)
        self.config = os.path.join(self.bundle, 'config.json')
        with open(self.config) as f:
            self.spec = json.load(f)
        self.spec['process']['terminal'] = False
        self.number = 0
        self.bad = []

    def oci(self, *args, check=False):
        r = subprocess.run([OCI, '--root', self.state, *args],
                           stdin=subprocess.DEVNULL, timeout=60,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if check and r.returncode:
            sys.exit('oci_kill: %s: %s' % (args[0], r.stderr.decode()))
        return r

    def create(self, fault):
        self.number += 1
        name = 'k%d' % self.number
        self.spec['linux']['cgroupsPath'] = '/%s/%s' % (GROUP, name)
        with open(self.config, 'w') as f:
            json.dump(self.spec, f)
        subprocess.run([INJECT, '-l', '-t', '30', '-o', self.report,
                        *(['-f', fault] if fault else []),
                        OCI, '--root', self.state, 'create',
                        '--bundle', self.bundle, name],
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=90)
        with open(self.report) as f:
            return name, f.read()

    def sites(self):
        name, text = self.create(None)
        self.clean(name)
        if not re.search(r'^status exit 0$', text, re.M):
            sys.exit('oci_kill: create fails without a fault:\n' + text)
        ret = []
        for proc, call, n in re.findall(r'^site (\S+) (\S+) (\d+) ', text,
                                        re.M):
            ret += ['%s:%s:%d:kill' % (proc, call, i + 1)
                    for i in range(int(n))]
        return ret

    def clean(self, name):
        """What is left after `delete --force`, as words."""
        left = []
        r = self.oci('delete', '--force', name)
        if r.returncode:
            left.append('delete: ' + r.stderr.decode().strip())
        kill9.reap()
        for pid, comm in kill9.descendants(os.getpid()).items():
            left.append('process %d %s' % (pid, comm))
        for path in glob.glob('/sys/fs/cgroup/*/%s/%s' % (GROUP, name)) + \
                glob.glob('/sys/fs/cgroup/%s/%s' % (GROUP, name)):
            left.append('cgroup ' + path)
        if os.path.isdir(self.state):
            left += ['state ' + n for n in os.listdir(self.state)]
        return left

    def run(self, sites):
        for site in sites:
            name, _ = self.create(site)
            left = self.clean(name)
            left += ['mount ' + m for m in kill9.mounts() if self.base in m]
            if left:
                self.bad.append(site)
                print('# %s: %s' % (site, '; '.join(left)), flush=True)

    def end(self):
        for path in glob.glob('/sys/fs/cgroup/*/' + GROUP) + \
                glob.glob('/sys/fs/cgroup/' + GROUP):
            try:
                os.rmdir(path)
            except OSError as e:
                print('# %s: %s' % (path, e.strerror))


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--all', action='store_true')
    p.add_argument('--sample', type=int, default=60)
    p.add_argument('--only', default='')
    a = p.parse_args()
    if os.geteuid() or not busybox() or not os.path.exists(INJECT):
        print('skip oci_kill: needs root, a static busybox and the tracer')
        return 0
    # orphans come to us, so that they can be found
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    base = tempfile.mkdtemp(prefix='immure-oci-kill-')
    try:
        s = Sweep(base)
        sites = [x for x in s.sites() if re.search(a.only, x)]
        if not a.all and not a.only:
            sites = sites[::max(1, len(sites) // a.sample)]
        s.run(sites)
        s.end()
    finally:
        shutil.rmtree(base, ignore_errors=True)
    what = 'nothing_is_left_of_a_creation_that_was_killed'
    if s.bad:
        print('not ok %s: %d of %d sites' % (what, len(s.bad), len(sites)))
    else:
        print('ok %s # %d sites' % (what, len(sites)))
    return 1 if s.bad else 0


if __name__ == '__main__':
    sys.exit(main())
