"""`python -m tests.mail.approve`: write the approved mails anew. Read what changed before you commit it."""

from pathlib import Path

from tests.mail.samples import LANGUAGES, MESSAGES, sample

APPROVED = Path(__file__).parent / "approved"


def texts(message: str, language: str) -> dict[str, str]:
    """Return both parts as they stand in files, by suffix; the subject heads the text."""
    mail = sample(message, language)
    return {"txt": f"{mail.subject}\n\n{mail.text}", "html": mail.html.replace("><", ">\n<")}


def main() -> None:
    """Write every approved file."""
    APPROVED.mkdir(exist_ok=True)
    for message in MESSAGES:
        for language in LANGUAGES:
            for suffix, text in texts(message, language).items():
                (APPROVED / f"{message}.{language}.{suffix}").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
