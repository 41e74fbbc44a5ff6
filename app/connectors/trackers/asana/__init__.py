"""Asana: the tasks of one project. Deliveries name them, a GET tells what became of them."""

from app.connectors.connector import Connector, Setting, Shape
from app.connectors.signatures import body_hash
from app.connectors.trackers.asana.calling import fetch, find_requester, poll
from app.connectors.trackers.asana.reading import greet, is_heartbeat, read, verify
from app.connectors.trackers.asana.registering import check, look_after, register
from app.domain.states import ConnectionSide
from app.foundations.languages import mark

SETTINGS = (
    Setting(
        name="token", meaning=mark("a personal access token, or that of a service account"), needed=True, secret=True
    ),
    Setting(name="project_id", meaning=mark("the project: the long number in its address"), needed=True),
    Setting(name="subtasks", meaning=mark("true: subtasks count, too"), shape=Shape.FLAG),
    Setting(name="milestones", meaning=mark("true: milestones count, too"), shape=Shape.FLAG),
    Setting(name="separators", meaning=mark("true: tasks that only separate others count, too"), shape=Shape.FLAG),
    Setting(name="requester_field_id", meaning=mark("the id of the custom field that names who asked")),
    Setting(name="requester_label", meaning=mark("how the line begins that holds the address of who asked")),
    Setting(name="department_field_id", meaning=mark("the id of the custom field that names the department")),
    Setting(name="bot_ids", meaning=mark("the ids of users whose tasks come from forms or programs")),
    Setting(name="base_url", meaning=mark("another address of the API, for a gateway of your own")),
)

CONNECTOR = Connector(
    kind="asana",
    side=ConnectionSide.TRACKER,
    settings=SETTINGS,
    read=read,
    greet=greet,
    verify=verify,
    is_heartbeat=is_heartbeat,
    delivery_key=lambda hook: body_hash(hook.body),  # Asana gives deliveries no id
    check=check,
    fetch=fetch,
    find_requester=find_requester,
    register=register,
    look_after=look_after,
    poll=poll,
)
