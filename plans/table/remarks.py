"""What the reader did to make sense of the document, so that nothing is repaired in silence."""

from plans.table.model import Finding, Severity

# Codes kept with an activity: severity, message, field.
ACTIVITY_REMARKS: dict[str, tuple[Severity, str, str | None]] = {
    "row_joined": (
        "question",
        "Строка была разорвана (например, переходом на новую страницу) и собрана из частей. Проверьте слова.",
        "title",
    ),
    "parties_split": (
        "question",
        "Исполнители в ячейке не разделены знаками и разделены по словам. Проверьте, верно ли.",
        "responsible",
    ),
    "parties_cut": (
        "warning",
        "В ячейке исполнителей слишком много слов, прочитано только её начало. Проверьте список исполнителей.",
        "responsible",
    ),
    "party_case_doubtful": (
        "question",
        "Исполнитель назван не в именительном падеже, и по словам не видно, как он называется. Впишите его название.",
        "responsible",
    ),
    "deadline_composed": ("question", "Срок собран из нескольких колонок. Проверьте его слова.", "deadline_text"),
    "party_from_heading": (
        "question",
        "Исполнитель взят из заголовка над строкой. Верно? Если нет, укажите другого.",
        "responsible",
    ),
    "party_from_title": (
        "question",
        "Исполнитель взят из слов мероприятия. Верно? Если нет, укажите другого.",
        "responsible",
    ),
}

# Codes of findings about the document as a whole: the plan check cannot find them again and keeps them.
DOCUMENT_CODES = frozenset({
    "tracked_changes", "nested_table", "columns_guessed", "table_skipped", "row_skipped", "sheet_skipped",
    "title_cut", "title_column_guessed", "hidden_text", "hidden_cells", "filtered_rows", "formulas_without_values", "table_cut",
})  # fmt: skip

_DOCUMENT: dict[str, tuple[Severity, str]] = {
    "tracked_changes": (
        "warning",
        "В документе есть непринятые исправления, текст прочитан так, как если их принять. Проверьте редакцию.",
    ),
    "nested_table": ("question", "В ячейках документа есть вложенные таблицы, они прочитаны как строки текста."),
    "hidden_text": (
        "question",
        "В документе есть скрытый текст, он не прочитан. Если он нужен, покажите его в Word и загрузите документ снова.",
    ),
    "hidden_cells": (
        "question",
        "На листе есть скрытые строки или колонки, они не прочитаны. Если они нужны, покажите их и загрузите снова.",
    ),
    "filtered_rows": (
        "question",
        "Часть строк листа скрыта фильтром или свёрнута в группу, они прочитаны вместе с остальными.",
    ),
    "formulas_without_values": (
        "warning",
        "В книге есть формулы без сохранённых значений, эти ячейки пусты. Сохраните книгу в Excel и загрузите снова.",
    ),
    "table_cut": (
        "warning",
        "В документе есть очень широкая таблица или очень длинная ячейка, прочитано только её начало.",
    ),
    "title_cut": (
        "warning",
        "Над таблицей слишком много слов, за название плана взято их начало. Проверьте название и сократите его.",
    ),
    "columns_guessed": (
        "warning",
        "У таблицы нет заголовков колонок, они определены по содержанию. Проверьте, верно ли.",
    ),
}


def document_finding(code: str) -> Finding | None:
    """A finding about the whole document for a reader's remark."""
    if code not in _DOCUMENT:
        return None
    severity, message = _DOCUMENT[code]
    return Finding(code, severity, message)


def title_guessed(heading: str) -> Finding:
    return Finding(
        "title_column_guessed", "question",
        f"Мероприятия взяты из колонки «{heading[:60]}»: по заголовку этого не видно. Проверьте, верно ли, или укажите "
        "другую.",
        field="columns",
    )  # fmt: skip


def table_skipped(index: int, words: str) -> Finding:
    return Finding(
        "table_skipped", "question",
        f"Таблица {index} («{words}») не похожа на план и пропущена. Если в ней есть мероприятия, вставьте её текстом "
        "вместе с заголовками колонок.",
    )  # fmt: skip


def row_skipped(table: int, row: int, words: str) -> Finding:
    return Finding(
        "row_skipped", "question",
        f"Строка {row} таблицы {table} («{words}») не отнесена ни к одному мероприятию. Если она нужна, допишите её.",
    )  # fmt: skip


def sheet_skipped(name: str) -> Finding:
    return Finding(
        "sheet_skipped", "question",
        f"На листе «{name}» есть ещё один план, он не прочитан. Чтобы внести и его, загрузите этот лист отдельно.",
    )  # fmt: skip
