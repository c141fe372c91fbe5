# report.py - the goals, the counts, and the peers' figures beside them
#
# Tally collects what run found of one target; print_all writes the goals as
# "ok NAME" lines and the table.

import os

import targets

# goal, name, kinds of fault, the word counted
GOALS = (
    ('G1', 'no single fault loosens a wall', ('error',), 'LESS'),
    ('G2', 'no call that fails for ever loosens a wall', ('persist',), 'LESS'),
    ('G3', 'no call that lies loosens a wall', ('lie',), 'LESS'),
    ('G4', 'no fault makes a start hang', ('error', 'persist', 'lie'), 'HANG'),
    ('G5', 'no refused start ends with status 0',
     ('error', 'persist', 'lie'), 'FALSE-OK'),
    ('G6', 'no start is refused without a word',
     ('error', 'persist', 'lie'), 'SILENT'),
    ('G7', 'the status is the payload\'s, or 125 with a word',
     ('error', 'persist', 'lie'), 'WRONG'),
    ('G8', 'no payload starts after the launcher was killed', ('kill',),
     'RAN'),
    ('G9', 'no fault leaves a process or state behind',
     ('error', 'persist', 'lie', 'kill'), 'LEFT'),
)
# Whole sweeps of the peers, measured with a tracer of this kind:
# bwrap 0.8.0, crun 1.8.1, crun 1.27.1 (6 errnos), runc 1.1.5 (5 errnos).
PEERS = {
    'G1': ('89/5590', '245/14456', '56/6318', '10/7545'),
    'G2': ('0/637', '1', '1', '1'),
    'G3': ('63/160', '61/261', '73/266', '31/1091'),
    'G4': ('13', '80', '10', '53'),
    'G5': ('0', '0', '0', '0'),
    'G6': ('25', '76', '28', '9'),
    'G7': ('51', '163', '73', '15'),
    'G8': ('340/456', '24/1046', '68/1026', '29/1486'),
    'G9': ('13', '816', '867', '1297'),
    'G18': ('430', '1112', '-', '1509'),
}
SITES_MAX = 600


class Tally:
    def __init__(self, name):
        self.name, self.sites, self.seconds = name, 0, 0.0
        self.count = {}         # (kind, word) -> number
        self.runs = {}          # kind -> number
        self.found = {}         # (kind, word) -> [(fault, note)]

    def add(self, fault, words, note):
        if 'MISSED' not in words:
            self.runs[fault.kind] = self.runs.get(fault.kind, 0) + 1
        for w in words:
            k = (fault.kind, w)
            self.count[k] = self.count.get(k, 0) + 1
            self.found.setdefault(k, []).append((fault, note))

    def goal(self, kinds, word):
        """(bad, runs, [(fault, note)])"""
        found = [f for k in kinds for f in self.found.get((k, word), [])]
        runs = sum(self.runs.get(k, 0) for k in kinds)
        if word == 'RAN':
            runs = self.count.get(('kill', 'EARLY'), 0)
        return len(found), runs, found


def site(fault):
    return '%s:%s:%s:%s' % fault[1:]


def print_found(name, found, limit):
    """One paragraph a call, with all the errnos that did it."""
    groups = {}
    for fault, note in found:
        head, _, errno = site(fault).partition('=')
        groups.setdefault((head, note.count('\n')), []).append((errno, note))
    for (head, _), rows in list(groups.items())[:limit]:
        errnos = ','.join(e for e, _ in rows if e)
        print('    # %s %s%s: %s' % (name, head, errnos and '=' + errnos,
                                     rows[0][1]))
    if len(groups) > limit:
        print('    # … and %d more calls' % (len(groups) - limit))


def print_goals(tally, limit):
    bad = 0
    for goal, name, kinds, word in GOALS:
        n, runs, found = tally.goal(kinds, word)
        label = 'faults %s of %s: %s' % (goal, tally.name, name)
        if not runs:
            continue
        if not n:
            print('ok %s (%d runs)' % (label, runs))
            continue
        bad += 1
        print('not ok %s: %d of %d' % (label, n, runs))
        print_found(word, found, limit)
    label = 'faults G18 of %s: at most %d sites' % (tally.name, SITES_MAX)
    if tally.sites > SITES_MAX:
        bad += 1
        print('not ok %s: %d' % (label, tally.sites))
    else:
        print('ok %s (%d)' % (label, tally.sites))
    return bad


def print_table(tallies):
    heads = [t.name for t in tallies] + ['bwrap 0.8', 'crun 1.8',
                                         'crun 1.27', 'runc 1.1']
    print('# %-5s' % '' + ''.join('%14s' % h for h in heads))
    for goal, _, kinds, word in GOALS:
        row = ['%d/%d' % t.goal(kinds, word)[:2] for t in tallies]
        row += PEERS[goal]
        print('# %-5s' % goal + ''.join('%14s' % c for c in row))
    row = [str(t.sites) for t in tallies] + list(PEERS['G18'])
    print('# %-5s' % 'G18' + ''.join('%14s' % c for c in row))
    for t in tallies:
        words = {}
        for (_, w), n in t.count.items():
            words[w] = words.get(w, 0) + n
        print('# %s: %d runs in %.0f s; %s' % (
            t.name, sum(t.runs.values()), t.seconds,
            ', '.join('%s %d' % x for x in sorted(words.items()))))


def save(tally, folder):
    """Everything that was found, for the reader with time."""
    path = os.path.join(folder, 'faults-%s.txt' % tally.name)
    with open(path, 'w') as f:
        for (kind, word), found in sorted(tally.found.items()):
            if word in ('SAME', 'REFUSED', 'KILLED', 'EARLY', 'LATE'):
                continue
            for fault, note in found:
                f.write('%s %s: %s\n' % (word, site(fault), note))
    print('# everything found: ' + path)


def print_all(tallies, opt):
    """Returns how many goals were missed."""
    bad = sum(print_goals(t, 100000 if opt.verbose else 12) for t in tallies)
    print_table(tallies)
    for t in tallies if opt.all else ():
        save(t, targets.BUILD)
    return bad
