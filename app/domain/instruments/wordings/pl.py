"""Polish: the noun "poziom zadowolenia" instead of zadowolony or zadowolona."""

from app.domain.instruments.items import Item, Reason
from app.domain.instruments.wordings.shape import Wording

POLISH = Wording(
    language="pl",
    quoted="„{name}”",
    csat_overall="Jaki jest Twój ogólny poziom zadowolenia z realizacji tego zgłoszenia?",
    csat_labels=("Bardzo niski", "Niski", "Ani niski, ani wysoki", "Wysoki", "Bardzo wysoki"),
    grid_stem="Jak oceniasz …",
    grid_question="Jak oceniasz {row}?",
    grid_rows={
        Item.TIMELINESS: "czas realizacji",
        Item.RESULT_QUALITY: "jakość rezultatu",
        Item.COMMUNICATION: "komunikację w trakcie realizacji",
    },
    grid_labels=("Bardzo źle", "Źle", "Prze\u00adciętnie", "Dobrze", "Bardzo dobrze"),
    not_applicable="Nie mogę ocenić",
    statements={
        Item.EFFORT: "Zespół {d} ułatwił mi załatwienie tej sprawy.",
        Item.TRUST: "Na zespole {d} można polegać: dotrzymuje ustaleń.",
        Item.PROFESSIONALISM: "Obsługa była profesjonalna.",
        Item.COOPERATION: "Współpraca z zespołem {d} przy tym zgłoszeniu układała się dobrze.",
    },
    agree_labels=(
        "Zdecydowanie się nie zgadzam",
        "Raczej się nie zgadzam",
        "Ani się zgadzam, ani się nie zgadzam",
        "Raczej się zgadzam",
        "Zdecydowanie się zgadzam",
    ),
    recommend=("Na ile prawdopodobne jest, że polecisz zespół {d} komuś z firmy, kto potrzebuje podobnej pomocy?"),
    recommend_ends=("Zupełnie nieprawdopodobne", "Bardzo prawdopodobne"),
    comment="Co warto zachować, a co zmienić?",
    comment_hint="Opcjonalnie. Prosimy nie podawać nazwisk.",
    comment_notice="Komentarze mogą być pokazane dosłownie, ale bez Twojego imienia i nazwiska.",
    confidentiality=(
        "Odpowiedzi są poufne: wyniki pokazujemy tylko dla grup liczących co najmniej {k} osób,"
        " nigdy dla pojedynczych osób."
    ),
    contact_consent="Proszę o kontakt w tej sprawie (zespół zobaczy moje imię i nazwisko).",
    kudos="Podziękuj zespołowi",
    reasons={
        Reason.TOO_SLOW: "Za długo",
        Reason.RESULT_NOT_RIGHT: "Nie taki rezultat",
        Reason.TOO_LITTLE_INFORMATION: "Za mało informacji",
        Reason.TOO_MUCH_EFFORT: "Za dużo wysiłku",
        Reason.HAD_TO_ASK_AGAIN: "Trzeba było zgłaszać ponownie",
        Reason.SOMETHING_ELSE: "Inny powód",
    },
)
