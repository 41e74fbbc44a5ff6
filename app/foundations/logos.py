"""A picture that somebody sent becomes our own small PNG: nothing of the file it came in is kept."""

import warnings
from io import BytesIO

from PIL import Image, UnidentifiedImageError

LARGEST_FILE = 100 * 1024  # bytes
LARGEST_SIDE = 2048  # pixels, of what was sent
SIZE = (320, 56)  # twice what it is shown at
LARGEST_LOGO = 24 * 1024  # bytes: a survey page with everything stays below 60 kB


class UnusableLogo(ValueError):
    """The file is no PNG that can be shown small; the message is a word for why: `kind`, `side` or `weight`."""


def redrawn(content: bytes) -> bytes:
    """Return the picture as a PNG of at most 320 by 56 pixels. Raises UnusableLogo."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(content), formats=["PNG"])
        if max(picture.size) > LARGEST_SIDE:
            raise UnusableLogo("side")
        picture.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise UnusableLogo("side") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, UnusableLogo):
            raise
        raise UnusableLogo("kind") from error
    small = picture.convert("RGBA")
    small.thumbnail(SIZE)
    written = BytesIO()
    small.save(written, "PNG", optimize=True)
    if written.tell() > LARGEST_LOGO:
        raise UnusableLogo("weight")
    return written.getvalue()
