"""A mail as a value: what is said, before anybody thinks of how it travels."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Inline:
    """A picture shown inside the HTML part, which names it `cid:<name>`."""

    name: str
    content: bytes
    subtype: str = "png"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file to keep."""

    filename: str
    content: bytes
    maintype: str = "application"
    subtype: str = "pdf"


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail in one language: the text part says all that the HTML part says."""

    message: str  # its name: the folder of its templates
    language: str
    subject: str
    text: str
    html_pieces: tuple[str, ...]  # together the page, see Rendered
    inline: tuple[Inline, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    unsubscribe: str = ""  # the https address that takes the one-click POST of RFC 8058

    @property
    def html(self) -> str:
        """The HTML part."""
        return "".join(self.html_pieces)
