"""Spanish: the service is rated, so adjectives agree with "atención"."""

from app.domain.instruments.items import Item, Reason
from app.domain.instruments.wordings.shape import Wording

SPANISH = Wording(
    language="es",
    quoted="«{name}»",
    csat_overall="En general, ¿cómo evalúa la atención recibida en esta solicitud?",
    csat_labels=(
        "Muy insatisfactoria",
        "Insatisfactoria",
        "Ni satisfactoria ni insatisfactoria",
        "Satisfactoria",
        "Muy satisfactoria",
    ),
    grid_stem="¿Cómo evalúa…?",
    grid_question="¿Cómo evalúa {row}?",
    grid_rows={
        Item.TIMELINESS: "el tiempo de resolución",
        Item.RESULT_QUALITY: "la calidad del resultado",
        Item.COMMUNICATION: "la comunicación durante el proceso",
    },
    grid_labels=("Muy mal", "Mal", "Regular", "Bien", "Muy bien"),
    not_applicable="No puedo valorarlo",
    statements={
        Item.EFFORT: "El departamento {d} me facilitó la gestión de esta solicitud.",
        Item.TRUST: "Se puede confiar en el departamento {d}: cumple lo que promete.",
        Item.PROFESSIONALISM: "El trato fue profesional.",
        Item.COOPERATION: "La colaboración con el departamento {d} en esta solicitud funcionó bien.",
    },
    agree_labels=(
        "Totalmente en desacuerdo",
        "En desacuerdo",
        "Ni de acuerdo ni en desacuerdo",
        "De acuerdo",
        "Totalmente de acuerdo",
    ),
    recommend=(
        "¿Qué probabilidad hay de que recomiende el departamento {d} a alguien de la empresa que necesite"
        " una ayuda similar?"
    ),
    recommend_ends=("Nada probable", "Muy probable"),
    comment="¿Qué conviene mantener y qué cambiar?",
    comment_hint="Opcional. Por favor, no mencione nombres.",
    comment_notice="Los comentarios pueden mostrarse literalmente, pero sin su nombre.",
    confidentiality=(
        "Sus respuestas son confidenciales: los resultados solo se muestran para grupos de al menos {k} personas,"
        " nunca de forma individual."
    ),
    contact_consent="Quiero que me contacten sobre este asunto (el departamento verá mi nombre).",
    kudos="Dar las gracias al equipo",
    reasons={
        Reason.TOO_SLOW: "Demasiado lento",
        Reason.RESULT_NOT_RIGHT: "No es el resultado esperado",
        Reason.TOO_LITTLE_INFORMATION: "Faltó información",
        Reason.TOO_MUCH_EFFORT: "Demasiado esfuerzo",
        Reason.HAD_TO_ASK_AGAIN: "Hubo que pedirlo de nuevo",
        Reason.SOMETHING_ELSE: "Otro motivo",
    },
)
