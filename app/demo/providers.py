"""What each provider of the sample company does, how well, and how customers rate the same departments.

Qualities are shares of satisfied requesters the model aims at; what the scorecards show comes out of answers.
"""

from dataclasses import dataclass, field

ANSWERED = 0.45  # of those asked
OTHERS = ""  # every department that a provider does not name


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
    types: tuple[str, ...]
    titles: tuple[str, ...]
    drift: float = 0.0  # change of all qualities a quarter
    askers: tuple[tuple[str, float], ...] = ()  # departments with their part of the requests
    circle: int | None = None  # so many people ask, those who ask least elsewhere, and nobody else
    answered: float = ANSWERED


# Most have few departments that ask them, and many requests of each: who serves whom can be shown only then.
PROVIDERS = (
    Provider("ITDESK", 760, 0.44, 0.38, 0.70, 0.44, 0.97, 7, ("Access", "Hardware", "Software"),
             ("Laptop does not start after the update", "Access to the shared drive", "New phone for the night shift"),
             askers=(("PLANT", 0.2), ("SALES", 0.24), ("SUPPORT", 0.2), ("LOGIST", 0.14), ("LAB", 0.14),
                     (OTHERS, 0.08))),
    Provider("ITAPPS", 240, 0.78, 0.66, 0.84, 0.74, 0.88, 40, ("Change", "Question"),
             ("New field in the order form", "Report shows last year", "Rights for the planning tool"), drift=0.008,
             askers=(("SALES", 0.55), ("SUPPORT", 0.45))),
    Provider("ITNET", 190, 0.80, 0.76, 0.82, 0.74, 0.91, 20, ("Network", "Workplace"),
             ("No network in meeting room 4", "Move of three desks"),
             askers=(("PLANT", 0.6), ("LAB", 0.4))),
    Provider("PAYROLL", 230, 0.86, 0.80, 0.90, 0.82, 0.95, 26, ("Travel", "Salary"),
             ("Travel expenses of the trade fair", "Overtime is missing on the slip"),
             askers=(("PLANT", 0.55), ("SALES", 0.45))),
    Provider("BILLING", 150, 0.74, 0.70, 0.82, 0.66, 0.90, 30, ("Invoice", "Credit note"),
             ("Wrong address on the invoice", "Credit note for the late delivery"),
             askers=(("SALES", 0.5), ("SUPPORT", 0.5))),
    Provider("PURCHASE", 170, 0.70, 0.52, 0.80, 0.68, 0.82, 90, ("Order", "Supplier"),
             ("Order of safety shoes", "New supplier for packaging"), drift=0.012,
             askers=(("PLANT", 0.5), ("LAB", 0.5))),
    Provider("RECRUIT", 140, 0.76, 0.60, 0.84, 0.80, 0.86, 200, ("Vacancy",),
             ("Vacancy in the paint shop", "Interview dates for two trainees"),
             askers=(("PLANT", 0.5), ("SALES", 0.5))),
    Provider("TRAIN", 140, 0.90, 0.88, 0.90, 0.90, 0.97, 60, ("Course",),
             ("Forklift licence for two colleagues", "Language course on Fridays"),
             askers=(("PLANT", 0.5), ("LOGIST", 0.5))),
    Provider("FACILITY", 250, 0.72, 0.64, 0.80, 0.62, 0.92, 28, ("Repair", "Room"),
             ("Heating in hall 2 stays cold", "Keys for the archive", "Lamp flickers above the packing table"),
             drift=-0.006, askers=(("PLANT", 0.55), ("LAB", 0.45))),
    Provider("FLEET", 60, 0.82, 0.80, 0.86, 0.78, 0.96, 24, ("Car",), ("Pool car for Thursday", "Winter tyres"),
             askers=(("SALES", 1.0),), circle=9, answered=0.9),
    Provider("LEGAL", 50, 0.80, 0.70, 0.86, 0.78, 0.90, 70, ("Question",),
             ("Contract with the research partner", "Who owns this drawing?"), askers=(("LAB", 1.0),)),
    Provider("TRANSL", 24, 0.78, 0.70, 0.84, 0.80, 0.90, 30, ("Question",),
             ("Manual of the new pump in Polish", "Data sheet in Spanish"), askers=(("LAB", 1.0),), circle=4),
    Provider("SUPPORT", 170, 0.91, 0.90, 0.90, 0.90, 0.96, 6, ("Customer case",),
             ("Escalation of a customer in Gdańsk", "Call list for the product recall"),
             askers=(("SALES", 0.5), ("LOGIST", 0.5))),
    Provider("LOGIST", 210, 0.79, 0.74, 0.86, 0.74, 0.93, 18, ("Shipment", "Return"),
             ("Express shipment to Sevilla", "Return of the sample parts"),
             askers=(("SALES", 0.45), ("SUPPORT", 0.3), ("PLANT", 0.25))),
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
    CustomerVoice("account", "csat5", 260, (0.02, 0.04, 0.10, 0.38, 0.46)),
    CustomerVoice("supplier-portal", "percent", 0, quoted=0.84),
)
