"""Large plans of our own wording, as a person might have typed them: the same rows as text, Word and Excel."""

import io
from itertools import cycle, islice, product

import docx
import openpyxl

TITLE = "План мероприятий по проведению независимой оценки качества в сфере культуры на 2026–2028 годы"
HEAD = ("№ п/п", "Наименование мероприятия", "Срок исполнения", "Ожидаемый результат", "Ответственные исполнители")

_STAGES = ("Подготовка", "Сбор мнений", "Обследование", "Подведение итогов", "Улучшение условий", "Гласность")
_ACTS = (
    "Составление", "Утверждение", "Размещение на сайте", "Направление учреждениям", "Обсуждение на заседании", "Проверка",
)  # fmt: skip
_RESULTS = ("документ подготовлен", "решение принято", "сведения размещены", "отчёт представлен", "замечания учтены")
_THINGS = (
    "перечня библиотек", "вопросов анкеты", "памятки для посетителей", "расписания опроса", "сводки ответов",
    "справки о доступности залов", "таблицы баллов", "списка замечаний", "плана ремонта фойе", "обзора сайтов музеев",
)  # fmt: skip
_PLACES = ("сельских клубов", "городских музеев", "детских школ искусств", "парков", "читальных залов")
# a day from 1 to 28 makes nearly each of them another text, as in a plan that nobody has read before
_DEADLINES = (
    "до {} апреля", "с {} мая по 30 октября", "ежеквартально, до {} числа месяца, следующего за отчётным кварталом",
    "в течение {} рабочих дней после утверждения перечня", "IV квартал 2027 года", "постоянно", "до {}.12.2026",
    "в год проведения оценки, до {} ноября", "по мере необходимости", "раз в полугодие", "с {} мая по 30 июня 2028 г.",
    "за {} дней до заседания общественного совета", "последняя пятница месяца",
)  # fmt: skip
_PARTIES = (
    "Отдел культуры", "Общественный совет, отдел культуры", "Организация-оператор", "Руководители учреждений культуры",
    "Заместитель главы администрации; отдел информационных систем",
)  # fmt: skip

Row = tuple[str, ...]


def plan_rows(count: int) -> list[Row]:
    """The rows under the head: `count` activities in six sections, each section's heading a row of its own."""
    works = product(_ACTS, _THINGS, _PLACES)
    details = zip(cycle(_DEADLINES), cycle(_RESULTS), cycle(_PARTIES), cycle(range(1, 29)), strict=False)
    rows: list[Row] = []
    for section, stage in enumerate(_STAGES, 1):
        rows.append((str(section), stage, "", "", ""))
        size = count // len(_STAGES) + (section <= count % len(_STAGES))
        for number in range(1, size + 1):
            act, thing, place = next(works)
            deadline, result, parties, day = next(details)
            rows.append((f"{section}.{number}", f"{act} {thing} для {place}", deadline.format(day), result, parties))
    return rows


def as_text(count: int) -> str:
    """Tab-separated, as it is pasted from a table."""
    return "\n".join([TITLE, *("\t".join(row) for row in (HEAD, *plan_rows(count)))])


def as_word(count: int) -> bytes:
    document = docx.Document()
    document.add_paragraph(TITLE)
    rows = [HEAD, *plan_rows(count)]
    table = document.add_table(rows=len(rows), cols=len(HEAD))
    cells = iter(table._cells)
    for row in rows:
        for text, cell in zip(row, islice(cells, len(HEAD)), strict=True):
            cell.text = text
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def as_excel(count: int) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ((TITLE,), HEAD, *plan_rows(count)):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
