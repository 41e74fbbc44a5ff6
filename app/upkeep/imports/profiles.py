"""Saved mappings of imports, by name."""

import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundations.languages import gettext
from app.imports.faults import OptionRefused
from app.imports.mapping import Mapping
from app.models.connections import ImportProfile


def find_profile(session: Session, name: str) -> Mapping:
    """Return the mapping saved under `name`; raise OptionRefused where there is none."""
    profile = session.get(ImportProfile, name)
    if profile is None:
        raise OptionRefused(gettext("there is no profile '%(name)s'; --save-profile keeps one", name=name))
    return Mapping.from_json(json.dumps(profile.mapping))


def save_profile(session: Session, name: str, kind: str, mapping: Mapping, *, now: datetime) -> None:
    """Keep the mapping under `name`, in place of another one of that name."""
    session.merge(ImportProfile(name=name, kind=kind, mapping=json.loads(mapping.to_json()), created_at=now))


def profile_names(session: Session) -> list[str]:
    """Return the names of all profiles, sorted."""
    return list(session.scalars(select(ImportProfile.name).order_by(ImportProfile.name)))
