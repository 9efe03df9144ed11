"""A plan of our own wording for a whole assessment, from the list of organizations to the controlled remediation. Pure.

The dates are usual ones, each a choice of the municipality, which changes them in its draft.
"""

from collections.abc import Sequence
from datetime import date

from plans.facts import Facts
from plans.table import PlanTable, read_pasted

LENGTHS = (1, 3)
OFFICE = "Уполномоченный орган"
COUNCIL = "Общественный совет"
OPERATOR = "Оператор"
INSTITUTIONS = "Учреждения"

_IN_YEAR = "года проведения независимой оценки"
_AFTER_YEAR = "года, следующего за годом проведения независимой оценки"

# number, what is done, deadline, what comes of it, who; a line without a deadline begins a section
ROWS: tuple[tuple[str, ...], ...] = (
    ("1", "Подготовка независимой оценки"),
    ("1.1", "Утверждение плана работы общественного совета по независимой оценке", f"до 1 февраля {_IN_YEAR}",
     "План работы совета утверждён", f"{COUNCIL}, {OFFICE}"),
    ("1.2", "Составление и утверждение перечня организаций, которые пройдут независимую оценку", f"до 1 апреля {_IN_YEAR}",
     "Решение совета о перечне организаций", f"{COUNCIL}, {OFFICE}"),
    ("1.3", "Определение дополнительных критериев и показателей независимой оценки", f"до 1 апреля {_IN_YEAR}",
     "Решение совета о критериях либо о том, что они не нужны", COUNCIL),
    ("1.4", "Информирование организаций о сроках и порядке независимой оценки", f"до 15 апреля {_IN_YEAR}",
     "Письма организациям", OFFICE),
    ("1.5", "Подготовка технического задания и заключение контракта с оператором", f"II квартал {_IN_YEAR}",
     "Контракт заключён, оператор определён правовым актом", OFFICE),
    ("1.6", "Размещение анкет и ссылок на опрос на сайтах и стендах учреждений", f"до 30 апреля {_IN_YEAR}",
     "Ссылки и коды для опроса размещены", f"{OFFICE}, {INSTITUTIONS}"),
    ("2", "Сбор сведений о качестве условий оказания услуг"),
    ("2.1", "Информационная кампания об участии жителей в опросе", f"май – октябрь {_IN_YEAR}",
     "Объявления в печати, на сайтах и в социальных сетях", f"{OFFICE}, {INSTITUTIONS}"),
    ("2.2", "Опрос получателей услуг", f"май – октябрь {_IN_YEAR}",
     "Мнения собраны в объёме, установленном для каждой организации", OPERATOR),
    ("2.3", "Обследование стендов, сайтов, помещений и доступности организаций", f"май – октябрь {_IN_YEAR}",
     "Листы обследования по каждой организации", f"{OPERATOR}, {COUNCIL}"),
    ("2.4", "Представление отчёта оператора", f"до 1 декабря {_IN_YEAR}",
     "Отчёт с показателями, недостатками и предложениями", OPERATOR),
    ("3", "Подведение итогов"),
    ("3.1", "Заседание общественного совета по итогам независимой оценки", f"до 20 декабря {_IN_YEAR}",
     "Протокол заседания", COUNCIL),
    ("3.2", "Формирование результатов независимой оценки", f"до 25 декабря {_IN_YEAR}",
     "Результаты по каждой организации", COUNCIL),
    ("3.3", "Утверждение рейтинга организаций по сферам", f"до 25 декабря {_IN_YEAR}",
     "Рейтинги по сферам и видам организаций", COUNCIL),
    ("3.4", "Общественное обсуждение результатов независимой оценки", f"до 31 декабря {_IN_YEAR}",
     "Отзывы жителей собраны и рассмотрены", f"{COUNCIL}, {OFFICE}"),
    ("3.5", "Разработка предложений по улучшению деятельности организаций", f"до 31 декабря {_IN_YEAR}",
     "Предложения для каждой организации", COUNCIL),
    ("3.6", "Размещение результатов независимой оценки на bus.gov.ru и на сайте муниципалитета",
     "в течение 5 рабочих дней после утверждения рейтинга", "Результаты опубликованы", OFFICE),
    ("3.7", "Направление результатов и предложений учреждениям", f"до 15 января {_AFTER_YEAR}",
     "Письма учреждениям", OFFICE),
    ("3.8", "Рассмотрение результатов и предложений", f"до 15 февраля {_AFTER_YEAR}",
     "Решения по каждой организации", f"{OFFICE}, {INSTITUTIONS}"),
    ("4", "Устранение недостатков"),
    ("4.1", "Разработка планов по устранению недостатков", f"до 1 марта {_AFTER_YEAR}",
     "Проекты планов по каждой организации", f"{INSTITUTIONS}, {OFFICE}"),
    ("4.2", "Утверждение планов по устранению недостатков", f"до 10 марта {_AFTER_YEAR}",
     "Планы утверждены", OFFICE),
    ("4.3", "Размещение планов по устранению недостатков на сайтах учреждений и на bus.gov.ru",
     f"до 15 марта {_AFTER_YEAR}", "Планы опубликованы", INSTITUTIONS),
    ("4.4", "Меры поощрения и воздействия по итогам независимой оценки", f"до 1 марта {_AFTER_YEAR}",
     "Сведения о принятых мерах", OFFICE),
    ("4.5", "Включение результатов независимой оценки в показатели трудовых договоров руководителей",
     f"до 1 апреля {_AFTER_YEAR}", "Дополнительные соглашения", OFFICE),
    ("4.6", "Контроль устранения недостатков, выявленных независимой оценкой", f"ежеквартально в течение {_AFTER_YEAR}",
     "Сведения об устранённых недостатках", f"{OFFICE}, {INSTITUTIONS}"),
    ("5", "Открытость"),
    ("5.1", "Обновление сведений об организации на официальном сайте и на bus.gov.ru", "ежеквартально",
     "Сведения полны и верны", INSTITUTIONS),
    ("5.2", "Мониторинг посещений и отзывов на bus.gov.ru", "раз в полугодие", "Пояснительная записка", OFFICE),
    ("5.3", "Подведение итогов по целевым показателям", f"до 31 декабря {_IN_YEAR}",
     "Сведения о достижении показателей", OFFICE),
)  # fmt: skip
_HEAD = ("№ п/п", "Мероприятие", "Срок исполнения", "Ожидаемый результат", "Ответственные исполнители")

# what is promised and its figures: the last of them is that of a single year
TARGETS: tuple[tuple[str, tuple[int, int, int]], ...] = (
    ("Доля организаций, прошедших независимую оценку, нарастающим итогом", (33, 67, 100)),
    ("Доля организаций, по которым размещены планы по устранению недостатков", (100, 100, 100)),
    ("Доля устранённых недостатков из числа выявленных", (80, 90, 95)),
    ("Доля получателей услуг, удовлетворённых качеством условий их оказания", (80, 85, 90)),
)
_SPHERES = {
    "culture": "культуры",
    "education": "образования",
    "health": "охраны здоровья",
    "social": "социального обслуживания",
}
_TARGETS_HEAD = ("№ п/п", "Целевой показатель", "Единица измерения")


def template_plan(*, first_year: int, years: int, spheres: Sequence[str]) -> tuple[PlanTable, Facts]:
    """The template for assessments of `years` years (one of LENGTHS) and spheres (codes), as it is read.

    The period runs to the end of the year after the last assessment: shortcomings are remedied then.
    """
    last = first_year + years - 1
    table = read_pasted(template_text(first_year=first_year, years=years, spheres=spheres))
    facts = Facts(
        title=table.title,
        period_from=date(first_year, 1, 1),
        period_to=date(last + 1, 12, 31),
        assessment_years=tuple(range(first_year, last + 1)),
        spheres=tuple(spheres),
    )
    return table, facts


def template_text(*, first_year: int, years: int, spheres: Sequence[str]) -> str:
    """The template as a table that could have been pasted: tabs between cells."""
    named = [f"{first_year + place}" for place in range(years)]
    when = f"{named[0]} год" if years == 1 else f"{named[0]}–{named[-1]} годы"
    *first, last = (_SPHERES[sphere] for sphere in spheres)
    where = f"в сферах {', '.join(first)} и {last}" if first else f"в сфере {last}"
    title = f"План мероприятий по проведению независимой оценки качества условий оказания услуг {where} на {when}"
    rows = [title, "\t".join(_HEAD)]
    rows += ["\t".join([*row, *[""] * (len(_HEAD) - len(row))]) for row in ROWS]
    rows += ["", "Целевые показатели", "\t".join([*_TARGETS_HEAD, *(f"{year} год" for year in named)])]
    for number, (words, figures) in enumerate(TARGETS, start=1):
        rows.append("\t".join([str(number), words, "%", *map(str, figures[-years:])]))
    return "\n".join(rows)
