"""How other tools head the columns that we know: enough to ask "is it this one?", never to take one for another."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches

NEAR_ENOUGH = 0.8  # of difflib's ratio: `departmant_code`, not `created` for `code`

#: Usual headings in lower case, letters and digits alone; of the columns a table takes the first that it has.
_HEADINGS: Mapping[tuple[str, ...], str] = {
    ("email", "requester_email", "head_email"): "mail emailaddress emailadresse mailadresse correo correoelectronico "
    "correoelectrónico adresemail почта электроннаяпочта элпочта",
    ("name", "title"): "fullname displayname mitarbeiter mitarbeiterin vorundnachname bezeichnung nombre "
    "nombrecompleto имя фио название imieinazwisko imięinazwisko nazwa nazwisko",
    ("department_code", "provider_department", "code"): "department dept abteilung abteilungskürzel departamento dział "
    "dzial отдел подразделение team unit orgunit kostenstelle costcenter",
    ("requester_department",): "requesterdepartment abteilungdesmelders departamentodelsolicitante",
    ("language",): "locale lang sprache idioma język jezyk язык",
    ("time_zone",): "tz timezone zeitzone zonahoraria часовойпояс strefaczasowa",
    ("code",): "kürzel kuerzel abbreviation kod код código codigo",
    ("parent_code",): "parent parentdepartment above übergeordnet übergeordneteabteilung superior вышестоящее "
    "nadrzędny nadrzędna",
    ("head_email",): "head manager manageremail leiter leiterin leitung vorgesetzter vorgesetzte responsable jefe "
    "руководитель kierownik",
    ("staff_count",): "headcount fte staff employees mitarbeiterzahl anzahlmitarbeiter plantilla численность",
    ("external_id", "response_id", "code"): "id key nr no number ticket ticketid ticketnumber issuekey vorgang "
    "vorgangsnummer номер numer número numero",
    ("requester_email", "requester"): "requester reporter customer caller melder anforderer solicitante заявитель "
    "автор zgłaszający autor",
    ("created_at",): "created createddate createdon opened openedat erstellt erstelltam angelegt creado создано "
    "датасоздания utworzono",
    ("completed_at",): "completed closed closedat closedon resolved resolvedat erledigt geschlossen geschlossenam "
    "cerrado resuelto закрыто завершено zamknięto",
    ("updated_at",): "updated updatedon changed geändert actualizado изменено обновлено zmieniono",
    ("due_at",): "due duedate fällig fälligam vencimiento срок termin",
    ("title",): "summary subject betreff titel asunto título тема temat tytuł",
    ("request_type",): "type category kategorie typ tipo categoría категория тип kategoria",
    ("status",): "state zustand estado статус состояние stan",
    ("url", "source_url"): "link adresse ссылка enlace",
    ("answered_at", "created_at"): "date datum answered answeredon fecha дата data",
    ("comment",): "comments feedback kommentar anmerkung comentario комментарий отзыв komentarz",
    ("score", "csat_overall"): "rating csat bewertung note puntuación valoración оценка ocena",
    ("touchpoint",): "channel kanal canal канал kanał product produkt",
    ("respondent",): "customer customerid kunde cliente клиент klient",
    ("period",): "quarter quartal trimestre квартал kwartał",
    ("n",): "count responses anzahl respuestas ответов liczba",
    ("mean",): "average avg mittelwert durchschnitt media среднее średnia",
}
_BY_HEADING: dict[str, list[tuple[str, ...]]] = {}
for columns, headings in _HEADINGS.items():
    for heading in headings.split():
        _BY_HEADING.setdefault(heading, []).append(columns)


def near_column(theirs: str, free: Collection[str]) -> str:
    """Return which of our columns, of those that are not taken yet, this heading seems to mean; '' for none."""
    heading = _letters(theirs)
    by_letters = {_letters(ours): ours for ours in free}
    if heading in by_letters:
        return by_letters[heading]
    for group in _BY_HEADING.get(heading, ()):
        for ours in group:
            if ours in free:
                return ours
    close = get_close_matches(heading, by_letters, n=1, cutoff=NEAR_ENOUGH)
    return by_letters[close[0]] if close else ""


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
