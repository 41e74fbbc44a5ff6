"""German: Sie-form."""

from app.domain.instruments.items import Item, Reason
from app.domain.instruments.wordings.shape import Wording

GERMAN = Wording(
    language="de",
    quoted="„{name}“",
    csat_overall="Wie zufrieden sind Sie insgesamt mit der Bearbeitung dieser Anfrage?",
    csat_labels=("Sehr unzufrieden", "Eher unzufrieden", "Teils, teils", "Eher zufrieden", "Sehr zufrieden"),
    grid_stem="Wie bewerten Sie …",
    grid_question="Wie bewerten Sie {row}?",
    grid_rows={
        Item.TIMELINESS: "die Bearbeitungsdauer",
        Item.RESULT_QUALITY: "die Qualität des Ergebnisses",
        Item.COMMUNICATION: "die Kommunikation während der Bearbeitung",
    },
    grid_labels=("Sehr schlecht", "Schlecht", "Mittel\u00admäßig", "Gut", "Sehr gut"),
    not_applicable="Kann ich nicht beurteilen",
    statements={
        Item.EFFORT: "Die Abteilung {d} hat es mir leicht gemacht, mein Anliegen zu klären.",
        Item.TRUST: "Auf die Abteilung {d} ist Verlass: Sie hält, was sie zusagt.",
        Item.PROFESSIONALISM: "Der Umgang mit mir war professionell.",
        Item.COOPERATION: "Die Zusammenarbeit mit der Abteilung {d} hat bei dieser Anfrage gut funktioniert.",
    },
    agree_labels=(
        "Stimme überhaupt nicht zu",
        "Stimme eher nicht zu",
        "Teils, teils",
        "Stimme eher zu",
        "Stimme voll und ganz zu",
    ),
    recommend=(
        "Wie wahrscheinlich ist es, dass Sie die Abteilung {d} jemandem im Unternehmen mit einem ähnlichen"
        " Anliegen weiterempfehlen?"
    ),
    recommend_ends=("Überhaupt nicht wahrscheinlich", "Äußerst wahrscheinlich"),
    comment="Was sollen wir beibehalten, was ändern?",
    comment_hint="Freiwillig. Bitte keine Namen nennen.",
    comment_notice="Kommentare können wörtlich gezeigt werden, aber ohne Ihren Namen.",
    confidentiality=(
        "Ihre Antworten sind vertraulich: Ergebnisse werden nur für Gruppen ab {k} Personen gezeigt,"
        " nie für einzelne Personen."
    ),
    contact_consent="Bitte kontaktieren Sie mich dazu (die Abteilung sieht dann meinen Namen).",
    kudos="Dem Team danken",
    reasons={
        Reason.TOO_SLOW: "Zu lange gedauert",
        Reason.RESULT_NOT_RIGHT: "Ergebnis passt nicht",
        Reason.TOO_LITTLE_INFORMATION: "Zu wenig Information",
        Reason.TOO_MUCH_EFFORT: "Zu hoher Aufwand",
        Reason.HAD_TO_ASK_AGAIN: "Erneute Anfrage nötig",
        Reason.SOMETHING_ELSE: "Anderer Grund",
    },
)
