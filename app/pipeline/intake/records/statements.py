"""The set-based statements of an import, written from the columns that its table gives.

In all of them `s` is a staged or planned row, `r` the stored request, `c` its running cycle.
"""

from collections.abc import Iterable

from app.models.service_requests import FORGOTTEN

# A newer report replaces these, an older one only fills what is unknown; an empty cell clears the first group.
_CLEARED = ("title", "url", "request_type", "status", "first_response_at", "due_at", "on_time")
_NEVER_EMPTY = ("requester_kind", "reopened_count", "reassignment_count", "created_at")

_RANK = "CASE {} WHEN 'open' THEN 0 WHEN 'done' THEN 1 ELSE 2 END"
_IS_NEWEST = "(r.id IS NULL OR s.at >= r.updated_at)"
_STAYS_FORGOTTEN = "(r.forgotten_at IS NOT NULL AND s.at <= r.updated_at)"
# The same rule as app.domain.service_requests.transition: (moment, rank of the state) must be later.
# A row without a state (its table does not speak of completion) tells none.
_IS_TOLD = (
    "(s.state IS NOT NULL AND (r.id IS NULL OR s.at > r.state_at OR "
    f"(s.at = r.state_at AND {_RANK.format('s.state')} > {_RANK.format('r.state')})))"
)
_CHANGE = f"""CASE
    WHEN NOT {_IS_TOLD} THEN 'nothing'
    WHEN s.state = 'done' AND COALESCE(r.state, 'open') <> 'done' THEN 'completes'
    WHEN s.state = 'open' AND r.state = 'done' THEN 'reopens'
    ELSE 'nothing' END"""

_HISTORY = """(
    SELECT v.department_id FROM person_versions v
    WHERE v.person_id = {person} AND v.valid_from <= {moment} ORDER BY v.valid_from DESC LIMIT 1)"""

ADD_PEOPLE_BY_ADDRESS = """
    INSERT INTO people (email)
    SELECT DISTINCT requester_email FROM staged_requests WHERE requester_email IS NOT NULL
    ON CONFLICT DO NOTHING"""
ADD_PEOPLE_BY_KEY = """
    INSERT INTO people (source, source_key)
    SELECT DISTINCT CAST(:slug AS VARCHAR), requester_key FROM staged_requests WHERE requester_key IS NOT NULL
    ON CONFLICT DO NOTHING"""

NAMES = """
    SELECT provider FROM staged_requests WHERE provider IS NOT NULL
    UNION SELECT requester_department FROM staged_requests WHERE requester_department IS NOT NULL"""
NAME_DEPARTMENTS = "CREATE TEMPORARY TABLE named_departments (name VARCHAR PRIMARY KEY, department_id INTEGER NOT NULL)"
NAME_DEPARTMENT = "INSERT INTO named_departments (name, department_id) VALUES (:name, :department_id)"


def _new(column: str, source: str | None = None) -> str:
    """Return what `column` of the request becomes."""
    told = f"s.{source or column}"
    taken = f"CASE WHEN {_IS_NEWEST} OR r.{column} IS NULL THEN {told} ELSE r.{column} END"
    clears = column in _CLEARED or column in {"provider_department_id", "raw_department"}
    learned = taken if clears else f"COALESCE({taken}, r.{column})"
    return f"CASE WHEN {_STAYS_FORGOTTEN} THEN NULL ELSE {learned} END" if column in FORGOTTEN else learned


def _taken_over(given: frozenset[str]) -> dict[str, str]:
    """Return the request's columns that the table's columns decide, with what they become."""
    values = {column: _new(column) for column in (*_CLEARED, *_NEVER_EMPTY) if column in given}
    values["provider_department_id"] = _new("provider_department_id", "provider_id")
    values["raw_department"] = _new("raw_department")
    values["requester_id"] = _new("requester_id", "person_id")
    if "requester_department" in given:
        values["requester_department_id"] = _new("requester_department_id", "requester_department_id")
    return values


def plan(given: frozenset[str]) -> str:
    """Compare every staged row with what is stored: is it new, newest, changed, and does it complete or reopen."""
    return f"""
    CREATE TEMPORARY TABLE planned_requests AS
    SELECT s.*, {_change_test(given)} AS is_changed FROM (
        SELECT s.*, COALESCE(s.state, r.state) AS stands,
            r.id AS request_id, r.provider_department_id AS old_provider_id, r.state AS old_state,
            p.department_id AS provider_id, q.department_id AS requester_department_id,
            COALESCE(e.id, k.id) AS person_id, {_IS_NEWEST} AS is_newest, {_IS_TOLD} AS is_told, {_CHANGE} AS change
        FROM staged_requests s
        LEFT JOIN service_requests r ON r.tracker_id = :tracker AND r.external_id = s.external_id
        LEFT JOIN people e ON e.email = s.requester_email
        LEFT JOIN people k ON k.source = :slug AND k.source_key = s.requester_key
        LEFT JOIN named_departments p ON p.name = s.provider
        LEFT JOIN named_departments q ON q.name = s.requester_department
    ) s
    LEFT JOIN service_requests r ON r.id = s.request_id
    LEFT JOIN request_cycles c ON c.request_id = r.id AND c.undone_at IS NULL AND c.decided_at IS NULL"""  # noqa: S608 - parts of this module


def _change_test(given: frozenset[str]) -> str:
    tests = ["s.change <> 'nothing'"]
    if "updated_at" in given:
        tests.append("s.at > r.updated_at")
    for column, value in _taken_over(given).items():
        if column == "raw_department":  # PostgreSQL compares no JSON
            tests.append(f"CAST({value} AS VARCHAR) IS DISTINCT FROM CAST(r.raw_department AS VARCHAR)")
        else:
            tests.append(f"{value} IS DISTINCT FROM r.{column}")
    if "resolution" in given:
        tests.append("s.is_newest AND s.stands = 'done' AND s.resolution <> c.resolution")
    return f"(r.id IS NOT NULL AND ({' OR '.join(tests)}))"


def frozen_differences(given: frozenset[str]) -> str:
    """Find newest rows that say something else about a running completion than was frozen with it."""
    tests = {"provider_department": _frozen("provider_department_id", "s.provider_id")}
    if "request_type" in given:
        tests["request_type"] = _frozen("request_type", "s.request_type")
    if "requester_department" in given:
        history = _HISTORY.format(person="r.requester_id", moment="c.completed_at")
        tests["requester_department"] = (
            "s.requester_department_id IS DISTINCT FROM r.requester_department_id AND "
            + _frozen("requester_department_id", f"COALESCE({history}, s.requester_department_id)")
        )
    if given & {"on_time", "due_at"}:
        on_time = "s.on_time" if "on_time" in given else "r.on_time"
        due = "s.due_at" if "due_at" in given else "r.due_at"
        tests["on_time"] = _frozen("on_time", _on_time(on_time, due, "c.completed_at"))
    columns = ", ".join(f"({test}) AS {name}_differs" for name, test in tests.items())
    return f"""
    SELECT * FROM (
        SELECT s.line, c.completed_at AS frozen_at, {columns}
        FROM planned_requests s
        JOIN service_requests r ON r.id = s.request_id
        JOIN request_cycles c ON c.request_id = r.id AND c.undone_at IS NULL
        WHERE s.stands = 'done' AND s.change = 'nothing' AND s.is_newest AND s.old_state = 'done'
    ) found WHERE {" OR ".join(f"{name}_differs" for name in tests)} ORDER BY line"""  # noqa: S608


def _frozen(column: str, told: str) -> str:
    """Tell whether something else is told than a completion froze; what it did not know may be told later."""
    return f"c.{column} IS NOT NULL AND {told} IS DISTINCT FROM c.{column}"


def _on_time(on_time: str, due: str, completed: str) -> str:
    """As app.domain.service_requests.was_on_time."""
    return f"CASE WHEN {on_time} IS NOT NULL THEN {on_time} WHEN {due} IS NULL THEN NULL ELSE {completed} <= {due} END"


FORGET_LINE = "DELETE FROM planned_requests WHERE line = :line"

COUNT = """
    SELECT COUNT(*) AS rows,
        COALESCE(SUM(CASE WHEN request_id IS NULL THEN 1 ELSE 0 END), 0) AS new,
        COALESCE(SUM(CASE WHEN is_changed THEN 1 ELSE 0 END), 0) AS changed,
        COALESCE(SUM(CASE WHEN change = 'completes' THEN 1 ELSE 0 END), 0) AS completed,
        COALESCE(SUM(CASE WHEN change = 'reopens' THEN 1 ELSE 0 END), 0) AS reopened,
        COALESCE(SUM(CASE WHEN provider_id IS NULL THEN 1 ELSE 0 END), 0) AS provider_unknown
    FROM planned_requests"""

UNKNOWN_PROVIDERS = """
    SELECT provider, COUNT(*) AS rows FROM planned_requests
    WHERE provider_id IS NULL AND provider IS NOT NULL GROUP BY provider ORDER BY COUNT(*) DESC, provider"""

# Read before the cycles are written: undone completions count where they stood.
MARKS = """
    SELECT provider_id AS department_id, created_period AS period FROM planned_requests
        WHERE (request_id IS NULL OR is_changed) AND provider_id IS NOT NULL
    UNION SELECT old_provider_id, created_period FROM planned_requests
        WHERE is_changed AND old_provider_id IS NOT NULL
    UNION SELECT provider_id, period FROM planned_requests
        WHERE change = 'completes' AND provider_id IS NOT NULL
    UNION SELECT old_provider_id, period FROM planned_requests
        WHERE change = 'completes' AND old_provider_id IS NOT NULL
    UNION SELECT c.provider_department_id, c.period FROM planned_requests s
        JOIN request_cycles c ON c.request_id = s.request_id
        WHERE s.is_changed AND c.undone_at IS NULL AND c.provider_department_id IS NOT NULL
    UNION SELECT s.provider_id, c.period FROM planned_requests s
        JOIN request_cycles c ON c.request_id = s.request_id
        WHERE s.is_changed AND c.undone_at IS NULL AND s.provider_id IS NOT NULL"""

UNDO_CYCLES = """
    UPDATE request_cycles AS c SET undone_at = s.at FROM planned_requests s
    WHERE c.request_id = s.request_id AND c.undone_at IS NULL AND s.change = 'reopens'"""

_TOLD_AS_THEY_ARE = ("external_id", "raw_department", "requester_department_id", "created_at", *_CLEARED)


def add_requests() -> str:
    """Insert the requests that are new."""
    values = {name: name for name in _TOLD_AS_THEY_ARE} | {
        "tracker_id": ":tracker",
        "provider_department_id": "provider_id",
        "requester_id": "person_id",
        "requester_kind": "COALESCE(requester_kind, 'person')",
        "reopened_count": "COALESCE(reopened_count, 0)",
        "reassignment_count": "COALESCE(reassignment_count, 0)",
        "state": "COALESCE(state, 'open')",
        "state_at": "CASE WHEN state IS NULL THEN :never_told ELSE at END",
        "status_at": "CASE WHEN status IS NULL THEN NULL ELSE at END",
        "updated_at": "at",
        "cycle_count": "CASE WHEN change = 'completes' THEN 1 ELSE 0 END",
        "learned_at": ":now",
    }
    return f"""
    INSERT INTO service_requests ({", ".join(values)})
    SELECT {", ".join(values.values())} FROM planned_requests WHERE request_id IS NULL ORDER BY line"""  # noqa: S608


def change_requests(given: frozenset[str]) -> str:
    """Take over what changed in stored requests."""
    values = {column: value.replace(_IS_NEWEST, "s.is_newest") for column, value in _taken_over(given).items()}
    values |= {
        "state": "CASE WHEN s.is_told THEN s.state ELSE r.state END",
        "state_at": "CASE WHEN s.is_told THEN s.at ELSE r.state_at END",
        "updated_at": "CASE WHEN s.at > r.updated_at THEN s.at ELSE r.updated_at END",
        "forgotten_at": "CASE WHEN s.at > r.updated_at THEN NULL ELSE r.forgotten_at END",
        "cycle_count": "r.cycle_count + CASE WHEN s.change = 'completes' THEN 1 ELSE 0 END",
    }
    if "status" in given:
        values["status_at"] = _status_since(values["status"])
    if "reopened_count" not in given:
        values["reopened_count"] = "r.reopened_count + CASE WHEN s.change = 'reopens' THEN 1 ELSE 0 END"
    assignments = ", ".join(f"{column} = {value}" for column, value in values.items())
    return f"""
    UPDATE service_requests AS r SET {assignments}
    FROM planned_requests s WHERE s.request_id = r.id AND s.is_changed"""  # noqa: S608


def _status_since(becomes: str) -> str:
    """As app.domain.service_requests.status_since."""
    return f"""CASE WHEN {becomes} IS NOT DISTINCT FROM r.status THEN r.status_at
        WHEN {becomes} IS NULL THEN NULL ELSE s.at END"""


def _requester_department(moment: str) -> str:
    return f"COALESCE({_HISTORY.format(person='r.requester_id', moment=moment)}, r.requester_department_id)"


ADD_CYCLES = f"""
    INSERT INTO request_cycles (request_id, number, completed_at, resolution, period, month, provider_department_id,
        requester_id, requester_department_id, request_type, on_time, was_reopened, learned_at, decision)
    SELECT r.id, r.cycle_count, s.completed_at, COALESCE(s.resolution, 'delivered'), s.period, s.month,
        r.provider_department_id, r.requester_id, {_requester_department("s.completed_at")}, r.request_type,
        {_on_time("r.on_time", "r.due_at", "s.completed_at")}, r.reopened_count > 0, :now, 'waiting'
    FROM planned_requests s
    JOIN service_requests r ON r.tracker_id = :tracker AND r.external_id = s.external_id
    WHERE s.change = 'completes' ORDER BY s.line"""  # noqa: S608 - parts of this module

# What a completion could not know, and how it ended, while it still waits for its decision: trackers tell it later.
COMPLETE_WAITING_CYCLES = f"""
    UPDATE request_cycles AS c SET
        provider_department_id = COALESCE(c.provider_department_id, r.provider_department_id),
        request_type = COALESCE(c.request_type, r.request_type),
        on_time = COALESCE(c.on_time, {_on_time("r.on_time", "r.due_at", "c.completed_at")}),
        resolution = CASE WHEN s.is_newest THEN COALESCE(s.resolution, c.resolution) ELSE c.resolution END,
        requester_department_id = CASE WHEN c.requester_id IS NULL THEN {_requester_department("c.completed_at")}
            ELSE c.requester_department_id END,
        requester_id = COALESCE(c.requester_id, r.requester_id)
    FROM planned_requests s JOIN service_requests r ON r.id = s.request_id
    WHERE s.is_changed AND s.change = 'nothing' AND c.request_id = r.id
        AND s.stands = 'done' AND c.undone_at IS NULL AND c.decided_at IS NULL"""  # noqa: S608 - parts of this module

DROPPED = ("planned_requests", "named_departments", "staged_requests")


def dropping() -> Iterable[str]:
    """Return the statements that remove the temporary tables."""
    return (f"DROP TABLE {name}" for name in DROPPED)
