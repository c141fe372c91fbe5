#!/usr/bin/env python3
"""mktar.py - image archives that a stranger might send, each with what must
become of it.

    mktar.py list           one line an expectation:
                            CASE <tab> refused|loaded|tree|absent <tab> ERE
    mktar.py make DIR [CASE…]   writes DIR/CASE.tar of these, or of all
    mktar.py wrap OUT TAR…  a docker-archive of these layers, "wrapped:1"
    mktar.py show DIR FIRST lists DIR/*/root; host id FIRST is the image's 0

refused: `immure load` fails and its message matches ERE. loaded: it succeeds.
tree: a line of the unpacked layer's listing ("type mode uid:gid size name ->
target") matches; absent: none does. Owners are the image's.

The canary directory that hostile names point at is $CANARY.
"""
import gzip
import hashlib
import io
import json
import os
import sys

CANARY = os.environ.get("CANARY", "/tmp/canary")
BLOCK = 512
CASES = {}


def case(*expectations):
    def note(fn):
        CASES[fn.__name__.replace("_", "-")] = (fn, expectations)
        return fn
    return note


def refused(ere):
    return ("refused", ere)


def loaded(*trees, absent=()):
    return (("loaded", "-"),) + tuple(("tree", t) for t in trees) + \
        tuple(("absent", a) for a in absent)


# ---- tar, by hand: tarfile is too well-behaved ----

def number(n, width):
    if 0 <= n < 8 ** (width - 1):
        return b"%0*o\0" % (width - 1, n)
    raw = (n & (1 << 8 * (width - 1)) - 1).to_bytes(width - 1, "big")
    return (b"\xff" if n < 0 else b"\x80") + raw


def header(name, kind=b"0", size=0, mode=0o644, uid=0, gid=0, link="",
           mtime=1000000000, major=0, minor=0, magic=b"ustar\0" b"00"):
    def text(s):
        return s if isinstance(s, bytes) else s.encode()
    h = text(name)[:100].ljust(100, b"\0")
    h += number(mode, 8) + number(uid, 8) + number(gid, 8)
    h += number(size, 12) + number(mtime, 12) + b" " * 8 + kind
    h += text(link)[:100].ljust(100, b"\0") + magic
    h += b"root".ljust(32, b"\0") * 2 + number(major, 8) + number(minor, 8)
    h = h.ljust(BLOCK, b"\0")
    return h[:148] + b"%06o\0 " % sum(h) + h[156:]


def padded(data):
    return data + b"\0" * (-len(data) % BLOCK)


def file(name, data=b"", **kw):
    if isinstance(data, str):
        data = data.encode()
    return header(name, size=len(data), **kw) + padded(data)


def directory(name, mode=0o755, **kw):
    return header(name, b"5", mode=mode, **kw)


def symlink(name, target, **kw):
    return header(name, b"2", link=target, mode=0o777, **kw)


def hard(name, target, data=b"", **kw):
    return header(name, b"1", link=target, size=len(data), **kw) + padded(data)


def pax(records, kind=b"x"):
    out = b""
    for key, value in records.items():
        value = value if isinstance(value, bytes) else value.encode()
        line = b" " + key.encode() + b"=" + value + b"\n"
        n = len(line)
        while len(str(n)) + len(line) != n:
            n = len(str(n)) + len(line)
        out += str(n).encode() + line
    return header("PaxHeader", kind, size=len(out)) + padded(out)


END = b"\0" * 2 * BLOCK


def tar(*entries):
    return b"".join(entries) + END


# ---- images ----

def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def config_of(layers, **kw):
    c = {"architecture": os.environ.get("ARCH", "amd64"), "os": "linux",
         "config": {}, "rootfs": {"type": "layers",
                                  "diff_ids": [digest(l) for l in layers]}}
    c.update(kw)
    return json.dumps(c).encode()


def docker(*layers, config=None, manifest=None, extra=(), skip=()):
    """A docker-archive of these layers (uncompressed tars)."""
    config = config or config_of(layers)
    names = ["%d.tar" % i for i in range(len(layers))]
    manifest = manifest or [{"Config": "c.json", "RepoTags": ["hostile:1"],
                             "Layers": names}]
    out = [file(n, l) for n, l in zip(names, layers) if n not in skip]
    if "c.json" not in skip:
        out.append(file("c.json", config))
    if not isinstance(manifest, bytes):
        manifest = json.dumps(manifest).encode()
    return tar(*out, *extra, file("manifest.json", manifest))


LAYER = "application/vnd.oci.image.layer.v1.tar"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def oci(blob, diff, media=LAYER, change=None, alter=None, index=None,
        manifest_text=None):
    """An oci-archive of one layer. change(manifest, config, index) may
    falsify; alter(name, data) may change a blob under its name."""
    config = {"architecture": os.environ.get("ARCH", "amd64"),
              "os": "linux", "config": {},
              "rootfs": {"type": "layers", "diff_ids": [digest(diff)]}}
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST,
                "layers": [{"mediaType": media, "digest": digest(blob),
                            "size": len(blob)}]}
    top = {}
    if change:
        change(manifest, config, top)
    ctext = json.dumps(config).encode()
    manifest.setdefault("config", {
        "mediaType": "application/vnd.oci.image.config.v1+json",
        "digest": digest(ctext), "size": len(ctext)})
    mtext = manifest_text(manifest) if manifest_text else \
        json.dumps(manifest).encode()
    entry = {"mediaType": MANIFEST, "digest": digest(mtext),
             "size": len(mtext),
             "annotations": {"org.opencontainers.image.ref.name":
                             "hostile:1"}}
    entry.update(top)
    if index is None:
        index = json.dumps({"schemaVersion": 2,
                            "manifests": [entry]}).encode()
    out = [file("oci-layout", b'{"imageLayoutVersion":"1.0.0"}'),
           file("index.json", index)]
    for data in (blob, ctext, mtext):
        name = "blobs/sha256/" + digest(data)[7:]
        if alter:
            data = alter(name, data)
        if data is not None:
            out.append(file(name, data))
    return tar(*out)


GOOD = tar(directory("./"), directory("etc/"),
           file("etc/passwd", "root:x:0:0::/:/bin/sh\n"))

# ---- names that leave the layer ----


@case(refused(r'leaves the layer'))
def name_dotdot():
    return docker(tar(file("../escaped", "x")))


@case(refused(r'leaves the layer'))
def name_dotdot_inside():
    return docker(tar(directory("a/"), file("a/../../escaped", "x")))


@case(refused(r'absolute'))
def name_absolute():
    return docker(tar(file(CANARY + "/escaped", "x")))


@case(refused(r'leaves the layer'))
def whiteout_dotdot():
    return docker(tar(file("../.wh.escaped")))


@case(refused(r'hides no name'))
def whiteout_of_dotdot():
    return docker(tar(file(".wh...")))


@case(refused(r'hides no name'))
def whiteout_of_nothing():
    return docker(tar(file("a/.wh.")))


@case(refused(r'way leads through a symlink'))
def symlink_then_write():
    return docker(tar(symlink("link", CANARY), file("link/escaped", "x")))


@case(refused(r'way leads through a symlink'))
def symlink_relative_then_write():
    return docker(tar(symlink("link", "../" * 30 + CANARY[1:]),
                      file("link/escaped", "x")))


@case(refused(r'way leads through a symlink'))
def symlink_then_directory_below():
    return docker(tar(symlink("link", CANARY), directory("link/sub/")))


@case(refused(r'way leads through a symlink'))
def symlink_then_whiteout_below():
    return docker(tar(symlink("link", CANARY), file("link/.wh.file")))


@case(refused(r'way leads through a symlink'))
def symlink_then_opaque():
    return docker(tar(symlink("link", CANARY), file("link/.wh..wh..opq")))


@case(refused(r'way leads through a symlink'))
def directory_replaced_by_symlink():
    return docker(tar(directory("d/"), file("d/one", "x"),
                      symlink("d", CANARY), file("d/escaped", "x")))


@case(refused(r'way leads through'))
def file_then_below_it():
    return docker(tar(file("f", "x"), file("f/below", "x")))


@case(refused(r'hard link target .*leaves the layer'))
def hardlink_outside():
    return docker(tar(hard("h", "../" * 30 + CANARY[1:] + "/file"),
                      file("h", "x")))


@case(refused(r'hard link target .*absolute'))
def hardlink_absolute():
    return docker(tar(hard("h", CANARY + "/file")))


@case(refused(r'no such file in this layer'))
def hardlink_through_symlink():
    return docker(tar(symlink("s", CANARY), hard("h", "s/file")))


@case(refused(r'hard link with data'))
def hardlink_with_data():
    return docker(tar(file("a", "x"),
                      pax({"comment": "so that data is believed"}),
                      hard("h", "a", b"written through")))


@case(refused(r'no such file in this layer'))
def hardlink_to_nothing():
    return docker(tar(hard("h", "missing")))


@case(refused(r'no regular file'))
def hardlink_to_directory():
    return docker(tar(directory("d/"), hard("h", "d")))


@case(refused(r'no such file in this layer'))
def hardlink_to_dropped_device():
    return docker(tar(header("null", b"3", major=1, minor=3),
                      hard("h", "null")))


@case(refused(r'no regular file'))
def hardlink_to_whiteout():
    return docker(tar(file(".wh.gone"), hard("h", "gone")))


@case(refused(r'root is not a directory'))
def root_is_symlink():
    return docker(tar(symlink(".", CANARY), file("escaped", "x")))


@case(refused(r'root is not a directory'))
def root_is_symlink_slash():
    return docker(tar(symlink("./", CANARY), file("escaped", "x")))


@case(refused(r'root is not a directory|absolute|archive: '))
def root_is_file():
    return docker(tar(file("/", "x")))


@case(refused(r'root is not a directory'))
def root_is_hardlink():
    return docker(tar(file("a", "x"), hard(".", "a")))


@case(refused(r'root is not a directory'))
def root_is_device():
    return docker(tar(header(".", b"3", major=1, minor=3)))


@case(refused(r'leaves the layer'))
def root_is_dotdot():
    return docker(tar(directory("..")))


# POSIX: what is unknown is a regular file; a volume label is no file
@case(*loaded(r'^- 0644 0:0 4 odd ', absent=(r' label ',)))
def type_unknown():
    return docker(tar(file("odd", "data", kind=b"Z"),
                      header("label", b"V")))


# ---- owners, names, sizes ----

@case(refused(r'uid 70000: outside'))
def owner_beyond():
    return docker(tar(file("f", "x", uid=70000)))


@case(refused(r'gid -1: outside|archive:'))
def owner_negative():
    return docker(tar(file("f", "x", gid=-1)))


@case(refused(r'longer than 255'))
def name_too_long():
    return docker(tar(pax({"path": "n" * 256}), file("short", "x")))


@case(refused(r'4095'))
def path_too_long():
    return docker(tar(pax({"path": "/".join(["d" * 200] * 22)}),
                      file("short", "x")))


@case(refused(r'256 directories'))
def path_too_deep():
    return docker(tar(pax({"path": "/".join(["d"] * 257)}),
                      file("short", "x")))


@case(refused(r'KiB of attributes'))
def xattr_too_large():
    return docker(tar(pax({"SCHILY.xattr.user.big": "v" * 66000}),
                      file("f", "x")))


@case(refused(r'archive:|more than the load'))
def size_claimed():
    return docker(tar(header("f", size=1 << 60)))


@case(refused(r'archive: '))
def truncated_data():
    return docker((header("f", size=100000) + b"x" * 2000))


@case(refused(r'archive: '))
def truncated_header():
    return docker(GOOD[:-len(END)] + header("f")[:300])


@case(refused(r'archive: '))
def header_damaged():
    h = bytearray(file("etc/x", "x"))
    h[10] ^= 1
    return docker(tar(directory("./"), bytes(h)))


@case(refused(r'after its end mark'))
def junk_after_end():
    return docker(GOOD + b"hidden" * 200)


@case(refused(r'after its end mark'))
def junk_far_after_end():
    return docker(GOOD + b"\0" * 3000000 + b"hidden")


@case(refused(r'after its end mark'))
def second_archive_after_end():
    return docker(GOOD + tar(file("more", "x")))


@case(*loaded(r'^- 0644 0:0 22 etc/passwd '))
def zeros_after_end():
    return docker(GOOD + b"\0" * 3000000)


# ---- what is left out or changed ----

@case(*loaded(r'^- 0644 0:0 1 dev/file ', absent=(
    r' dev/(null|sda|fifo) ',)))
def devices():
    return docker(tar(directory("dev/"),
                      header("dev/null", b"3", major=1, minor=3),
                      header("dev/sda", b"4", major=8, minor=0),
                      header("dev/fifo", b"6"),
                      file("dev/file", "x")))


@case(*loaded(absent=(r' overlaid ', r'^c ')))
def device_that_would_be_a_whiteout():
    return docker(tar(header("overlaid", b"3", major=0, minor=0)))


@case(*loaded(r'^- 0755 0:0 1 su ', r'^- 0755 0:0 1 sg ',
              r'^d 1777 0:0 - t ', r'^d 0775 0:0 - sgd '))
def setuid():
    return docker(tar(file("su", "x", mode=0o4755),
                      file("sg", "x", mode=0o2755),
                      directory("t/", mode=0o1777),
                      directory("sgd/", mode=0o2775)))


@case(*loaded(r'^- 0644 0:0 1 f .* user\.kept=v$', absent=(
    r'security|trusted|overlay\.(opaque|redirect)|immure\.owner=1',)))
def xattrs():
    x = {"SCHILY.xattr.user.kept": "v",
         "SCHILY.xattr.security.capability": b"\x01\0\0\x02" + b"\xff" * 16,
         "SCHILY.xattr.trusted.overlay.opaque": "y",
         "SCHILY.xattr.user.overlay.redirect": "/etc",
         "SCHILY.xattr.user.overlay.opaque": "y",
         "SCHILY.xattr.user.immure.owner": "1:1"}
    return docker(tar(pax(x), file("f", "x"), pax(x), directory("d/")))


# ---- the same name again ----

@case(*loaded(r'^- 0600 1:2 6 f '))
def twice_file():
    return docker(tar(file("f", "first one"),
                      file("f", "second", mode=0o600, uid=1, gid=2)))


@case(*loaded(r'^d 0700 5:5 - d ', r'^- 0644 0:0 1 d/one '))
def twice_directory():
    return docker(tar(directory("d/"), file("d/one", "x"),
                      directory("d/", mode=0o700, uid=5, gid=5)))


@case(*loaded(r'^- 0644 0:0 4 d ', absent=(r' d/one ',)))
def file_over_directory():
    return docker(tar(directory("d/"), file("d/one", "x"),
                      directory("d/e/"), file("d", "file")))


@case(*loaded(r'^d 0755 0:0 - f ', r'^- 0644 0:0 1 f/x '))
def directory_over_file():
    return docker(tar(file("f", "x"), directory("f/"), file("f/x", "x")))


@case(*loaded(r'^- 0644 0:0 3 s '))
def file_over_symlink():
    return docker(tar(symlink("s", CANARY + "/file"), file("s", "new")))


@case(*loaded(r'^d 0777 7:7 - s '))
def directory_over_symlink():
    return docker(tar(symlink("s", CANARY),
                      directory("s/", mode=0o777, uid=7, gid=7)))


@case(*loaded(r'^l 0777 9:9 .* s -> ' + CANARY + '$'))
def symlink_over_symlink():
    return docker(tar(symlink("s", "elsewhere"),
                      symlink("s", CANARY, uid=9, gid=9, mtime=1)))


@case(*loaded(r'^- 0644 0:0 1 a ', r'^- 0644 0:0 1 b '))
def hardlink_twice():
    return docker(tar(file("a", "x"), hard("b", "a"), hard("b", "a"),
                      hard("a", "a")))


@case(*loaded(r'^- 0644 0:0 1 a ', r'^- 0644 0:0 7 b '))
def file_over_hardlink():
    return docker(tar(file("a", "x"), hard("b", "a"), file("b", "another")))


@case(*loaded(r'^l 0777 0:0 .* h -> to$'))
def hardlink_to_symlink():
    return docker(tar(symlink("s", "to"), hard("h", "s")))


# ---- whiteouts ----

@case(*loaded(r'^c 0000 0:0 - gone ', r'^c 0000 0:0 - d/gone ',
              r'^d 0755 0:0 - d '))
def whiteouts():
    return docker(tar(file(".wh.gone"), file("d/.wh.gone")))


@case(*loaded(r'^- 0644 0:0 1 f ', r'^- 0644 0:0 1 g ',
              r'^d 0755 0:0 - d .* user\.overlay\.opaque=y',
              r'^d 0755 0:0 - e .* user\.overlay\.opaque=y',
              r'^d 0755 0:0 - i .* user\.overlay\.opaque=y',
              r'^- 0644 0:0 1 i/x ', absent=(r'^c ',)))
def whiteout_and_entry():
    return docker(tar(file("f", "x"), file(".wh.f"),
                      file(".wh.g"), file("g", "x"),
                      directory("d/"), file(".wh.d"),
                      file(".wh.e"), directory("e/"),
                      file(".wh.i"), file("i/x", "x")))


@case(*loaded(r'^d 0755 0:0 - o .* user\.overlay\.opaque=y',
              r'^- 0644 0:0 1 o/before ', r'^- 0644 0:0 1 o/after ',
              r'^d 0755 0:0 - late .* user\.overlay\.opaque=y'))
def opaque():
    return docker(tar(directory("o/"), file("o/before", "x"),
                      file("o/.wh..wh..opq"), file("o/after", "x"),
                      file("late/.wh..wh..opq"), directory("late/")))


@case(*loaded(r'^d 0755 0:0 - / .* user\.overlay\.opaque=y'))
def opaque_root():
    return docker(GOOD, tar(file(".wh..wh..opq"), file("x", "x")))


@case(*loaded(absent=(r'wh\.', r'plnk', r'aufs')))
def aufs_housekeeping():
    return docker(tar(file(".wh..wh.aufs"), directory(".wh..wh.plnk/"),
                      file(".wh..wh.plnk/1.2", "x")))


# ---- unusual, and fine ----

@case(*loaded(r'^- 0644 0:0 1 n{200}/m{200}/o{200} '))
def long_names():
    long = "n" * 200 + "/" + "m" * 200 + "/" + "o" * 200
    return docker(tar(header("././@LongLink", b"L", size=len(long) + 1,
                             magic=b"ustar  \0") +
                      padded(long.encode() + b"\0"),
                      file("n" * 100, "x", magic=b"ustar  \0")))


@case(*loaded(r'^- 0644 0:0 1 gr\\xc3\\xbc\\xc3\\x9fe '))
def name_utf8():
    return docker(tar(pax({"path": "gr\u00fc\u00dfe"}), file("x", "x")))


@case(*loaded(r'^- 0644 0:0 1 raw\\xff\\xfe '))
def name_not_utf8():
    return docker(tar(file(b"raw\xff\xfe", "x")))


@case(*loaded(r'^- 0644 0:0 1 line\\x0abreak '))
def name_with_newline():
    return docker(tar(file("line\nbreak", "x")))


@case(*loaded(r'^- 0644 65535:65535 1 f '))
def owner_highest():
    return docker(tar(file("f", "x", uid=65535, gid=65535)))


@case(*loaded(r'^d 0000 0:0 - locked ', r'^- 0000 0:0 1 locked/x '))
def modes_that_lock():
    return docker(tar(directory("locked/", mode=0),
                      file("locked/x", "x", mode=0)))


@case(*loaded(r'^d 0755 0:0 - / '))
def layer_without_entries():
    return docker(tar())


@case(*loaded(r'^d 0755 0:0 - / '))
def layer_without_bytes():
    return docker(b"")


@case(*loaded(r'^d 0711 3:4 - / '))
def root_entry():
    return docker(tar(directory("./", mode=0o711, uid=3, gid=4)))


@case(*loaded(r'^- 0644 0:0 5000000 s ', r'^- 0644 0:0 5000000 s .* sparse'))
def sparse_pax():
    # GNU 1.0: the map lies before the data
    data = b"d" * 512
    body = b"2\n4194304\n512\n5000000\n0\n"
    body = padded(body) + data
    return docker(tar(pax({"GNU.sparse.major": "1", "GNU.sparse.minor": "0",
                           "GNU.sparse.name": "s",
                           "GNU.sparse.realsize": "5000000"}),
                      file("GNUSparseFile.0/s", body)))


# what a careless unpacker would run or load from its new root
@case(*loaded(r'^- 0755 0:0 30 bin/tar ', r' etc/ld\.so\.preload '))
def helpers_of_its_own():
    evil = "#!/bin/sh\necho > /escaped-run\n"
    names = ["bin/tar", "bin/sh", "usr/bin/xz", "usr/bin/gzip",
             "usr/bin/unpigz", "lib/x86_64-linux-gnu/libc.so.6",
             "lib/x86_64-linux-gnu/libnss_files.so.2"]
    return docker(tar(*[file(n, evil, mode=0o755) for n in names],
                      file("etc/ld.so.preload", "/evil.so\n"),
                      file("etc/nsswitch.conf", "passwd: evil\n"),
                      file("etc/passwd", "x" * 10)))


@case(*loaded(r'^- 0644 0:0 22 etc/passwd '))
def same_layer_twice():
    return docker(GOOD, tar(file("x", "x")), GOOD)


# ---- bombs ----

@case(refused(r'200 times its size'))
def bomb_gzip():
    def zeros():
        yield header("f", size=256 << 20)
        for _ in range(256):
            yield b"\0" * (1 << 20)
        yield END
    return oci(*squeezed(zeros()), media=LAYER + "+gzip")


@case(refused(r'200 times its size'))
def bomb_after_end():
    def zeros():
        yield GOOD
        for _ in range(256):
            yield b"\0" * (1 << 20)
    return oci(*squeezed(zeros()), media=LAYER + "+gzip")


@case(refused(r'200 times its size'))
def bomb_outer():
    good = docker(GOOD)[:-len(END)]
    return gzip.compress(good + file("zeros", b"\0" * (128 << 20)) + END, 9)


def squeezed(parts):
    """(gzip, plain) where plain is only good for its digest."""
    h, out = hashlib.sha256(), io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9,
                       mtime=0) as g:
        for p in parts:
            h.update(p)
            g.write(p)
    return out.getvalue(), Hashed(h.hexdigest())


class Hashed(bytes):
    """Stands for a layer of which only the digest is kept."""
    def __new__(cls, hexdigest):
        self = super().__new__(cls)
        self.hex = hexdigest
        return self


plain_digest = digest


def digest(data):
    return "sha256:" + data.hex if isinstance(data, Hashed) else \
        plain_digest(data)


# ---- archives and documents ----

@case(*loaded(r'^- 0644 0:0 22 etc/passwd '))
def good_docker():
    return docker(GOOD)


@case(*loaded(r'^- 0644 0:0 22 etc/passwd '))
def good_oci():
    return oci(GOOD, GOOD)


@case(*loaded(r'^- 0644 0:0 22 etc/passwd '))
def good_gzip():
    return oci(gzip.compress(GOOD), GOOD, LAYER + "+gzip")


@case(*loaded(r'^- 0644 0:0 22 etc/passwd '))
def good_two_members():
    return oci(gzip.compress(GOOD[:700]) + gzip.compress(GOOD[700:]), GOOD,
               LAYER + "+gzip")


@case(*loaded(r'^- 0644 0:0 22 etc/passwd '))
def good_outer_gzip():
    return gzip.compress(docker(GOOD))


@case(refused(r'tampered'))
def digest_wrong():
    def alter(name, data):
        return data[:-1] + b"x" if len(data) == len(GOOD) else data
    return oci(GOOD, GOOD, alter=alter)


@case(refused(r'bytes, but \d+ are promised|bytes, but [0-9]+ are promised'))
def size_wrong():
    def change(m, c, top):
        m["layers"][0]["size"] += 512
    return oci(GOOD, GOOD, change=change)


@case(refused(r'tampered'))
def diff_id_wrong():
    return oci(gzip.compress(GOOD), GOOD + b"\0", LAYER + "+gzip")


@case(refused(r'tampered'))
def diff_id_wrong_plain():
    return docker(GOOD, config=config_of([GOOD + b"\0"]))


@case(refused(r'is not in it'))
def layer_missing():
    def alter(name, data):
        return None if data == GOOD else data
    return oci(GOOD, GOOD, alter=alter)


@case(refused(r'"0.tar" is not in the archive'))
def layer_missing_docker():
    return docker(GOOD, skip=("0.tar",))


@case(refused(r'"c.json" is not in the archive'))
def config_missing():
    return docker(GOOD, skip=("c.json",))


@case(refused(r'2 diff_ids for 1 layers'))
def diff_ids_too_many():
    return docker(GOOD, config=config_of([GOOD, GOOD]))


@case(refused(r'not in the archive|leaves|manifest'))
def layer_path_leaves():
    return docker(GOOD, manifest=[{"Config": "c.json", "RepoTags": None,
                                   "Layers": ["../../../../etc/passwd"]}])


@case(refused(r'not in the archive|manifest'))
def layer_is_a_link_out():
    return docker(GOOD, manifest=[{"Config": "c.json", "RepoTags": None,
                                   "Layers": ["l/layer.tar"]}],
                  extra=[symlink("l/layer.tar", "/etc/passwd")])


@case(refused(r'too many links'))
def layer_is_a_link_loop():
    return docker(GOOD, manifest=[{"Config": "c.json", "RepoTags": None,
                                   "Layers": ["a"]}],
                  extra=[symlink("a", "b"), symlink("b", "a")])


@case(refused(r'twice, with different content'))
def twins_that_differ():
    return docker(GOOD, extra=[file("0.tar", GOOD + END)])


@case(refused(r'no file, directory or link'))
def outer_device():
    return docker(GOOD, extra=[header("null", b"3", major=1, minor=3)])


@case(*loaded(r'^- 0644 0:0 22 etc/passwd '))
def outer_names_leave():
    # only keys of a table: nothing is ever called so
    return docker(GOOD, extra=[file("../escaped", "x"),
                               file(CANARY + "/escaped", "x")])


@case(refused(r'gzip.*not compressed|media type'))
def media_type_wrong():
    return oci(GOOD, GOOD, LAYER + "+gzip")


@case(refused(r'ends after'))
def junk_after_gzip():
    return oci(gzip.compress(GOOD) + b"hidden" * 100, GOOD, LAYER + "+gzip")


@case(refused(r'archive|truncated'))
def gzip_truncated():
    return oci(gzip.compress(GOOD)[:-30], GOOD, LAYER + "+gzip")


@case(refused(r'image name'))
def tag_hostile():
    return docker(GOOD, manifest=[{"Config": "c.json",
                                   "RepoTags": ["../../x\n:y"],
                                   "Layers": ["0.tar"]}])


@case(refused(r'both "manifests"'))
def manifest_and_index():
    def change(m, c, top):
        m["manifests"] = []
    return oci(GOOD, GOOD, change=change)


@case(refused(r'duplicate|twice'))
def json_keys_twice():
    def text(m):
        return json.dumps(m)[:-1].encode() + b',"layers":[]}'
    return oci(GOOD, GOOD, manifest_text=text)


@case(refused(r'duplicate|twice'))
def json_keys_twice_alike():
    def text(m):
        return json.dumps(m)[:-1].encode() + b',"layers":' + \
            json.dumps(m["layers"]).encode() + b'}'
    return oci(GOOD, GOOD, manifest_text=text)


@case(refused(r'manifest|trailing|after'))
def json_trailing():
    def text(m):
        return json.dumps(m).encode() + b'{"schemaVersion":2}'
    return oci(GOOD, GOOD, manifest_text=text)


@case(refused(r'larger than|4194304|4 MiB'))
def index_too_large():
    return oci(GOOD, GOOD, index=b'{"schemaVersion":2,"manifests":[]' +
               b" " * (5 << 20) + b"}")


@case(refused(r'digest'))
def digest_is_a_path():
    def change(m, c, top):
        m["layers"][0]["digest"] = "sha256:../../../../etc/passwd"
    return oci(GOOD, GOOD, change=change)


@case(refused(r'only sha256'))
def digest_sha512():
    def change(m, c, top):
        m["layers"][0]["digest"] = \
            "sha512:" + hashlib.sha512(GOOD).hexdigest()
    return oci(GOOD, GOOD, change=change)


@case(refused(r'no image|none for linux'))
def other_architecture():
    def change(m, c, top):
        top["platform"] = {"os": "linux", "architecture": "s390x"}
    return oci(GOOD, GOOD, change=change)


@case(refused(r'no image in it'))
def index_empty():
    return oci(GOOD, GOOD, index=b'{"schemaVersion":2,"manifests":[]}')


@case(refused(r'no image archive|archive'))
def not_an_archive():
    return b"this is not an archive\n" * 100


@case(refused(r'no image archive'))
def a_root_filesystem():
    return GOOD


@case(refused(r'no image archive|archive'))
def empty():
    return b""


@case(refused(r'archive'))
def outer_truncated():
    return docker(GOOD)[:2000]


# ---- what became of it ----

def shown(name):
    return "".join(chr(b) if 0x21 <= b <= 0x7e and b != 0x5c else
                   "\\x%02x" % b for b in name)


def line(path, name, first):
    st = os.lstat(path)
    kind = {0o10: "-", 0o04: "d", 0o12: "l", 0o02: "c", 0o06: "b",
            0o01: "p", 0o14: "s"}[st.st_mode >> 12]
    words = [kind, "%04o" % (st.st_mode & 0o7777),
             "%d:%d" % (st.st_uid - first, st.st_gid - first),
             "%d" % st.st_size if kind in "-l" else "-", shown(name)]
    if kind == "l":
        words += ["->", shown(os.readlink(path))]
        return " ".join(words)
    words += [""]
    if kind in "-d":
        words += ["%s=%s" % (x, shown(os.getxattr(path, x)))
                  for x in sorted(os.listxattr(path))]
    if kind == "-" and st.st_blocks * 512 < st.st_size:
        words.append("sparse")
    return " ".join(words)


def show(layers, first):
    for layer in sorted(os.listdir(layers.encode())):
        top = os.path.join(layers.encode(), layer, b"root")
        print(line(top, b"/", first))
        for where, dirs, files in os.walk(top):
            for name in sorted(dirs + files):
                path = os.path.join(where, name)
                print(line(path, os.path.relpath(path, top), first))


def main():
    if sys.argv[1:2] == ["list"]:
        for name, (_, expectations) in CASES.items():
            for verdict, ere in expectations:
                print(name, verdict, ere, sep="\t")
    elif sys.argv[1:2] == ["make"] and len(sys.argv) > 2:
        for name in sys.argv[3:] or CASES:
            with open(os.path.join(sys.argv[2], name + ".tar"), "wb") as f:
                f.write(CASES[name][0]())
    elif sys.argv[1:2] == ["wrap"] and len(sys.argv) > 3:
        layers = []
        for name in sys.argv[3:]:
            with open(name, "rb") as f:
                layers.append(f.read())
        with open(sys.argv[2], "wb") as f:
            f.write(docker(*layers, manifest=[{
                "Config": "c.json", "RepoTags": ["wrapped:1"],
                "Layers": ["%d.tar" % i for i in range(len(layers))]}]))
    elif sys.argv[1:2] == ["show"] and len(sys.argv) == 4:
        show(sys.argv[2], int(sys.argv[3]))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
