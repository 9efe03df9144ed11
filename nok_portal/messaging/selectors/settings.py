"""How a municipality reminds and how a person wants to be reminded."""

from nok_portal.tenants.models import Municipality

from ..models import EscalationPerson, FeedKey, PersonalReminders, ReminderSettings
from ..people import Contact, Staff, directory


def settings_of(municipality: Municipality) -> ReminderSettings:
    """How the municipality reminds; with version 0 as shipped."""
    found = ReminderSettings.objects.filter(municipality=municipality).first()
    return found or ReminderSettings(municipality=municipality, version=0)


def escalation_people(municipality: Municipality) -> list[int]:
    """Accounts of those who hear of long lateness."""
    found = EscalationPerson.objects.filter(municipality=municipality).order_by("pk")
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
