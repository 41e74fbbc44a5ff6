"""What became of the requests that a tracker told of."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.base import reading
from app.models.service_requests import RequestCycle, ServiceRequest
from tests.builders.departments import department
from tests.builders.people import person
from tests.conftest import ALICE
from tests.journeys.conftest import Company


def open_service_desk(company: Company) -> None:
    """IT, whose work is asked about, and Alice, who works elsewhere."""
    session: Session = company.database.session
    root = department(session, "COMPANY", staff_count=200)
    department(session, "IT", parent=root, name="Service desk")
    person(session, ALICE.email, works_in=department(session, "SALES", parent=root))
    session.commit()


def flask(company: Company, *words: str) -> str:
    """Run a command of the installation and return what it printed."""
    done = company.app.test_cli_runner().invoke(args=list(words))
    assert done.exit_code == 0, done.output
    return done.output


def cycles(company: Company) -> list[tuple[str, int, bool]]:
    """Return each completion: the title of its request, the number of the cycle, whether it holds."""
    query = (
        select(ServiceRequest.title, RequestCycle.number, RequestCycle.undone_at.is_(None))
        .join(RequestCycle, RequestCycle.request_id == ServiceRequest.id)
        .order_by(ServiceRequest.title, RequestCycle.number)
    )
    with reading(), company.database.sessions() as session:
        return [(title or "", number, bool(holds)) for title, number, holds in session.execute(query)]


def states(company: Company) -> dict[str, str]:
    """Return the state of each request by its title."""
    with reading(), company.database.sessions() as session:
        found = session.execute(select(ServiceRequest.title, ServiceRequest.state).order_by(ServiceRequest.title))
        return {title or "": state.value for title, state in found}
