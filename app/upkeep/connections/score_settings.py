"""What a source says of its scores must name things that exist, or no score of it could ever be recorded."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.instruments import item_named
from app.foundations.languages import gettext, mark
from app.models.departments import TouchpointWeight
from app.models.instruments import known_instruments
from app.upkeep.connections.settings import SettingRefused

PLACE = ("touchpoint", "instrument", "dimension")
LAYERS = ("surveys", "questions")


def require_known(session: Session, settings: Mapping[str, Any]) -> None:
    """Refuse instruments and items that are not known here, and words that mean nothing. Raises SettingRefused."""
    instruments = known_instruments(session)
    for where, layer in _layers(settings):
        name, item = layer.get("instrument"), layer.get("dimension")
        if name is not None and not (isinstance(name, str) and name in instruments):
            told = gettext("'%(name)s' is not known", name=str(name)[:80])
            setting = where.partition(":")[0] or "instrument"
            raise SettingRefused(f"{where or 'instrument'}: {told}", setting, mend="instruments")
        if item is not None and (not isinstance(item, str) or item_named(item) is None):
            sentence = gettext("the setting dimension says '%(name)s', which is no item", name=str(item)[:80])
            raise SettingRefused(f"{where}: {sentence}" if where else sentence, where.partition(":")[0] or "dimension")


def _layers(settings: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "", {name: settings.get(name) for name in PLACE}
    for name in LAYERS:
        for key, layer in (settings.get(name) or {}).items():
            if not isinstance(layer, dict) or (strange := sorted(set(layer) - set(PLACE))):
                told = strange[0] if isinstance(layer, dict) else str(layer)[:40]
                sentence = mark("%(name)s: '%(key)s' may have touchpoint, instrument and dimension, not '%(word)s'")
                raise SettingRefused(gettext(sentence, name=name, key=key, word=told), name)
            yield f"{name}: '{key}'", layer


def touchpoints_without_department(session: Session, settings: Mapping[str, Any]) -> list[str]:
    """Return the touchpoints in a source's settings that no department counts: their scores stand on no scorecard."""
    named = [layer.get("touchpoint") for _, layer in _layers(settings)]
    named += (settings.get("touchpoints") or {}).values()
    counted = set(session.scalars(select(TouchpointWeight.touchpoint).distinct()))
    return sorted({one for one in named if isinstance(one, str)} - counted)
