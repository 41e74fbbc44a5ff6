"""The codebook that holds until HR brings its own: what people say of internal services, in five languages.

A stem is the beginning of a word, so that cases and tenses need no list. Version 0; a published one is stored.
"""

from collections.abc import Mapping

from app.domain.codebook.themes import Codebook, Theme

_LANGUAGES = ("en", "ru", "pl", "de", "es")


def _theme(code: str, names: tuple[str, str, str, str, str], **stems: str) -> Theme:
    return Theme(code, dict(zip(_LANGUAGES, names, strict=True)), _by_language(stems))


def _by_language(stems: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {language: tuple(words.split()) for language, words in stems.items()}


_THEMES = (
    _theme(
        "waiting",
        ("It took long", "Пришлось долго ждать", "Trwało długo", "Es dauerte lange", "Tardó mucho"),
        en="wait slow delay late overdue forever ages weeks",
        ru="ждат ждал жду ожидан медленн долг задерж опозд просроч затянул",
        pl="czeka długo wolno powol opóźni spóźni przeciąg",
        de="warten wartet wartez gewart lange langsam verspät verzöger überfällig gedauert",
        es="esper lent tard demor retras",
    ),
    _theme(
        "no_news",
        (
            "Waiting without news",
            "Ждали без известий",
            "Czekanie bez wieści",
            "Warten ohne Nachricht",
            "Espera sin noticias",
        ),
        en="news inform updat silen status notif feedback",
        ru="новост известил сообщ уведом статус молчан тишин информир",
        pl="wieści wiadomoś informac poinform status powiadom cisz milcz",
        de="nachricht rückmeld zwischenstand status inform schweig melde",
        es="notici inform estado avis silenc",
    ),
    _theme(
        "quick",
        ("Quick help", "Быстро помогли", "Szybka pomoc", "Schnelle Hilfe", "Ayuda rápida"),
        en="quick fast prompt immediat swift speed instant",
        ru="быстр оператив сразу мгновен скор",
        pl="szybk sprawn błyskawicz natychmiast ekspres",
        de="schnell zügig sofort prompt rasch flott",
        es="rápid rapid inmediat pronto ágil",
    ),
    _theme(
        "friendly",
        (
            "Friendly and patient",
            "Дружелюбно и терпеливо",
            "Uprzejmie i cierpliwie",
            "Freundlich und geduldig",
            "Trato amable y paciente",
        ),
        en="friend kind polite patien nice pleasant courte",
        ru="вежлив дружел приветлив терпелив любезн доброжел приятн",
        pl="uprzejm miły miła miło cierpliw życzliw sympatycz grzecz",
        de="freund nett höflich geduld sympath zuvorkommend",
        es="amab pacien simpátic cordial educad agradabl",
    ),
    _theme(
        "unfriendly",
        ("Unfriendly tone", "Неприветливый тон", "Nieuprzejmy ton", "Unfreundlicher Ton", "Trato poco amable"),
        en="rude unfriend impolit arrogan dismiss condescend",
        ru="груб хам невежлив высокомер пренебреж",
        pl="niegrzecz nieuprzejm arogan opryskl niemił",
        de="unfreund unhöflich arrogan schroff herablass pampig",
        es="groser antipátic arrogan maleduc despectiv borde",
    ),
    _theme(
        "competent",
        ("Knew what to do", "Знали своё дело", "Znajomość rzeczy", "Kannten sich aus", "Sabían lo que hacían"),
        en="competen expert knowledg profession skill thorough",
        ru="компетент профессион грамотн знающ квалифиц эксперт",
        pl="kompeten profesjon fachow wiedz ekspert rzeteln",
        de="kompeten fach profess kenn gründlich experte",
        es="competen profesion expert conoc capaz experienc",
    ),
    _theme(
        "result",
        (
            "Result wrong or incomplete",
            "Результат неверный или неполный",
            "Wynik błędny lub niepełny",
            "Ergebnis falsch oder unvollständig",
            "Resultado erróneo o incompleto",
        ),
        en="wrong incomplet incorrect broken error mistake missing fail",
        ru="неправильн неверн ошиб неполн сломан недодел испорч",
        pl="błęd niepełn niepopraw niekomplet brakuj zepsut niedziała",
        de="falsch unvollst fehler kaputt defekt fehlt mangel",
        es="error incorrect incomplet equivoc fallo fallar defect erróne",
    ),
    _theme(
        "repeated",
        (
            "Had to explain twice",
            "Пришлось объяснять дважды",
            "Trzeba było tłumaczyć dwa razy",
            "Alles zweimal erklärt",
            "Hubo que explicarlo dos veces",
        ),
        en="twice repeat reopen",
        ru="дважды снова опять повтор заново несколько",
        pl="dwukrotn znowu ponown powtarz powtórz kilkakrot kilka",
        de="zweimal nochmal nochmals erneut wiederhol mehrmals mehrfach",
        es="repet nuevamente varias reiter",
    ),
    _theme(
        "in_charge",
        (
            "Unclear who is in charge",
            "Непонятно, кто отвечает",
            "Nie wiadomo, kto odpowiada",
            "Unklar, wer zuständig ist",
            "No está claro quién se encarga",
        ),
        en="responsib charge forward redirect pass owner ownership",
        ru="ответствен перенаправ переадрес отвечает передал инстанц",
        pl="odpowiedzialn przekaz przekier odsył kompetencj",
        de="zuständig verantwort weitergeleit weitergereicht verwiesen ansprechpartner",
        es="responsab encarg deriv reenvi competencia",
    ),
    _theme(
        "effort",
        (
            "Forms and steps",
            "Формы и согласования",
            "Formularze i procedury",
            "Formulare und Hürden",
            "Formularios y trámites",
        ),
        en="form bureaucr approv complicat paperwork cumbersome procedur",
        ru="бюрократ согласован сложн заявлен формальн бумаг анкет",
        pl="formularz biurokr skomplikow formaln zgod papierolog",
        de="formular bürokrat genehmig kompliziert umständlich papierkram antrag",
        es="formulari burocra tramit aprob complic papele",
    ),
    _theme(
        "clear",
        ("Clear explanation", "Понятно объяснили", "Jasne wyjaśnienie", "Verständlich erklärt", "Explicación clara"),
        en="explain clear understand",
        ru="объясн понятн разъясн ясно",
        pl="wyjaśn zrozumi jasn czyteln",
        de="erklär verständl klar nachvollzieh",
        es="explic clar comprens entend",
    ),
    _theme(
        "reach",
        ("Hard to reach", "Трудно связаться", "Trudno się skontaktować", "Schwer erreichbar", "Difícil de contactar"),
        en="reach phone hotline unavail contact pick",
        ru="дозвон связат недоступ телефон",
        pl="dodzwon skontakt niedostęp telefon infolini",
        de="erreich telefon hotline abgehob durchwahl",
        es="contact teléfono telefón localiz disponib",
    ),
)

_SENSITIVE = _by_language(
    {
        "en": (
            "harass bully bullied discriminat racis sexis sexual assault abus threat violen suicid kill "
            "weapon drunk alcohol drug illness sick health disab depress burnout anxiet pregnan religio gay "
            "lesbian union lawsuit lawyer fraud brib corrupt theft steal stole fired dismissal resign salary "
            "humiliat insult"
        ),
        "ru": (
            "домогат травл травят буллинг дискримин расис сексис сексуал изнасил насил угроз угрож суицид "
            "самоубий убить убью оруж пьян алкогол наркот болезн болен болел заболе здоровь инвалид депресс "
            "выгоран беремен религи гей лесбиян профсоюз суд юрист адвокат мошенн взятк коррупц воров украл "
            "увол зарплат униж унизи оскорб"
        ),
        "pl": (
            "molest mobbing mobbow dyskrymin rasis rasiz seksis seksual gwałt przemoc groźb groził samobój "
            "zabij zabić broń pijan alkohol narkot chorob chory chora choruj zdrow niepełnospraw depres "
            "wypalen ciąż religi gej lesbij związkow adwokat prawnik oszust łapówk korupc kradzież ukradł "
            "zwolnien zwolnił wynagrodz pensj poniż obraź obraża"
        ),
        "de": (
            "belästig mobb diskrimin rassis sexis sexuell übergriff missbrauch droh bedroh gewalt suizid "
            "selbstmord umbring waffe betrunken alkohol drogen krank gesundheit behinder depress burnout "
            "angst schwanger religi schwul lesbisch gewerkschaft betriebsrat anwalt klage betrug bestech "
            "korrupt diebstahl gestohlen kündig entlass gehalt demütig beleidig"
        ),
        "es": (
            "acos hostig discrimin racis sexis sexual agres abus amenaz violen suicid matar arma borrach "
            "alcohol droga enferm salud discapac depres ansiedad burnout embaraz religi gay lesbian sindica "
            "abogad demanda fraude soborn corrup robo robar robó despid dimisi salario sueldo humill insult"
        ),
    }
)

DEFAULT = Codebook(_THEMES, _SENSITIVE)
