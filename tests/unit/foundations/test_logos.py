"""Files that no logo can be are refused with a word for why."""

import struct
import zlib

import pytest

from app.foundations.logos import UnusableLogo, redrawn


def picture_of(side: int) -> bytes:
    """Return the beginning of a PNG that says it is this large, and holds nothing."""
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [(picture_of(30_000), "side"), (picture_of(12_000), "side"), (picture_of(3_000), "side"), (b"GIF89a", "kind")],
)
def test_it_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(UnusableLogo, match=why):
        redrawn(content)
