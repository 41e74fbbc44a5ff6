"""The quarter's mail to a head: finding, doubt, picture, table, one thing to do.

Figures come rounded from the frozen document. Sentences arrive spoken, because the document stores them as keys that
`app.reports` puts into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.scorecards.findings import people_of
from app.domain.scorecards.naming import file_name
from app.domain.scorecards.publish import COMPARABLE_FROM
from app.foundations import formats
from app.foundations.languages import gettext, ngettext, pgettext, speaking
from app.mail.content.mail import Attachment, Inline, Mail
from app.mail.content.reasons import Why, because
from app.mail.content.survey import greeting
from app.mail.render import render

CHART = "chart"  # the Content-ID is this name under our domain
ITEMS = ("csat_overall", "timeliness", "result_quality", "communication")

Document = Mapping[str, Any]
Row = dict[str, Any]


class Verdict(StrEnum):
    """How the two sides compare (rules.md §5)."""

    WORSE = "worse"
    BETTER = "better"
    NO_EVIDENCE = "no_evidence"
    TOO_FEW = "too_few"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, kw_only=True)
class ScorecardSentences:
    """The sentences of one scorecard in the reader's language."""

    finding: str
    doubt: tuple[str, ...]  # one or two sentences: how sure, and what has changed
    action: str = ""  # what to start with; empty: nothing stands out
    reason: str = ""  # why that, and how
    previous: str = ""  # what came of the one thing of the quarter before
    items: Mapping[str, str]  # item id -> "The time it took"
    period: str  # "July to September 2026"
    chart_alt: str = ""  # the picture in words, with its numbers; empty: made from the table
    next_scorecard: str = ""  # "January 2027"


@dataclass(frozen=True, kw_only=True)
class ScorecardMail:
    """Everything that goes into one scorecard mail."""

    language: str
    document: Document
    sentences: ScorecardSentences
    chart: bytes  # PNG, drawn 340 px wide at 2.4×
    pdf: bytes
    link: str
    methods_link: str
    why: Why = Why.HEAD
    waiting: int = 0  # colleagues who asked to be contacted and still wait; 0 also when hidden


def scorecard(mail: ScorecardMail) -> Mail:
    """Report the quarter to one reader; the picture repeats the table and may be switched off."""
    with speaking(mail.language):
        params = _params(mail)
    rendered = render("scorecard", mail.language, params)
    return Mail(
        message="scorecard",
        language=mail.language,
        subject=rendered.subject,
        text=rendered.text,
        html_pieces=rendered.html_pieces,
        inline=(Inline(name=CHART, content=mail.chart),) if mail.chart else (),
        attachments=(Attachment(filename=file_name(mail.document), content=mail.pdf),) if mail.pdf else (),
    )


def small_department(
    *, language: str, recipient_name: str, department: str, parent: str, minimum_group_size: int, period: str, link: str
) -> Mail:
    """Tell the head of a department with fewer than k people that its answers are part of the parent's scorecard."""
    with speaking(language):
        greeted = greeting(recipient_name)
    params = {
        "greeting": greeted,
        "department": department,
        "parent": parent,
        "minimum_group_size": minimum_group_size,
        "period": period,
        "link": link,
    }
    rendered = render("small_department", language, params)
    return Mail(
        message="small_department",
        language=language,
        subject=rendered.subject,
        text=rendered.text,
        html_pieces=rendered.html_pieces,
    )


def _params(mail: ScorecardMail) -> dict[str, object]:
    document, sentences = mail.document, mail.sentences
    rows = _rows(document, sentences.items)
    return {
        "department": document["department"]["name"],
        "period": sentences.period,
        "subject_line": _subject(document, sentences),
        "finding": sentences.finding,
        "doubt": " ".join(sentences.doubt),
        "action": sentences.action,
        "reason": sentences.reason,
        "previous": sentences.previous,
        "rows": rows,
        "has_external": any(row["external"] for row in rows),
        "chart_source": f"cid:{CHART}" if mail.chart else "",
        "chart_alt": sentences.chart_alt or _alternative(rows),
        "footnote": _footnote(document),
        "waiting": _waiting(mail.waiting),
        "link": mail.link,
        "methods_link": mail.methods_link,
        "because": because(mail.why, document["department"]["name"]),
        "revision": document["revision"],
        "frozen_on": formats.full_day(datetime.fromisoformat(document["frozen_at"]).date()),
        "digest": _short_digest(document.get("digest", "")),
        "next_scorecard": sentences.next_scorecard,
        "has_pdf": bool(mail.pdf),
    }


def _subject(document: Document, sentences: ScorecardSentences) -> str:
    """Most telling words first: whose scorecard, when, and the two shares where they may be told."""
    named = {"department": document["department"]["name"], "period": sentences.period}
    inside, outside = (_told_share(document.get(side, {})) for side in ("internal", "external"))
    if document.get("gap", {}).get("csat_overall", {}).get("comparability") != "A":
        outside = ""  # another question or another scale: no two shares side by side
    if inside and outside:
        return gettext(
            "%(department)s, %(period)s: %(internal)s of colleagues satisfied, %(external)s of customers",
            internal=inside,
            external=outside,
            **named,
        )
    if inside:
        return gettext("%(department)s, %(period)s: %(internal)s of colleagues satisfied", internal=inside, **named)
    return gettext("%(department)s, %(period)s: the scorecard", **named)


def _told_share(side: Mapping[str, Any]) -> str:
    interval = side.get("csat_overall", {}).get("top_two_box")
    return (
        "" if interval is None or interval.get("method") == "wilson_coarse" else formats.percent(interval["estimate"])
    )


def _rows(document: Document, items: Mapping[str, str]) -> list[Row]:
    return [_row(document, item, items[item]) for item in ITEMS if item in document.get("internal", {})]


def _row(document: Document, item: str, label: str) -> Row:
    """Both sides on one measure: shares in class A, scores in B and C; customers alone in their own words otherwise."""
    gap = document.get("gap", {}).get(item, {})
    inner, outer = document["internal"].get(item, {}), document.get("external", {}).get(item, {})
    by_score = gap.get("comparability") in {"B", "C"} and {"score_0_100"} <= inner.keys() & outer.keys()
    inside = _score(inner["score_0_100"]) if by_score else _figure(inner)
    beside = _figure(outer) if gap.get("comparability") == "A" else ("", "")
    outside = _score(outer["score_0_100"]) if by_score else beside
    return {
        "label": label,
        "internal": inside[0],
        "internal_range": inside[1],
        "external": outside[0],
        "external_range": outside[1],
        **_difference(gap, _people(inner), _people(outer)),
    }


def _people(measures: Mapping[str, Any]) -> int:
    return int((measures.get("top_two_box") or measures.get("score_0_100") or {"n": 0})["n"])


def _figure(measures: Mapping[str, Any]) -> tuple[str, str]:
    """Return the share with its interval; 5 to 9 people are shown in tenths, without a sign of precision."""
    interval = measures.get("top_two_box")
    if interval is None:
        return _score(measures.get("score_0_100"))
    low, high = interval["lower"], interval["upper"]
    if interval.get("method") == "wilson_coarse":
        value = gettext("about %(tenths)s in 10", tenths=round(interval["estimate"] * 10))
        return value, f"{round(low * 10)}–{round(high * 10)}"
    return formats.percent(interval["estimate"]), f"{round(low * 100)}–{round(high * 100)}"


def _score(interval: Mapping[str, float] | None) -> tuple[str, str]:
    if interval is None:
        return "", ""
    value = gettext("%(score)s of 100", score=round(interval["estimate"]))
    return value, f"{round(interval['lower'])}–{round(interval['upper'])}"


def _difference(gap: Mapping[str, Any], *people: int) -> Row:
    shares, scores = gap.get("top_two_box"), gap.get("score_0_100")
    if shares is not None:
        text = formats.points(shares["estimate"] * 100)
    elif scores is not None:
        text = formats.points(scores["estimate"])
    else:
        text = ""
    verdict = Verdict(gap["verdict"]) if "verdict" in gap else None
    return {"difference": text, "verdict": verdict, "verdict_word": _verdict_word(verdict, min(people))}


def _verdict_word(verdict: Verdict | None, fewest: int) -> str:
    if verdict is Verdict.TOO_FEW and 0 < fewest < COMPARABLE_FROM:
        return gettext("%(n)s of the %(needed)s needed", n=fewest, needed=COMPARABLE_FROM)
    words = {
        Verdict.WORSE: pgettext("verdict", "lower"),
        Verdict.BETTER: pgettext("verdict", "higher"),
        Verdict.NO_EVIDENCE: pgettext("verdict", "too close"),
        Verdict.TOO_FEW: pgettext("verdict", "too few answers"),
        Verdict.NOT_COMPARABLE: pgettext("verdict", "not comparable"),
    }
    return words[verdict] if verdict is not None else ""


def _alternative(rows: list[Row]) -> str:
    """Say the picture in words: the same numbers, in the same order."""
    parts = []
    for row in rows:
        if row["external"]:
            parts.append(
                gettext("%(item)s: colleagues %(internal)s, customers %(external)s.", item=row["label"], **row)
            )
        else:
            parts.append(gettext("%(item)s: colleagues %(internal)s.", item=row["label"], **row))
    return " ".join(parts)


def _footnote(document: Document) -> str:
    overall = document.get("internal", {}).get("csat_overall", {})
    if not (interval := overall.get("top_two_box") or overall.get("score_0_100")):
        return ""
    sentences = [
        ngettext(
            "%(answers)s answers from %(num)s colleague.",
            "%(answers)s answers from %(num)s colleagues.",
            people_of(document),
            answers=formats.number(interval["answers"]),
        )
    ]
    if rate := document.get("funnel", {}).get("response_rate"):
        share = formats.percent(rate["estimate"])
        sentences.append(gettext("%(share)s of the invitations were answered.", share=share))
    outside = document.get("external", {}).get("csat_overall", {})
    if customers := (outside.get("top_two_box") or outside.get("score_0_100")):
        answers = round(customers["answers"])
        sentences.append(ngettext("%(num)s answer from customers.", "%(num)s answers from customers.", answers))
    sentences.append(gettext("Small figures are 95% intervals."))
    return " ".join(sentences)


def _waiting(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext(
        "%(num)s colleague asked to be contacted and is still waiting.",
        "%(num)s colleagues asked to be contacted and are still waiting.",
        count,
    )


def _short_digest(digest: str) -> str:
    return f"{digest[:11]}…{digest[-4:]}" if digest else ""
