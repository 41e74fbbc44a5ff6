"""The addresses that stand in mails. Tokens are made when the mail is composed; no table ever holds one."""

from dataclasses import dataclass
from urllib.parse import quote

from app.foundations.crypto import Keys
from app.mail.content import SurveyLinks

SURVEY = "survey"  # purposes of tokens, see Keys.token
SIGN_IN = "sign-in"


@dataclass(frozen=True, kw_only=True)
class Links:
    """Makes addresses of this installation; built at the edges from Settings."""

    base_url: str
    keys: Keys

    def survey(self, public_id: bytes, language: str) -> SurveyLinks:
        """Return the addresses of the invitation with this public id, the same ones every time."""
        return SurveyLinks(page=f"{self.base_url}/s/{self.keys.token(SURVEY, public_id)}", language=language)

    def scorecard(self, period: str, code: str) -> str:
        """Return the page of a department's scorecard."""
        return f"{self.base_url}/scorecards/{period}/{quote(code, safe='')}"

    def contacts(self) -> str:
        """Return the page on which a head finds who asked to be contacted."""
        return f"{self.base_url}/contacts"

    def methods(self) -> str:
        """Return the page that explains how the figures come about."""
        return f"{self.base_url}/methods"

    def sign_in(self, public_id: bytes) -> str:
        """Return the page whose button uses up a sign-in link (stored by the hash of its token)."""
        return f"{self.base_url}/sign-in/{self.sign_in_token(public_id)}"

    def sign_in_token(self, public_id: bytes) -> str:
        """Return the token of a sign-in link, the same one every time."""
        return self.keys.token(SIGN_IN, public_id)
