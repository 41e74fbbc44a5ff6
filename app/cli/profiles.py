"""Saved mappings of imports, by name."""

import json
from datetime import datetime

from sqlalchemy.orm import Session

from app.cli.sessions import reading_transaction
from app.foundations.languages import gettext
from app.imports.mapping import Mapping, OptionRefused
from app.models.connections import ImportProfile


def find_profile(name: str) -> Mapping:
    """Return the mapping saved under `name`; raise OptionRefused where there is none."""
    with reading_transaction() as session:
        profile = session.get(ImportProfile, name)
        if profile is None:
            raise OptionRefused(gettext("there is no profile '%(name)s'; --save-profile keeps one", name=name))
        return Mapping.from_json(json.dumps(profile.mapping))


def save_profile(session: Session, name: str, kind: str, mapping: Mapping, *, now: datetime) -> None:
    """Keep the mapping under `name`, in place of another one of that name."""
    session.merge(ImportProfile(name=name, kind=kind, mapping=json.loads(mapping.to_json()), created_at=now))
