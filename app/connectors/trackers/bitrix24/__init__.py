"""Bitrix24: events name a task and nothing else; the REST API tells the rest (docs/connectors/bitrix24.md)."""

from datetime import timedelta

from app.connectors.connector import Connector, Setting, Shape
from app.connectors.trackers.bitrix24.asking import check, fetch, fill_in, find_requester, poll
from app.connectors.trackers.bitrix24.events import delivery_key, read, scrub, verify
from app.domain.states import ConnectionSide
from app.foundations.languages import mark

CONNECTOR = Connector(
    kind="bitrix24",
    side=ConnectionSide.TRACKER,
    settings=(
        Setting(
            name="webhook_url",
            meaning=mark("the address of the incoming webhook: https://…/rest/1/…/"),
            needed=True,
            secret=True,
        ),
        Setting(name="application_token", meaning=mark("the token of the outgoing webhook"), signs=True),
        Setting(name="member_id", meaning=mark("the portal's member_id, if events of others must be refused")),
        Setting(name="groups", meaning=mark("numbers of the work groups to poll; all where it is empty")),
        Setting(name="department_field", meaning=mark("the task field that names the department: UF_…")),
        Setting(
            name="crm_requesters",
            meaning=mark("true where the contact of the CRM asked, not the creator"),
            shape=Shape.FLAG,
        ),
        Setting(name="include_external", meaning=mark("true to ask mail and extranet users too"), shape=Shape.FLAG),
        Setting(name="self_assigned", meaning=mark("true to count tasks that people set themselves"), shape=Shape.FLAG),
    ),
    read=read,
    verify=verify,
    delivery_key=delivery_key,
    scrub=scrub,
    check=check,
    fetch=fetch,
    fill_in=fill_in,
    find_requester=find_requester,
    poll=poll,
    # Bitrix24 sends every event once and never again: the poll is what loses nothing.
    poll_every=timedelta(minutes=5),
)
