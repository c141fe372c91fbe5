#!/usr/bin/env python3
"""image.py - runnable images with something hostile in them: one busybox, our
payloads, and what the words add. A docker-archive, as tests/lib/mktar.py
writes it.

    image.py OUT PROGRAMS [WORD…]    PROGRAMS holds bin/ and pay/

config.KEY=JSON   a key of the config's "config"      top.KEY=JSON  beside it
link:PATH=TO  hard:PATH=TO  file:PATH=TEXT  fifo:PATH  char:PATH  big:PATH=SIZE
dir:PATH  suid:PATH   entries of a second layer; \\n and \\x.. are understood
xattr:PATH=NAME       a file with an attribute
next                  begins another layer
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "lib"))
sys.dont_write_bytecode = True
import mktar  # noqa: E402


def base(programs):
    entries = [mktar.directory(d + "/") for d in
               ("bin", "pay", "etc", "mnt", "root", "proc", "sys", "dev")]
    entries.append(mktar.directory("tmp/", mode=0o1777))
    for name in sorted(os.listdir(programs + "/bin")):
        path = programs + "/bin/" + name
        if os.path.islink(path):
            entries.append(mktar.symlink("bin/" + name, os.readlink(path)))
        else:
            with open(path, "rb") as f:
                entries.append(mktar.file("bin/" + name, f.read(),
                                          mode=0o755))
    with open(programs + "/pay/fds", "rb") as f:
        entries.append(mktar.file("pay/fds", f.read(), mode=0o755))
    entries.append(mktar.file("etc/passwd",
                              "root:x:0:0::/root:/bin/sh\n"
                              "user:x:1000:1000::/tmp:/bin/sh\n"))
    entries.append(mktar.file("etc/group", "root:x:0:\nuser:x:1000:\n"))
    return mktar.tar(*entries)


def entry(kind, path, value):
    text = value.encode().decode("unicode_escape").encode("latin-1")
    if kind == "link":
        return mktar.symlink(path, value)
    if kind == "hard":
        return mktar.hard(path, value)
    if kind == "dir":
        return mktar.directory(path + "/", mode=0o777)
    if kind == "fifo":
        return mktar.header(path, b"6", mode=0o666)
    if kind == "char":
        return mktar.header(path, b"3", mode=0o666, major=1, minor=5)
    if kind == "big":
        return mktar.file(path, b"x" * int(value))
    if kind == "suid":
        return mktar.file(path, b"#!/bin/sh\n", mode=0o6755)
    if kind == "xattr":
        return mktar.pax({"SCHILY.xattr." + value: b"\1\0\0\2" + b"\xff" * 16}
                         ) + mktar.file(path, b"x", mode=0o755)
    if kind == "file":
        return mktar.file(path, text, mode=0o755)
    sys.exit(__doc__)


def main():
    out, programs = sys.argv[1:3]
    layers, entries, inner, top = [base(programs)], [], {}, {}
    for word in sys.argv[3:]:
        if word == "next":
            layers.append(mktar.tar(*entries))
            entries = []
        elif word.startswith("config."):
            key, value = word[7:].split("=", 1)
            inner[key] = json.loads(value)
        elif word.startswith("top."):
            key, value = word[4:].split("=", 1)
            top[key] = json.loads(value)
        else:
            kind, rest = word.split(":", 1)
            path, _, value = rest.partition("=")
            entries.append(entry(kind, path, value))
    if entries:
        layers.append(mktar.tar(*entries))
    config = mktar.config_of(layers, config=inner, **top)
    with open(out, "wb") as f:
        f.write(mktar.docker(*layers, config=config))


if __name__ == "__main__":
    main()
