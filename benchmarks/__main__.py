"""`make bench`: one table of what was measured, as ratios to a floor of the same run.

Ratios are by processor time where both can be measured so, because others may use the machine too.
`python -m benchmarks quick` takes a tenth of the work, to see that everything runs.
"""

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks import backfill, delivery, exports, flood, hooks, imports, invitations, issue, scorecards, survey


@dataclass(frozen=True)
class Line:
    """One measured ratio; `is_cost` says that less is better."""

    what: str
    ratio: float
    least: float
    goal: float
    is_cost: bool
    conditions: str

    def verdict(self) -> str:
        """Say where the ratio stands between the least and the goal."""
        reached = [self.ratio <= bound if self.is_cost else self.ratio >= bound for bound in (self.least, self.goal)]
        return {2: "goal", 1: "least", 0: "missed"}[sum(reached)]


def measure(share: float) -> Iterator[Line]:
    """Run every benchmark with a share of its full work."""
    for kind, bare, ours, ratio in survey.main(int(survey.FLOWS * share)):
        least, goal = (4, 2.5) if kind == "SQLite" else (3, 2)
        conditions = f"{ours:.2f} ms against {bare:.2f} ms of a bare Flask program"
        yield Line(f"one answer, GET + POST, {kind}", ratio, least, goal, is_cost=True, conditions=conditions)
    for kind, floor, parity in hooks.main(int(hooks.DELIVERIES * share)):
        conditions = (
            f"{parity.cost_ms:.2f} ms against {floor.cost_ms:.2f} ms; {parity.a_second:.0f} a second, p99"
            f" {parity.p99_ms:.0f} ms, bare {floor.a_second:.0f} and {floor.p99_ms:.0f} ms"
        )
        ratio = parity.cost_ms / floor.cost_ms
        yield Line(f"hook acknowledged, {kind}", ratio, 3, 2, is_cost=True, conditions=conditions)
    found = flood.figures(int(flood.DELIVERIES * share))
    conditions = (
        f"{found['ms each']:.1f} ms each, {found['seconds']:.0f} s; peak {found['megabytes']:.0f} MB,"
        f" {found['memory growth']:.2f} times"
    )
    yield Line("a flood of events, growth", found["growth"], 1.25, 1.1, is_cost=True, conditions=conditions)
    rows = int(imports.ROWS * share)
    found = imports.figures(rows)
    conditions = f"{rows:,} rows, peak {found['peak memory, MB']:.0f} MB"
    yield Line("import of requests", found["ratio by processor"], 0.05, 0.2, is_cost=False, conditions=conditions)
    found = backfill.figures(int(backfill.ISSUES * share))
    conditions = (
        f"{found['told']:,.0f} issues, peak {found['megabytes']:.0f} MB, {found['calls']:.0f} calls,"
        f" {found['refused']:.0f} over the limit"
    )
    yield Line("backfill from Jira, memory growth", found["growth"], 1.25, 1.1, is_cost=True, conditions=conditions)
    found = invitations.figures(int(invitations.REQUESTS * share))
    conditions = f"{found['a second']:,.0f} a second, {found['statements']:.0f} statements"
    ratio = found["ratio to bare executemany"]
    yield Line("deciding and queueing invitations", ratio, 0.05, 0.2, is_cost=False, conditions=conditions)
    found = delivery.figures(max(100, int(delivery.MAILS * share)))
    conditions = f"{found['rendered and delivered, mails/s']:,.0f} mails/s, bare loop of encoded ones"
    ratio = found["ratio by processor"]
    yield Line("mail, rendered and delivered", ratio, 0.25, 0.5, is_cost=False, conditions=conditions)
    found = exports.figures(max(50, int(exports.DEPARTMENTS * share)))
    conditions = (
        f"{found['rows']:,.0f} rows in {found['seconds']:.2f} s against {found['floor seconds']:.2f} s; peak"
        f" {found['megabytes']:.0f} MB, {found['memory growth']:.2f} times that of a tenth"
    )
    yield Line("export of a quarter as CSV", found["ratio"], 0.25, 0.5, is_cost=False, conditions=conditions)
    found = scorecards.figures(scorecards.FEW, int(scorecards.MANY * share))
    conditions = (
        f"{found['many answers']:,.0f} answers against {found['few answers']:,.0f}, same statements and reading"
    )
    yield Line("a quarter's documents, growth", found["growth"], 1.25, 1.1, is_cost=True, conditions=conditions)
    issued = issue.figures(max(10, int(issue.DEPARTMENTS * share)))
    conditions = (
        f"{issued.departments} departments, {issued.issuing.seconds:.2f} s each against {issued.drawing.seconds:.2f} s,"
        f" peak {issued.megabytes:.0f} MB against {issued.early_megabytes:.0f} MB after {issue.SAMPLE}"
    )
    yield Line("issue of a quarter, by drawing", issued.ratio, 3, 1.5, is_cost=True, conditions=conditions)


def main(words: list[str]) -> None:
    """Print where, when and how loaded the machine was, then the table."""
    lines = list(measure(0.1 if words == ["quick"] else 1))
    moment = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"\n{moment}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load}\n")
    print(f"{'what':38} {'ratio':>7} {'least':>6} {'goal':>6}  reached  conditions")
    for line in lines:
        figures = f"{line.ratio:7.2f} {line.least:6.2f} {line.goal:6.2f}"
        print(f"{line.what:38} {figures}  {line.verdict():7}  {line.conditions}")


if __name__ == "__main__":
    main(sys.argv[1:])
