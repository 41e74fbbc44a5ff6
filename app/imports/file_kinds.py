"""What a file is that is no table, by its first bytes: a picture is called a picture, not text in a wrong encoding."""

from app.foundations.languages import gettext

#: https://www.iana.org/assignments/media-types: the first bytes that the formats' own specifications ask for.
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"%PDF-": "PDF",
    b"{\\rtf": "RTF",
    b"\x7fELF": "ELF",
    b"MZ\x90": "EXE",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "RAR",
    b"SQLite format 3\x00": "SQLite",
    b"\x00\x00\x01\x00": "ICO",
}
LOOKED_AT = 16  # bytes


def no_table(start: bytes) -> str:
    """Say what a file with these first bytes is, where it is no table for sure; '' else."""
    found = next((kind for signature, kind in _SIGNATURES.items() if start.startswith(signature)), "")
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        found = "WebP"
    return gettext("this is a file of the kind %(kind)s, not a table; send CSV or XLSX", kind=found) if found else ""
