#!/usr/bin/env bash
# pillow==13.0.0, numpy==2.4.6; Python 3.11, Linux
#
# Opens PNG files of 16 bits per channel, one grey and one of colour, all of the level 30,000 of
# 65,535, and turns both into RGB of 8 bits.
# A good guess: both keep their 16 bits when they are opened, and become 30,000 / 257, about 117.
# What happens: the file of colour is opened as bytes, the upper ones, without a warning, so that no
# program that looks at `mode` notices; the grey one is opened with 16 bits, and `convert("RGB")`
# does not scale but clips it: every level above 255 becomes white.
#
# Output seen:
#   colour: opened as RGB, 117; RGB 117
#   grey: opened as I;16, 30000; RGB 255
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pillow==13.0.0 numpy==2.4.6
cd "$folder"
"$folder/venv/bin/python" -W error - > output <<'PYTHON'
import io
import struct
import zlib

import numpy as np
from PIL import Image


def png(levels, kind):
    def chunk(name, content):
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    height, width = levels.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in levels)
    head = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


for name, shape, kind in (("colour", (2, 2, 3), 2), ("grey", (2, 2), 0)):
    image = Image.open(io.BytesIO(png(np.full(shape, 30_000), kind)))
    opened = np.asarray(image).max()
    print(f"{name}: opened as {image.mode}, {opened}; RGB {np.asarray(image.convert('RGB')).max()}")
PYTHON
cat output
diff output - <<'EXPECTED'
colour: opened as RGB, 117; RGB 117
grey: opened as I;16, 30000; RGB 255
EXPECTED
