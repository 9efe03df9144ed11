"""Headings as they are written: what each column is taken for."""

import pytest

from plans.table import read_document

from .by_hand import ANY, document_of

WORDS = {
    "number": "1",
    "title": "Провести опрос",
    "deadline": "май 2027 г.",
    "deadline_from": "01.05.2027",
    "deadline_to": "31.05.2027",
    "responsible": "Отдел культуры",
    "result": "Отчёт",
    "other": "",
    ANY: "Слово",
}


@pytest.mark.parametrize(
    ("head", "meanings"),
    [
        ("№ пп|Мероприятия плана|Планируемый срок|Исп.|Ожид. результат", "number title deadline responsible result"),
        (
            "Номер п/п|Перечень мер|Дата исполнения|Лицо, ответственное за исполнение|Отчётный документ",
            "number title deadline responsible result",
        ),
        (
            "№|Что необходимо сделать|К какому сроку|Кто исполняет|Что получим",
            "number title deadline responsible result",
        ),
        (
            "№ п/п|Форма и наименование мероприятия|Дата и место проведения|Ответственные",
            "number title deadline responsible",
        ),
        ("Сроки|Содержание работы|Ответственные", "deadline title responsible"),
        (
            "№|Проводимое мероприятие|Дата, время|Организация-исполнитель|Участники",
            "number title deadline responsible *",
        ),
        (
            "N п/п|Наименование мероприятия по устранению недостатков|Плановый срок реализации|Ответственный|Фактический срок",
            "number title deadline responsible other",
        ),
        (
            "№|Задачи|Мероприятия|Показатель результативности|Сроки|Исполнители",
            "number other title result deadline responsible",
        ),
        (
            "Критерий|Мероприятие|Срок начала|Срок окончания|Ответственный",
            "* title deadline_from deadline_to responsible",
        ),
        ("№|Мероприятие|Срок с|Срок по|Ответственный", "number title deadline_from deadline_to responsible"),
        ("№|Мероприятие|с|до|Ответственный", "number title deadline_from deadline_to responsible"),
        (
            "№|Ключевое событие|Дата наступления|Ответственный исполнитель|Вид подтверждающего документа",
            "number title deadline responsible result",
        ),
        ("№ п/п|Вопросы для рассмотрения|Месяц|Ответственные за подготовку", "number title deadline responsible"),
        ("№|Тематика проверки|Объект контроля|Период проверки|Должностное лицо", "number title * deadline responsible"),
        ("Мероприятие|Ответственный|Срок|Отметка об исполнении|Ссылка", "title responsible deadline other *"),
        ("№|Предмет закупки|Квартал|Заказчик", "number title deadline responsible"),
        (
            "№ п/п|Мероприятие|Сроки проведения мероприятия|Результат мероприятия|Ответственное лицо за мероприятие",
            "number title deadline result responsible",
        ),
    ],
)
def test_heading_means(head: str, meanings: str) -> None:
    roles = meanings.split()
    plan = read_document(document_of(head + "\n" + " | ".join(WORDS[role] for role in roles)))
    assert [
        role if wanted != ANY else ANY for role, wanted in zip([one.role for one in plan.columns], roles, strict=True)
    ] == roles
    assert [row.title for row in plan.activities] == ["Провести опрос"]
