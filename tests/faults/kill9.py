#!/usr/bin/env python3
# kill9.py - SIGKILL at a random moment, and what is left of a sandbox then
#
#   tests/faults/kill9.py [--target NAME] [--kills N] [--within MS]
#
# Nothing is traced. The launcher (each fourth time: its first child) of a
# payload that sleeps is killed some milliseconds after its start. A second
# later no process may be left; after the next command of the target no state
# and no mount. run does this too, with the goals.
import argparse
import ctypes
import os
import random
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import targets                                              # noqa: E402

BATCH = 10              # kills that share the second of waiting


def process_tree():
    """{pid: (parent, name, state)} of the whole machine."""
    ret = {}
    for d in os.listdir('/proc'):
        if not d.isdigit():
            continue
        try:
            with open('/proc/%s/stat' % d) as f:
                text = f.read()
        except OSError:
            continue
        name, _, rest = text.partition('(')[2].rpartition(')')
        f = rest.split()
        ret[int(d)] = (int(f[1]), name, f[0])
    return ret


def descendants(top):
    tree, ret, more = process_tree(), {}, {top}
    while more:
        more = {p for p, (parent, _, state) in tree.items()
                if parent in more and state != 'Z' and p not in ret}
        ret.update({p: tree[p][1] for p in more})
    return ret


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def mounts():
    with open('/proc/self/mountinfo') as f:
        return set(f)


class Kill9:
    def __init__(self, target, within_ms, seed=1):
        self.target, self.within = target, within_ms / 1000
        self.random = random.Random(seed)
        self.place = targets.Place(target)
        self.place.payload('sleep', '30')
        # Orphans come to us, so that they can be found and ended.
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
        self.number = 0
        self.left, self.state, self.notes = 0, set(), []

    def start(self, *args):
        self.number += 1
        argv = [w.replace('c1', 'c%d' % self.number) if self.target.bundle
                else w for w in self.place.words(self.target.argv)]
        if not self.target.bundle:
            argv += args
        kw = {} if os.geteuid() else {
            'user': self.place.uid, 'group': self.place.gid,
            'extra_groups': []}
        return subprocess.Popen(argv, env=self.place.env, cwd='/',
                                stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, **kw)

    def kill_one(self, i):
        p = self.start('sleep', '30')
        time.sleep(self.random.uniform(0, self.within))
        victim = p.pid
        if i % 4 == 3:
            tree = process_tree()
            victim = min((c for c, t in tree.items() if t[0] == p.pid),
                         default=p.pid)
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            pass            # a helper that has ended by itself
        return p

    def batch(self, first, n):
        started = [self.kill_one(first + i) for i in range(n)]
        end = time.time() + 1
        while time.time() < end:
            for p in started:
                p.poll()
            reap()
            left = descendants(os.getpid())
            if not left:
                break
            time.sleep(0.05)
        left = descendants(os.getpid())
        if left:
            self.left += len(left)
            self.notes.append('kills %d to %d left %s' % (
                first + 1, first + n, ' '.join(sorted(left.values()))))
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        for p in started:
            p.wait()
        time.sleep(0.05)
        reap()

    def clear(self, usual):
        if self.target.bundle:
            runs = range(1, self.number + 1)
        else:
            runs = [0]
        for i in runs if self.target.clean else ():
            argv = [w.replace('c1', 'c%d' % i)
                    for w in self.place.words(self.target.clean)]
            subprocess.run(self.place.as_user(argv), env=self.place.env,
                           cwd='/', capture_output=True, timeout=20)
        self.state = self.place.state() - usual

    def measure(self):
        """One start that is let be; kills reach to twice its length."""
        begun = time.time()
        p = self.start('sleep', '0')
        while time.time() - begun < 0.5 and p.poll() is None:
            time.sleep(0.001)
        if p.poll() is not None:    # a bundle's payload sleeps longer
            self.within = max(self.within, 2 * (time.time() - begun))
        p.kill()
        p.wait()

    def run(self, kills):
        """(processes left, paths and mounts left, notes)"""
        try:
            before = mounts()
            self.measure()
            self.batch(-1, 0)
            self.left, self.notes = 0, []
            self.clear(set())
            usual = self.place.state()
            for i in range(0, kills, BATCH):
                self.batch(i, min(BATCH, kills - i))
            self.clear(usual)
            gone = mounts() - before
            self.notes += ['left ' + x for x in sorted(self.state)[:5]]
            self.notes += ['mounted ' + x.strip() for x in sorted(gone)[:5]]
            return self.left, len(self.state) + len(gone), self.notes
        finally:
            self.place.done()


def report(target, kills, within_ms):
    """Prints the two lines of the goal; returns how many failed."""
    left, state, notes = Kill9(target, within_ms).run(kills)
    bad = 0
    for n, what in ((left, 'leaves no process after a second'),
                    (state, 'leaves no state after the next command')):
        label = 'faults G9 of %s: kill -9 at random %s' % (target.name, what)
        if n:
            bad += 1
            print('not ok %s: %d after %d kills' % (label, n, kills))
        else:
            print('ok %s (%d kills)' % (label, kills))
    for note in notes[:12] if bad else ():
        print('    # ' + note)
    return bad


def main():
    p = argparse.ArgumentParser(description='SIGKILL at random moments.')
    p.add_argument('--target', default='immure', choices=targets.TARGETS)
    p.add_argument('--kills', type=int, default=200)
    p.add_argument('--within', type=float, default=60, metavar='MS')
    opt = p.parse_args()
    target = targets.TARGETS[opt.target]
    if target.bundle and not os.geteuid():
        targets.one_cgroup()
    return 1 if report(target, opt.kills, opt.within) else 0


if __name__ == '__main__':
    sys.exit(main())
