"""What is too much for the portal to keep: a typing slip as a rule, so a person decides."""

from collections.abc import Iterator

from plans.table.model import Finding, PlanTable
from plans.table.words import fold

BEYOND_VALUES = 10**9
MOST_PARTIES = 200
LONGEST_PARTY = 500
LONGEST_NUMBER = 30
LONGEST_SECTION = 2000
CANNOT_BE_KEPT = frozenset({"value_too_large", "too_many_parties"})


def limit_findings(table: PlanTable) -> Iterator[Finding]:
    """Values of targets and parties of activities that no plan can hold; names that are cut."""
    for place, section in enumerate(table.sections):
        if len(section.number or "") > LONGEST_NUMBER or len(section.title) > LONGEST_SECTION:
            yield Finding(
                "section_title_long", "warning",
                f"Заголовок раздела «{fold(section.title)[:60]}…» или его номер слишком длинный, в план попадёт только "
                "начало. Проверьте, заголовок ли это.",
                field=f"sections.{place}",
            )  # fmt: skip
    for index, activity in enumerate(table.activities):
        if len(activity.number or "") > LONGEST_NUMBER:
            yield Finding(
                "number_too_long", "warning",
                f"Номер длиннее {LONGEST_NUMBER} знаков, в план попадёт только его начало. Исправьте номер.",
                activity.number, index, None, "number",
            )  # fmt: skip
        if len(activity.responsible) > MOST_PARTIES:
            yield Finding(
                "too_many_parties", "error",
                f"В строке больше {MOST_PARTIES} исполнителей: портал столько не принимает. Проверьте, верно ли они разделены.",
                activity.number, index, None, "responsible",
            )  # fmt: skip
        if any(len(name) > LONGEST_PARTY for name in activity.responsible):
            yield Finding(
                "party_name_long", "warning",
                f"Название исполнителя длиннее {LONGEST_PARTY} знаков, в план попадёт только его начало. Сократите его.",
                activity.number, index, None, "responsible",
            )  # fmt: skip
    for index, target in enumerate(table.targets):
        years = [str(year) for year, value in sorted(target.values.items()) if abs(value) >= BEYOND_VALUES]
        if years:
            title = fold(target.title)
            name = title if len(title) <= 60 else title[:59].rstrip() + "…"
            yield Finding(
                "value_too_large", "error",
                f"У показателя «{name}» слишком большое значение ({', '.join(years)} год): портал принимает числа меньше "
                "миллиарда. Исправьте его.",
                target_index=index, field="values",
            )  # fmt: skip
