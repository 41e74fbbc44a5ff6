"""Where the pictures of the documentation are kept, and how small."""

import io
import shutil
import subprocess
from pathlib import Path

from PIL import Image

PICTURES = Path("docs/pictures")
LARGEST = 300_000  # bytes


def keep(name: str, content: bytes) -> None:
    """Keep a picture with as many of 256 colours as fit. Raises ValueError when even 32 do not."""
    whole = Image.open(io.BytesIO(content)).convert("RGB")
    for colours in (256, 128, 64, 32):
        small = io.BytesIO()
        whole.quantize(colours, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
        if small.tell() <= LARGEST:
            (PICTURES / f"{name}.png").write_bytes(small.getvalue())
            print(f"{name}.png {small.tell() // 1000} kB, {colours} colours")
            return
    raise ValueError(f"{name} stays above {LARGEST} bytes")


def keep_first_page(name: str, pdf: bytes) -> None:
    """Keep the first page of a PDF; needs poppler's pdftoppm, without which the old picture stays."""
    program = shutil.which("pdftoppm")
    if program is None:
        print(f"{name}: pdftoppm is missing (apt-get install poppler-utils); the old picture stays")
        return
    command = [program, "-png", "-r", "110", "-f", "1", "-l", "1", "-"]
    keep(name, subprocess.run(command, input=pdf, stdout=subprocess.PIPE, check=True).stdout)
