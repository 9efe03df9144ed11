"""A plan as its tests of editing read it."""

from plans.models import Activity


def line(plan, number):
    return Activity.objects.get(plan=plan, number=number)


def outline(plan):
    """Sections and rows as a person reads them; positions have no gaps."""
    rows = list(Activity.objects.filter(plan=plan).order_by("position"))
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    sections = list(plan.sections.order_by("position"))
    assert [one.position for one in sections] == list(range(1, len(sections) + 1))
    order = {None: 0, **{one.pk: one.position for one in sections}}
    assert sorted(rows, key=lambda row: order[row.section_id]) == rows
    return [
        (str(one or ""), [f"{row.number} {row.title}" for row in rows if row.section_id == (one.pk if one else None)])
        for one in (None, *sections)
    ][0 if any(row.section_id is None for row in rows) else 1 :]


def numbers(plan):
    return [row.partition(" ")[0] for _, rows in outline(plan) for row in rows]


def parties(activity):
    return [link.party.name for link in activity.party_links.order_by("position")]


def days(activity):
    return list(activity.due_dates.order_by("window_to").values_list("window_to", flat=True))


def everything(plan):
    """All that a person sees of the plan."""
    return outline(plan), {
        row.pk: (row.number, row.title, row.deadline_text, row.deadline_reading, row.expected_result, row.step,
                 row.planned_quantity, row.quantity_unit, row.responsible_text, row.reading_corrected_at, tuple(parties(row)),
                 tuple(days(row)), tuple(row.organization_links.values_list("organization_id", "year")))
        for row in Activity.objects.filter(plan=plan)
    }  # fmt: skip
