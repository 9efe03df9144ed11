from django.db.models import TextChoices

from nok_portal.tenants.enums import Sphere


class PlanKind(TextChoices):
    """What a plan is about."""

    ASSESSMENT = "assessment", "Проведение независимой оценки"
    CAMPAIGN = "campaign", "Информационная кампания"


class PlanState(TextChoices):
    """A draft is approved by a legal act; a closed plan is only read."""

    DRAFT = "draft", "Черновик"
    APPROVED = "approved", "Утверждён"
    CLOSED = "closed", "Закрыт"


class PartyKind(TextChoices):
    """Who a responsible party is, as far as its name tells."""

    DEPARTMENT = "department", "Подразделение"
    POST = "post", "Должность"
    PERSON = "person", "Человек"
    INSTITUTION = "institution", "Учреждение"
    INSTITUTIONS = "institutions", "Группа учреждений"
    COUNCIL = "council", "Общественный совет"
    OTHER = "other", "Другое"


# a group without a sphere has not been told apart yet; this one is all organizations of the register
EVERY_SPHERE = "all"
GROUP_SPHERES = [*Sphere.choices, (EVERY_SPHERE, "Все сферы")]


class StandsBehind(TextChoices):
    """Why somebody is told of a party's work."""

    ACCOUNTS = "accounts", "учётная запись"
    INSTITUTION = "institution", "сотрудники учреждения"
    GROUP = "group", "сотрудники учреждений группы"
    CURATOR = "curator", "куратор"
    NOBODY = "nobody", "никто"


class DueState(TextChoices):
    """Whether a due date is met. Lateness is computed, never stored."""

    OPEN = "open", "В работе"
    REPORTED = "reported", "На проверке"
    ACCEPTED = "accepted", "Принято"
    CANCELLED = "cancelled", "Снято"


class EvidenceKind(TextChoices):
    """What proves that something was done."""

    FILE = "file", "Файл"
    LINK = "link", "Ссылка"
    ACT = "act", "Правовой акт"
    PORTAL = "portal", "Сделано порталом"


class TargetMeasure(TextChoices):
    """What the portal can count by itself for a target indicator."""

    BY_HAND = "", "вносится вручную"
    ORGANIZATIONS_ASSESSED = "organizations_assessed", "организации, прошедшие оценку"


class TargetUnit(TextChoices):
    """What a target indicator is counted in."""

    COUNT = "count", "количество"
    PERCENT = "percent", "проценты"


class ImportState(TextChoices):
    """From the uploaded document to the draft of a plan."""

    READING = "reading", "Читается"
    REVIEW = "review", "На проверке"
    CONFIRMED = "confirmed", "Стал планом"
