"""Jira: Cloud, Data Center and Service Management (docs/connectors/jira.md)."""

from app.connectors.atlassian import SITE_SETTINGS
from app.connectors.connector import Connector, Setting, Shape
from app.connectors.signatures import make_secret
from app.connectors.trackers.jira import asking, signatures
from app.connectors.trackers.jira.reading import read
from app.domain.states import ConnectionSide
from app.foundations.languages import mark

_SETTINGS = (
    *SITE_SETTINGS,
    Setting(
        name="secret", meaning=mark("the hook's secret, where you made the hook yourself"), secret=True, signs=True
    ),
    Setting(name="browse_url", meaning=mark("the address that people open issues at, where it is not base_url")),
    Setting(name="department_field", meaning=mark("the field that names the provider department")),
    Setting(name="requester_field", meaning=mark("the field that names who asked, where that is not the reporter")),
    Setting(name="request_type_field", meaning=mark("the field Request Type of Service Management")),
    Setting(name="sla_field", meaning=mark("the field of the service level that counts, or its number")),
    Setting(name="not_delivered_resolutions", meaning=mark("resolutions, by id or name, that deliver nothing")),
    Setting(name="not_delivered_statuses", meaning=mark("done statuses, by id or name, that deliver nothing")),
    Setting(
        name="ignore_created_done",
        meaning=mark("true: an issue created in a done status does not count"),
        shape=Shape.FLAG,
    ),
    Setting(name="always_fetch", meaning=mark("true: ask Jira before a webhook counts"), shape=Shape.FLAG),
    Setting(
        name="unsigned",
        meaning=mark("true: this server cannot sign; the address is the only key, Jira is asked"),
        shape=Shape.FLAG,
    ),
    Setting(
        name="basic_auth",
        meaning=mark("user:password that the webhook sends, instead of a signature"),
        secret=True,
        proves=True,
    ),
    Setting(
        name="client_secret", meaning=mark("the client secret of an app that has the webhook"), secret=True, proves=True
    ),
)

CONNECTOR = Connector(
    kind="jira",
    side=ConnectionSide.TRACKER,
    settings=_SETTINGS,
    read=read,
    verify=signatures.verify,
    judge_age=signatures.judge_age,
    delivery_key=signatures.delivery_key,
    make_secret=make_secret,
    check=asking.check,
    fetch=asking.fetch,
    fill_in=asking.fill_in,
    find_requester=asking.find_requester,
    find_requester_of=asking.find_requester_of,
    register=asking.register,
    look_after=asking.look_after,
    poll=asking.poll,
)
