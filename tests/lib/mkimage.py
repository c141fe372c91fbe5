"""mkimage.py ROOT.tar NAME:TAG FILE - an image of one layer, as `docker save`
writes it: for the engines that we are compared with."""
import hashlib
import io
import json
import platform
import sys
import tarfile

layer = open(sys.argv[1], "rb").read()
config = json.dumps({
    "architecture": platform.machine().replace("x86_64", "amd64")
    .replace("aarch64", "arm64"), "os": "linux",
    "config": {"Env": ["PATH=/usr/bin:/bin"], "Cmd": ["/bin/sh"]},
    "rootfs": {"type": "layers", "diff_ids": [
        "sha256:" + hashlib.sha256(layer).hexdigest()]},
}).encode()
name = hashlib.sha256(config).hexdigest() + ".json"
manifest = json.dumps([{"Config": name, "RepoTags": [sys.argv[2]],
                        "Layers": ["0/layer.tar"]}]).encode()
with tarfile.open(sys.argv[3], "w") as out:
    for path, data in ((name, config), ("0/layer.tar", layer),
                       ("manifest.json", manifest)):
        entry = tarfile.TarInfo(path)
        entry.size = len(data)
        out.addfile(entry, io.BytesIO(data))
