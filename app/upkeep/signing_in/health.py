"""Whether the identity provider that the settings name can be used, for the doctor."""

from collections.abc import Iterator
from datetime import datetime

from app.foundations.http import Client, Doors
from app.foundations.languages import gettext
from app.foundations.oidc import IdentityProvider, ProviderIsAway
from app.settings import Settings


def findings(settings: Settings, *, now: datetime) -> Iterator[str]:
    """Ask the provider for its description, as a sign-in does first; yield what is wrong with it."""
    if not settings.oidc.issuer:
        return
    client = Client(Doors(frozenset(settings.private_hosts)), certificates=settings.http_certificates)
    provider = IdentityProvider(settings.oidc, client, settings.base_url)
    try:
        provider.start(now=now)
        says_so = provider.says_what_is_verified(now=now)
    except ProviderIsAway as trouble:
        yield gettext("The identity provider cannot be used: %(trouble)s", trouble=trouble)
        return
    if says_so and settings.oidc.trusts_addresses:
        yield gettext(
            "PARITY_OIDC_TRUST_EMAIL is on, and the identity provider says by itself which addresses are verified:"
            " take the setting out"
        )
