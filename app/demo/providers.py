"""What each provider of the sample company does, how well, and how customers rate the same departments.

Qualities are shares of satisfied requesters the model aims at; what the scorecards show comes out of answers.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Provider:
    """How a department serves its colleagues: requests a quarter, quality by item (share), share on time, hours."""

    code: str
    requests: int
    overall: float
    timeliness: float
    result_quality: float
    communication: float
    on_time: float
    hours: float  # median time to completion
    drift: float = 0.0  # change of all qualities a quarter
    types: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


PROVIDERS = (
    Provider("ITDESK", 1050, 0.58, 0.50, 0.74, 0.55, 0.97, 7, 0.0, ("Access", "Hardware", "Software"),
             ("Laptop does not start after the update", "Access to the shared drive", "New phone for the night shift")),
    Provider("ITAPPS", 260, 0.78, 0.66, 0.84, 0.74, 0.88, 40, 0.008, ("Change", "Question"),
             ("New field in the order form", "Report shows last year", "Rights for the planning tool")),
    Provider("ITNET", 190, 0.80, 0.76, 0.82, 0.74, 0.91, 20, 0.0, ("Network", "Workplace"),
             ("No network in meeting room 4", "Move of three desks")),
    Provider("PAYROLL", 220, 0.86, 0.80, 0.90, 0.82, 0.95, 26, 0.0, ("Travel", "Salary"),
             ("Travel expenses of the trade fair", "Overtime is missing on the slip")),
    Provider("BILLING", 220, 0.74, 0.70, 0.82, 0.66, 0.90, 30, 0.0, ("Invoice", "Credit note"),
             ("Wrong address on the invoice", "Credit note for the late delivery")),
    Provider("PURCHASE", 160, 0.70, 0.52, 0.80, 0.68, 0.82, 90, 0.012, ("Order", "Supplier"),
             ("Order of safety shoes", "New supplier for packaging")),
    Provider("RECRUIT", 120, 0.76, 0.60, 0.84, 0.80, 0.86, 200, 0.0, ("Vacancy",),
             ("Vacancy in the paint shop", "Interview dates for two trainees")),
    Provider("TRAIN", 110, 0.90, 0.88, 0.90, 0.90, 0.97, 60, 0.0, ("Course",),
             ("Forklift licence for two colleagues", "Language course on Fridays")),
    Provider("FACILITY", 240, 0.72, 0.64, 0.80, 0.62, 0.92, 28, -0.006, ("Repair", "Room"),
             ("Heating in hall 2 stays cold", "Keys for the archive", "Lamp flickers above the packing table")),
    Provider("FLEET", 60, 0.82, 0.80, 0.86, 0.78, 0.96, 24, 0.0, ("Car",),
             ("Pool car for Thursday", "Winter tyres")),
    Provider("LEGAL", 40, 0.80, 0.70, 0.86, 0.78, 0.90, 70, 0.0, ("Contract",),
             ("Contract with the caterer", "Data protection question")),
    Provider("SUPPORT", 200, 0.91, 0.90, 0.90, 0.90, 0.96, 6, 0.0, ("Customer case",),
             ("Escalation of a customer in Gdańsk", "Call list for the product recall")),
    Provider("LOGIST", 190, 0.79, 0.74, 0.86, 0.74, 0.93, 18, 0.0, ("Shipment", "Return"),
             ("Express shipment to Sevilla", "Return of the sample parts")),
)  # fmt: skip

ROTATING_LIFT = {"effort": -0.04, "trust": 0.02, "professionalism": 0.08, "cooperation": 0.0}

COMMENTS = {  # by language: of who was satisfied, and of who was not
    "en": (
        (
            "Quick and friendly, thank you.",
            "Patient, and explained everything clearly.",
            "Competent help.",
            "All well.",
        ),
        (
            *("I waited two days without any news.", "Had to describe the same thing twice."),
            *("It was unclear who is responsible.", "Too many forms for a small matter."),
        ),
    ),
    "de": (
        ("Schnell und freundlich, danke.", "Geduldig und verständlich erklärt.", "Kompetente Hilfe.", "Alles bestens."),
        (
            *("Zwei Tage gewartet, ohne Nachricht.", "Ich musste alles zweimal beschreiben."),
            *("Unklar, wer zuständig ist.", "Zu viele Formulare für eine Kleinigkeit."),
        ),
    ),
    "pl": (
        ("Szybko i życzliwie, dziękuję.", "Cierpliwie i jasno wyjaśnione.", "Fachowa pomoc.", "Wszystko w porządku."),
        (
            *("Dwa dni czekania bez żadnej wiadomości.", "Trzeba było znowu opisywać to samo."),
            *("Nie wiadomo, kto jest odpowiedzialny.", "Za dużo formularzy jak na drobiazg."),
        ),
    ),
    "ru": (
        (
            "Быстро и доброжелательно, спасибо.",
            "Терпеливо и понятно объяснили.",
            "Компетентно помогли.",
            "Всё отлично.",
        ),
        (
            *("Ждали два дня без новостей.", "Пришлось дважды описывать одно и то же."),
            *("Неясно, кто ответственный.", "Слишком много согласований из-за мелочи."),
        ),
    ),
    "es": (
        ("Rápido y amable, gracias.", "Paciente, y lo explicó con claridad.", "Ayuda competente.", "Todo perfecto."),
        (
            *("Esperé dos días sin noticias.", "Tuve que repetir lo mismo."),
            *("No está claro quién es el responsable.", "Demasiados formularios para algo pequeño."),
        ),
    ),
}


@dataclass(frozen=True)
class CustomerVoice:
    """What customers of a touchpoint are asked, how many answer a quarter, and how they spread over the points."""

    touchpoint: str
    instrument: str
    n: int
    shares: tuple[float, ...] = field(default=())  # lowest point first
    quoted: float | None = None  # a share without n: told, never compared


VOICES = (
    CustomerVoice("portal", "csat5", 240, (0.02, 0.03, 0.07, 0.33, 0.55)),
    CustomerVoice("shop", "csat5", 180, (0.03, 0.05, 0.11, 0.36, 0.45)),
    CustomerVoice("hotline", "csat5", 320, (0.09, 0.10, 0.13, 0.34, 0.34)),
    CustomerVoice("delivery", "csat10", 210, (0.01, 0.01, 0.02, 0.03, 0.05, 0.08, 0.13, 0.22, 0.25, 0.20)),
    CustomerVoice("invoice", "nps", 150, (0.02, 0.01, 0.02, 0.02, 0.03, 0.05, 0.08, 0.14, 0.22, 0.21, 0.20)),
    CustomerVoice("supplier-portal", "percent", 0, quoted=0.84),
)
