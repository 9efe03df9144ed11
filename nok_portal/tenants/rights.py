"""Roles, and what each role may do: the one table."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person is in a municipality or, for the ministry, in a region."""

    ADMINISTRATOR = "administrator", "Администратор"
    EDITOR = "editor", "Редактор"
    RESPONSIBLE = "responsible", "Ответственный исполнитель"
    COUNCIL_CHAIR = "council_chair", "Председатель общественного совета"
    COUNCIL_SECRETARY = "council_secretary", "Секретарь общественного совета"
    COUNCIL_MEMBER = "council_member", "Член общественного совета"
    SURVEY_OPERATOR = "survey_operator", "Оператор"
    INSTITUTION = "institution", "Учреждение"
    MINISTRY = "ministry", "Министерство"


class Right(TextChoices):
    """What a page or a service asks for."""

    SEE_PLANS = "see_plans", "видеть планы"
    EDIT_PLANS = "edit_plans", "вносить и менять планы"
    REPORT = "report", "отчитываться о порученных мероприятиях"
    ACCEPT_REPORTS = "accept_reports", "принимать и возвращать отчёты"
    SEE_ACTS = "see_acts", "видеть правовые акты"
    EDIT_ACTS = "edit_acts", "вносить и менять правовые акты"
    SEE_ORGANIZATIONS = "see_organizations", "видеть реестр организаций"
    EDIT_ORGANIZATIONS = "edit_organizations", "вести реестр организаций"
    SEE_PEOPLE = "see_people", "видеть список сотрудников"
    MANAGE_PEOPLE = "manage_people", "приглашать людей и назначать роли"
    SEE_JOURNAL = "see_journal", "видеть журнал действий"
    MANAGE_SETTINGS = "manage_settings", "менять настройки муниципалитета"
    SEE_REGION = "see_region", "видеть сводку по региону"


_SEE = frozenset({Right.SEE_PLANS, Right.SEE_ACTS, Right.SEE_ORGANIZATIONS})
_REPORT = _SEE | {Right.REPORT}
_EDIT = _REPORT | {
    Right.EDIT_PLANS,
    Right.ACCEPT_REPORTS,
    Right.EDIT_ACTS,
    Right.EDIT_ORGANIZATIONS,
    Right.SEE_PEOPLE,
    Right.SEE_JOURNAL,
}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: _EDIT | {Right.MANAGE_PEOPLE, Right.MANAGE_SETTINGS},
    Role.EDITOR: _EDIT,
    Role.RESPONSIBLE: _REPORT,
    Role.COUNCIL_CHAIR: _REPORT,
    Role.COUNCIL_SECRETARY: _REPORT,
    Role.COUNCIL_MEMBER: _SEE,
    Role.SURVEY_OPERATOR: _REPORT,
    Role.INSTITUTION: _REPORT,
    # in the municipalities of its region the ministry reads and never writes
    Role.MINISTRY: _SEE | {Right.SEE_REGION},
}

MUNICIPALITY_ROLES = tuple(role for role in Role if role is not Role.MINISTRY)
