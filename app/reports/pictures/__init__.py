"""The pictures of frozen documents: values with words of a language, drawn for mail, page, paper and download."""

from app.reports.pictures.forms import (
    downloads,
    frozen_at,
    mail_picture,
    page_picture,
    page_pictures,
    print_picture,
    print_pictures,
)
from app.reports.pictures.kinds import Drawing, Kind, MailPicture, PagePicture, PrintPicture
from app.reports.pictures.scorecard import drawings

__all__ = [
    "Drawing",
    "Kind",
    "MailPicture",
    "PagePicture",
    "PrintPicture",
    "downloads",
    "drawings",
    "frozen_at",
    "mail_picture",
    "page_picture",
    "page_pictures",
    "print_picture",
    "print_pictures",
]
