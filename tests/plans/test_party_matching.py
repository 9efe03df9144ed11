"""What names of responsible parties suggest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.party_matching import (
    Employee,
    Group,
    Named,
    Why,
    likely_accounts,
    likely_doubles,
    likely_group,
    likely_organization,
)

PLACES = ("Лесной район", "Лесного района", "Лесном районе")
REGISTER = {
    ("culture", "библиотека"),
    ("culture", "дом культуры"),
    ("culture", "музей"),
    ("education", "школа"),
    ("education", "детский сад"),
}
ORGANIZATIONS = [
    Named(1, "Муниципальное бюджетное учреждение культуры «Центральная районная библиотека» Лесного района", "ЦРБ-1"),
    Named(2, "Муниципальное общеобразовательное учреждение «Школа № 2» Лесного района", "Школа № 2"),
    Named(3, "Муниципальное общеобразовательное учреждение «Школа № 12» Лесного района", "Школа № 12"),
    Named(4, "Муниципальное бюджетное учреждение культуры «Районный дом культуры»", "РДК"),
]
PEOPLE = [
    Employee(1, "Ольхова Инна Юрьевна", "Начальник отдела культуры и туризма", "administrator"),
    Employee(2, "Дубов Олег Ильич", "Главный специалист отдела культуры и туризма", "editor"),
    Employee(3, "Кедров Пётр Павлович", "Начальник отдела информационной политики", "responsible"),
    Employee(4, "Липова Анна Романовна", "Председатель", "council_chair"),
    Employee(5, "Вязова Вера Олеговна", "Секретарь общественного совета", "council_secretary"),
    Employee(6, "Пихтин Егор Денисович", "", "survey_operator"),
]


def why(one, other):
    found = likely_doubles([Named(1, one), Named(2, other)], PLACES)
    return found[0].why if found else None


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Отдел культуры", "отделом культуры", Why.SAME_WORDS),
        ("Отдел культуры и туризма", "Отдел туризма и культуры", Why.SAME_WORDS),
        ("Организация-оператор", "организация оператор", Why.SAME_WORDS),
        ("Зам. начальника управления", "Заместитель начальника управления", Why.SAME_WORDS),
        ("Отдел культуры", "Отдел культуры администрации", Why.PLACE),
        ("Отдел культуры администрации Лесного района", "Отдел культуры", Why.PLACE),
        ("Управление образования", "Управление образования муниципального образования", Why.PLACE),
        ("Управление образования", "Управление образования городского округа", Why.PLACE),
        ("Глава района", "Глава Лесного района", Why.PLACE),
        ("УСЗН", "Управление социальной защиты населения", Why.SHORTENED),
        ("Члены ОП", "Члены общественной палаты", Why.SHORTENED),
        ("Отдел культуры", "Отдел кутьтуры", Why.MISPRINT),
        ("Общественный совет", "Общественный совет по независимой оценке", Why.LONGER),
        ("Ольхова И. Ю.", "Ольхова Инна Юрьевна", Why.PERSON),
        ("И.Ю. Ольхова", "Ольховой И. Ю.", Why.PERSON),
        ("Начальник отдела культуры Ольхова И. Ю.", "Начальник отдела культуры", Why.SAME_WORDS),
    ],
)
def test_likely_doubles_are_found_with_their_reason(one, other, reason):
    assert why(one, other) == reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Школа № 1", "Школа № 2"),
        ("Школа", "Школы"),
        ("Руководитель учреждения культуры", "Руководители учреждений культуры"),
        ("Глава района", "Глава администрации"),
        ("Отдел образования", "Управление образования"),
        ("Отдел опеки", "Отдел оценки"),
        ("Директор школы", "Директор школы № 5"),
        ("Директор", "Директор библиотеки"),
        ("Ольхова И. Ю.", "Ольхова А. Ю."),
        ("Дубов О. И.", "Дубова О. И."),
        ("Директор Ольхова И. Ю.", "Директор Липова А. Р."),
        ("Заместитель главы", "Глава"),
    ],
)
def test_different_parties_are_not_called_doubles(one, other):
    assert why(one, other) is None


def test_name_that_many_names_continue_is_no_double_of_them():
    names = ["Отдел культуры", "Отдел культуры и спорта", "Отдел культуры и туризма", "Отдел культуры и молодёжи"]
    assert likely_doubles([Named(i, name) for i, name in enumerate(names)]) == []


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("все образовательные организации", Group("education", "")),
        ("Учреждения культуры", Group("culture", "")),
        ("библиотеки района", Group("culture", "библиотека")),
        ("дома культуры", Group("culture", "дом культуры")),
        ("детские сады", Group("education", "детский сад")),
        ("Руководители учреждений культуры", Group("culture", "")),
        ("заведующие детскими садами", Group("education", "детский сад")),
        ("Учреждения культуры и образования", Group("", "")),
        ("подведомственные учреждения", Group("", "")),
        ("медицинские организации", None),
        ("Учреждение культуры", None),
        ("Школа № 2", None),
        ("Отделы администрации", None),
        ("Члены совета", None),
    ],
)
def test_group_is_a_sphere_and_a_type_of_the_register(name, group):
    assert likely_group(name, REGISTER) == group


def test_two_of_three_spheres_are_no_group_that_can_be_said():
    assert likely_group("Учреждения культуры и образования", REGISTER | {("health", "больница")}) is None


@pytest.mark.parametrize(
    ("name", "organization"),
    [
        ("Центральная районная библиотека", 1),
        ("МБУК «Центральная районная библиотека»", 1),
        ("Директор центральной районной библиотеки", 1),
        ("МОУ СОШ № 2", 2),
        ("Директор школы № 12", 3),
        ("МБУК РДК", 4),
        ("Школа № 3", None),
        ("Библиотека", None),
        ("Школы", None),
        ("Отдел культуры", None),
    ],
)
def test_institution_is_one_of_the_register_or_nothing(name, organization):
    found = likely_organization(name, ORGANIZATIONS, PLACES)
    assert (found.pk if found else None) == organization


def test_institution_that_two_records_fit_is_not_guessed():
    twins = [*ORGANIZATIONS, Named(9, "МБОУ «Школа № 2»", "")]
    assert likely_organization("Школа № 2", twins, PLACES) is None


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("Кедров П. П.", [(3, Why.PERSON)]),
        ("Кедрова П. П.", []),
        ("Начальник отдела культуры и туризма", [(1, Why.POST)]),
        ("Отдел культуры и туризма администрации Лесного района", [(1, Why.WORKS_THERE), (2, Why.WORKS_THERE)]),
        ("Секретарь общественного совета", [(5, Why.POST)]),
        ("Председатель совета", [(4, Why.ROLE)]),
        ("Организация-оператор", [(6, Why.ROLE)]),
        ("Отдел кадров", []),
        ("специалисты отдела культуры и туризма", []),
    ],
)
def test_accounts_are_found_by_name_post_department_and_role(name, people):
    assert [(match.pk, match.why) for match in likely_accounts(name, PEOPLE, PLACES)] == people


NAMES = st.lists(
    st.sampled_from(
        "отдел культуры образования туризма администрации совет общественный школа директор № 1 2 зам. района и".split()
    ),
    min_size=1,
    max_size=6,
).map(" ".join)
ANYTHING = st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщьыэюя АБВИО.,№«»-1290", max_size=60)


@given(st.lists(NAMES | ANYTHING, max_size=8))
def test_each_pair_once_and_never_with_itself(names):
    found = likely_doubles([Named(i, name) for i, name in enumerate(names)], PLACES)
    pairs = [(one.first, one.second) for one in found]
    assert all(first < second for first, second in pairs)
    assert len(pairs) == len(set(pairs))


@given(st.lists(NAMES, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_order_of_the_parties_makes_no_difference(names, choose):
    parties = [Named(i, name) for i, name in enumerate(names)]
    mixed = list(parties)
    choose.shuffle(mixed)
    assert likely_doubles(parties, PLACES) == likely_doubles(mixed, PLACES)


@given(NAMES, NAMES)
def test_different_numbers_are_never_doubles(one, other):
    if sorted(filter(str.isdigit, one.split())) != sorted(filter(str.isdigit, other.split())):
        assert why(one, other) is None


@given(ANYTHING)
def test_no_name_is_too_strange(name):
    likely_group(name, REGISTER)
    likely_organization(name, ORGANIZATIONS, PLACES)
    for match in likely_accounts(name, PEOPLE, PLACES):
        assert match.pk in {one.pk for one in PEOPLE}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Отдел дошкольного образования", "Отдел школьного образования"),
        ("Отдел культуры Лесного района", "Отдел культуры Заречного района"),
        ("Иванов М. П.", "М. П. Ивановой"),
        ("Ведущий специалист отдела культуры", "Главный специалист отдела культуры"),
        ("Первый заместитель главы", "Заместитель главы"),
        ("Общественный совет", "Председатель общественного совета"),
        ("Общественный совет по культуре", "Общественный совет по образованию"),
        ("Отдел культуры", "Начальник отдела культуры"),
        ("Дошкольные образовательные организации", "Образовательные организации"),
        ("Директор клуба «Заря»", "Клуб «Заря»"),
        ("Организация-оператор", "Организации"),
    ],
)
def test_names_that_sound_alike_are_no_doubles(one, other):
    assert why(one, other) is None


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("Муниципальные учреждения Лесного района", Group("", "")),
        ("руководители подведомственных учреждений", Group("", "")),
        ("организации, подлежащие независимой оценке", Group("", "")),
        ("организации, участвующие в оценке", Group("", "")),
        # none of the register
        ("общественные организации", None),
        ("некоммерческие организации", None),
        ("заинтересованные организации", None),
        ("организации торговли", None),
        ("члены общественных организаций", None),
        # only a part of a sphere, and no such type is in the register
        ("театры", None),
        ("лицеи и гимназии", None),
        ("культурно-досуговые учреждения", None),
    ],
)
def test_group_is_not_wider_than_its_words(name, group):
    assert likely_group(name, REGISTER) == group


@pytest.mark.parametrize(
    ("name", "organization"),
    [
        ("Дом культуры", 4),
        ("Директор МБУК РДК Сосновская А. А.", 4),
        ("Средняя школа № 12", 3),
        ("Сельский дом культуры", None),
        ("Дом культуры села Берёзовка", None),
        ("Школа № 12 и школа № 2", None),
    ],
)
def test_more_words_than_the_register_has_mean_another_institution(name, organization):
    found = likely_organization(name, ORGANIZATIONS, PLACES)
    assert (found.pk if found else None) == organization


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("О. И. Дубову", [2]),
        ("О. И. Дубовой", []),
        ("Дубов О. С.", []),
        ("Отдел физической культуры и туризма", []),
        ("Управление культуры и туризма", []),
        ("Специалист отдела культуры и туризма", []),
        ("Министерство культуры и туризма", []),
        ("Общественная палата", []),
    ],
)
def test_nobody_works_for_what_only_sounds_like_it(name, people):
    assert [match.pk for match in likely_accounts(name, PEOPLE, PLACES)] == people
