"""The clerk loads a list of organizations: upload, preview with errors, confirmation, list."""

import pytest

from nok_portal.tenants.models import Organization
from nok_portal.tenants.register.inn import inn_from
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services.organizations import add_organization
from tests.factories import NOW, MunicipalityFactory, member_of
from tests.factories.excel import workbook

pytestmark = pytest.mark.django_db(transaction=True)

LIST = [
    ["Перечень организаций района"],
    ["№", "Наименование организации", "ИНН", "Сфера", "Адрес", "Получателей"],
    [1, "Муниципальное бюджетное учреждение культуры «Музей»", inn_from("990100101"), "Культура", "ул. Мира, 1", 900],
    [2, "Школа № 10", inn_from("990100202"), "Образование", "ул. Новая, 8", 300],
    [3, "Школа № 2", inn_from("990100303"), "Образование", "ул. Садовая, 3", 200],
    [4, "Дом культуры «Рассвет»", "9901004040", "Спорт", "с. Рассвет", "много"],
]


@pytest.fixture
def editor():
    municipality = MunicipalityFactory(slug="sosnovskiy")
    with scope(writable=[municipality.pk]):
        add_organization(
            municipality=municipality,
            facts={
                "name": "Школа № 10",
                "inn": inn_from("990100202"),
                "sphere": "education",
                "address": "ул. Старая, 1",
            },
            actor=None,
            at=NOW,
        )
    return member_of(municipality)


def test_list_from_excel_is_previewed_and_loaded(page, log_in, editor, tmp_path, assert_accessible):
    path = tmp_path / "список.xlsx"
    path.write_bytes(workbook(LIST))
    log_in(page, editor)
    page.goto("/m/sosnovskiy/organizations/")
    page.get_by_role("link", name="Загрузить из Excel").click()
    page.get_by_label("Список организаций").set_input_files(path)
    page.get_by_role("button", name="Прочитать файл").click()

    page.get_by_role("heading", name="Что изменится в реестре").wait_for()
    wrong = page.get_by_role("row").filter(has_text="Дом культуры «Рассвет»")
    assert "Столбец C «ИНН»." in wrong.inner_text()
    assert "Столбец D «Сфера»." in wrong.inner_text()
    assert "Столбец F «Получателей»." in wrong.inner_text()
    assert wrong.get_by_role("checkbox").count() == 0
    changed = page.get_by_role("row").filter(has_text="Школа № 10")
    assert changed.locator("del").all_inner_texts() == ["ул. Старая, 1"]
    assert "Выбраны 3 строки" in page.locator(".bar").inner_text().replace("\u00a0", " ")
    assert_accessible(page)

    page.get_by_label("Записать строку 3", exact=True).uncheck()
    page.get_by_role("button", name="Записать выбранное").click()
    page.get_by_role("heading", name="Организации", exact=True).wait_for()
    names = page.locator("tbody tr td:first-child a").all_inner_texts()
    assert [name.replace("\u00a0", " ") for name in names] == ["Школа № 2", "Школа № 10"]
    assert_accessible(page)
    with scope(readable=[Organization._meta.get_field("municipality").related_model.objects.get().pk]):
        assert Organization.objects.get(name="Школа № 10").address == "ул. Новая, 8"
