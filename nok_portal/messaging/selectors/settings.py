"""How a municipality reminds and how a person wants to be reminded."""

from collections.abc import Mapping
from typing import Any

from nok_portal.audit.models import AuditEntry
from nok_portal.audit.selectors import timeline_for
from nok_portal.common.text import counted
from nok_portal.tenants.models import Municipality, Region
from nok_portal.tenants.selectors.places import HISTORY_LENGTH, Change

from ..kinds import DAYS, all_kinds
from ..models import DeclinedRegionLetter, EscalationPerson, FeedKey, PersonalReminders, ReminderSettings
from ..people import Contact, Staff, directory
from ..reminding import WORKING_DAYS
from ..typed_days import write_days

LABELS = {
    "before": "до срока, дней",
    "after": "после срока, дней",
    "every": "затем",
    "hour": "час",
    "opening": "вступление",
    "kinds_off": "не напоминать",
    "escalate_after": "сообщать выше",
    "escalation": "кому ещё",
}


def settings_of(municipality: Municipality) -> ReminderSettings:
    """How the municipality reminds; with version 0 as shipped."""
    found = ReminderSettings.objects.filter(municipality=municipality).first()
    return found or ReminderSettings(municipality=municipality, version=0)


def escalation_people(municipality: Municipality) -> list[int]:
    """Accounts of those who hear of long lateness."""
    found = EscalationPerson.objects.filter(municipality=municipality).order_by("user_id")
    return list(found.values_list("user_id", flat=True))


def personal_settings_of(municipality: Municipality, user_id: int) -> PersonalReminders:
    """How a person wants to be reminded; with version 0 nothing was said."""
    found = PersonalReminders.objects.filter(municipality=municipality, user=user_id).first()
    return found or PersonalReminders(municipality=municipality, user_id=user_id, version=0)


def feed_of(municipality: Municipality, user_id: int) -> FeedKey | None:
    """The person's calendar address that opens something, or None; the address itself is kept nowhere."""
    return FeedKey.objects.filter(municipality=municipality, user=user_id).first()


def staff_of(municipality: Municipality) -> Staff:
    """Who works in the municipality."""
    return directory().staff([municipality.pk]).get(municipality.pk, Staff())


def possible_deputies(staff: Staff, row: PersonalReminders, *, sees_people: bool) -> list[Contact]:
    """Who may stand in for the person, by name: anybody, for whom the list of people is not open only those who see to
    what is nobody's, and whoever stands in now."""
    offered = staff.people if sees_people else {*staff.administrators, row.deputy_id}
    found = (one for key, one in staff.people.items() if key in offered and key != row.user_id)
    return sorted(found, key=lambda one: one.name)


def history_of_settings(row: ReminderSettings, staff: Staff) -> list[AuditEntry]:
    """Who changed how the municipality reminds, newest first, each with `changes` in words."""
    entries = list(timeline_for(row)[:HISTORY_LENGTH]) if row.pk else []
    for entry in entries:
        entry.changes = changes_in_words(entry.before, entry.after, staff)  # type: ignore[attr-defined]
    return entries


def changes_in_words(before: Mapping[str, Any], after: Mapping[str, Any], staff: Staff) -> list[Change]:
    """What of the settings differs, in the order of the page."""
    found = []
    for name, label in LABELS.items():
        if name in after:
            was = _in_words(name, before[name], staff) if name in before else ""
            now = _in_words(name, after[name], staff)
            found += [Change(label, was, now)] if was != now else []
    return found


def without_region_letter(region: Region) -> set[int]:
    """Accounts that have declined the weekly letter about the region."""
    return set(DeclinedRegionLetter.objects.filter(region=region).values_list("user_id", flat=True))


def _in_words(name: str, value: Any, staff: Staff) -> str:
    match name:
        case "before" | "after":
            return write_days(value, falling=name == "before") or "не напоминать"
        case "every":
            return f"каждые {counted(value, *DAYS)}" if value else "не повторять"
        case "hour":
            return f"{value}:00"
        case "escalate_after":
            return f"через {counted(value, *WORKING_DAYS)}"
        case "kinds_off":
            return ", ".join(kind.title.lower() for kind in all_kinds() if kind.key in value) or "обо всём напоминать"
        case "escalation":
            here = staff.people
            return ", ".join(here[key].name if key in here else "бывший сотрудник" for key in value) or "никому"
        case _:
            return str(value) or "обычное"
