"""Russian: plural short forms with «вы», so that no gender is needed."""

from app.domain.instruments.items import Item, Reason
from app.domain.instruments.wordings.shape import Wording

RUSSIAN = Wording(
    language="ru",
    quoted="«{name}»",
    csat_overall="Насколько вы в целом удовлетворены тем, как была выполнена эта заявка?",
    csat_labels=(
        "Совершенно не удовлетворены",
        "Скорее не удовлетворены",
        "Отчасти да, отчасти нет",
        "Скорее удовлетворены",
        "Полностью удовлетворены",
    ),
    grid_stem="Как вы оцениваете …",
    grid_question="Как вы оцениваете {row}?",
    grid_rows={
        Item.TIMELINESS: "срок выполнения",
        Item.RESULT_QUALITY: "качество результата",
        Item.COMMUNICATION: "информирование о ходе работы",
    },
    grid_labels=("Очень плохо", "Плохо", "Сред\u00adне", "Хоро\u00adшо", "Очень хоро\u00adшо"),
    not_applicable="Не могу оценить",
    statements={
        Item.EFFORT: "Решить этот вопрос с помощью подразделения {d} было легко.",
        Item.TRUST: "На подразделение {d} можно положиться: оно выполняет обещанное.",
        Item.PROFESSIONALISM: "Общение было профессиональным.",
        Item.COOPERATION: "Сотрудничество с подразделением {d} по этой заявке было хорошо налажено.",
    },
    agree_labels=(
        "Полностью не согласны",
        "Скорее не согласны",
        "Отчасти да, отчасти нет",
        "Скорее согласны",
        "Полностью согласны",
    ),
    recommend="С какой вероятностью вы посоветуете коллегам обратиться в подразделение {d} с похожим вопросом?",
    recommend_ends=("Совсем не вероятно", "Очень вероятно"),
    comment="Что сохранить, а что изменить?",
    comment_hint="Необязательно. Пожалуйста, не указывайте имена.",
    comment_notice="Комментарии могут быть показаны дословно, но без вашего имени.",
    confidentiality=(
        "Ответы конфиденциальны: результаты показываются только по группам не менее {k} человек"
        " и никогда по отдельным людям."
    ),
    contact_consent="Свяжитесь со мной по этому вопросу (подразделение увидит моё имя).",
    kudos="Сказать команде спасибо",
    reasons={
        Reason.TOO_SLOW: "Слишком долго",
        Reason.RESULT_NOT_RIGHT: "Не тот результат",
        Reason.TOO_LITTLE_INFORMATION: "Мало информации",
        Reason.TOO_MUCH_EFFORT: "Слишком много усилий",
        Reason.HAD_TO_ASK_AGAIN: "Пришлось обращаться повторно",
        Reason.SOMETHING_ELSE: "Другое",
    },
)
