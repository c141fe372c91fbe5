# targets.py - what can be swept: immure, and its peers for comparison
#
# A Target says how to start the probe, what to run afterwards to clear state
# away, and which calls are its language's noise. A Place is a worker's own
# home, runtime directory and rootfs. Nothing is started here.
import ctypes
import json
import os
import pwd
import shutil
import subprocess
import tempfile

USER = 'immuretest'
HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.abspath(os.path.join(TOP, os.environ.get('BUILD', 'build')))
PROBE = 'faultprobe'

# The Go runtime's own calls: they come at random times.
GO_NOISE = {'futex', 'rt_sigprocmask', 'rt_sigaction', 'sigaltstack', 'tgkill',
            'nanosleep', 'sched_yield', 'madvise', 'mmap', 'munmap', 'gettid',
            'epoll_pwait', 'epoll_wait', 'getpid', 'sched_getaffinity'}


def one_cgroup():
    """crun and runc refuse a host with both kinds of cgroup. From here on this
    process sees one, in a mount namespace of its own; the host's is left."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x00020000):
        raise OSError(ctypes.get_errno(), 'unshare')
    subprocess.run(['mount', '--make-rprivate', '/'], check=True)
    subprocess.run(['mount', '-t', 'cgroup2', 'none', '/sys/fs/cgroup'],
                   check=True)


class Target:
    def __init__(self, name, argv, clean=None, noise=(), bundle=False):
        self.name, self.argv, self.clean = name, argv, clean
        self.noise, self.bundle = set(noise), bundle


def immure(*words):
    exe = os.path.join(BUILD, 'immure')
    return [exe, 'run', '--rm', *words, '--rootfs', '{root}', '/' + PROBE]


TARGETS = {t.name: t for t in (
    Target('immure-single', immure('--userns', 'single'),
           clean=[os.path.join(BUILD, 'immure'), 'ps', '-a']),
    Target('immure', immure(),
           clean=[os.path.join(BUILD, 'immure'), 'ps', '-a']),
    # Every call of the launcher's second half and of the payload is answered
    # by the monitor.
    Target('immure-record', immure('--record', '{root}/../record'),
           clean=[os.path.join(BUILD, 'immure'), 'ps', '-a']),
    # Checks its calls but reads nothing back, and outlives nobody: the
    # control by which the sweep shows that it would see a missing wall.
    Target('floor', [os.path.join(BUILD, 'tests/bench/floor'), '{root}',
                     '/' + PROBE]),
    Target('bwrap', ['bwrap', '--unshare-all', '--die-with-parent',
                     '--ro-bind', '{root}', '/', '--proc', '/proc',
                     '--dev', '/dev', '--tmpfs', '/tmp', '--cap-drop', 'ALL',
                     '/' + PROBE]),
    Target('crun', ['crun', '--cgroup-manager=disabled', '--root',
                    '{run}/crun', 'run', '--bundle', '{bundle}', 'c1'],
           clean=['crun', '--cgroup-manager=disabled', '--root', '{run}/crun',
                  'delete', '-f', 'c1'], bundle=True),
    Target('runc', ['runc', '--root', '{run}/runc', 'run', '--bundle',
                    '{bundle}', 'c1'],
           clean=['runc', '--root', '{run}/runc', 'delete', '-f', 'c1'],
           noise=GO_NOISE, bundle=True),
)}


def ids():
    """(uid, gid) that the target runs as; the caller's own if not root."""
    if os.geteuid():
        return os.geteuid(), os.getegid()
    pw = pwd.getpwnam(USER)
    return pw.pw_uid, pw.pw_gid


def make_rootfs(path):
    for d in ('proc', 'sys', 'dev', 'tmp', 'etc', 'run', 'var', 'usr'):
        os.makedirs(os.path.join(path, d), exist_ok=True)
    shutil.copy2(os.path.join(BUILD, 'tests/faults/probe'),
                 os.path.join(path, PROBE))


def bundle_config(uid, gid):
    """A bundle like the one `immure run --userns single` amounts to."""
    nodes = ['acpi', 'asound', 'kcore', 'keys', 'latency_stats', 'timer_list',
             'timer_stats', 'sched_debug', 'scsi']
    tmpfs = ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k']

    def mount(dst, kind, *opts):
        return {'destination': dst, 'type': kind, 'source': kind,
                'options': list(opts)}
    return {
        'ociVersion': '1.0.0',
        'process': {
            'user': {'uid': 0, 'gid': 0}, 'args': ['/' + PROBE],
            'env': ['PATH=/usr/bin:/bin'], 'cwd': '/',
            'capabilities': {}, 'noNewPrivileges': True,
            'rlimits': [{'type': 'RLIMIT_NOFILE', 'hard': 1024,
                         'soft': 1024}]},
        'root': {'path': 'rootfs', 'readonly': True},
        'hostname': 'probe',
        'mounts': [
            mount('/proc', 'proc', 'nosuid', 'noexec', 'nodev'),
            mount('/dev', 'tmpfs', 'nosuid', 'strictatime', 'mode=755',
                  'size=65536k'),
            mount('/dev/pts', 'devpts', 'nosuid', 'noexec', 'newinstance',
                  'ptmxmode=0666', 'mode=0620'),
            mount('/dev/shm', 'tmpfs', *tmpfs),
            mount('/dev/mqueue', 'mqueue', 'nosuid', 'noexec', 'nodev'),
            mount('/tmp', 'tmpfs', *tmpfs),
            mount('/sys', 'sysfs', 'nosuid', 'noexec', 'nodev', 'ro')],
        'linux': {
            'uidMappings': [{'containerID': 0, 'hostID': uid, 'size': 1}],
            'gidMappings': [{'containerID': 0, 'hostID': gid, 'size': 1}],
            'namespaces': [{'type': n} for n in (
                'pid', 'ipc', 'uts', 'mount', 'user', 'network', 'cgroup')],
            'maskedPaths': ['/proc/' + n for n in nodes] + ['/sys/firmware'],
            'readonlyPaths': ['/proc/' + n for n in (
                'bus', 'fs', 'irq', 'sys', 'sysrq-trigger')]}}


class Place:
    """A worker's own directories; nothing is shared between workers."""

    def __init__(self, target):
        self.uid, self.gid = ids()
        self.top = tempfile.mkdtemp(prefix='immure-faults-')
        os.chmod(self.top, 0o755)
        for d in ('home', 'run', 'bundle/rootfs'):
            os.makedirs(os.path.join(self.top, d), mode=0o755)
        self.root = os.path.join(self.top, 'bundle/rootfs')
        make_rootfs(self.root)
        self.payload()
        os.chmod(self.at('run'), 0o700)
        if not os.geteuid():
            subprocess.run(['chown', '-R', '%d:%d' % (self.uid, self.gid),
                            self.at('home'), self.at('run'),
                            self.at('bundle')], check=True)
        self.env = {'PATH': '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
                    'HOME': self.at('home'), 'XDG_RUNTIME_DIR': self.at('run'),
                    'LANG': 'C', 'TERM': 'dumb'}

    def at(self, name):
        return os.path.join(self.top, name)

    def payload(self, *args):
        """What the bundle (if the target has one) starts from now on."""
        conf = bundle_config(self.uid, self.gid)
        conf['process']['args'] += args
        with open(self.at('bundle/config.json'), 'w') as f:
            json.dump(conf, f)

    def words(self, argv):
        names = {'{root}': self.root, '{run}': self.at('run'),
                 '{bundle}': self.at('bundle')}
        ret = []
        for w in argv:
            for k, v in names.items():
                w = w.replace(k, v)
            ret.append(w)
        return ret

    def state(self):
        """Every path that lies in this place's home and runtime directory."""
        ret = set()
        for d in ('home', 'run'):
            for path, dirs, files in os.walk(self.at(d)):
                ret.update(os.path.join(path, x) for x in dirs + files)
        return ret

    def as_user(self, argv):
        if os.geteuid():
            return argv
        return ['setpriv', '--reuid', str(self.uid), '--regid', str(self.gid),
                '--init-groups', *argv]

    def done(self):
        shutil.rmtree(self.top, ignore_errors=True)
