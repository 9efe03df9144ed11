"""Which tables are everybody's and which are a tenant's: the one list, compared with the database by a test.

Each line says what the runtime role may do. A table that is not here is closed to it altogether.
"""

from enum import StrEnum


class Grant(StrEnum):
    """What the runtime role may do with a table."""

    NOTHING = ""
    READ = "SELECT"
    APPEND = "SELECT, INSERT"
    WRITE = "SELECT, INSERT, UPDATE, DELETE"


# rows of nobody in particular; who sees what is decided by selectors
GLOBAL = {
    "django_migrations": Grant.READ,
    "django_content_type": Grant.READ,
    "django_session": Grant.WRITE,
    "auth_group": Grant.NOTHING,
    "auth_permission": Grant.NOTHING,
    "auth_group_permissions": Grant.NOTHING,
    "account_emailaddress": Grant.WRITE,
    "account_emailconfirmation": Grant.WRITE,
    "mfa_authenticator": Grant.WRITE,
    "usersessions_usersession": Grant.WRITE,
    "accounts_user": Grant.WRITE,
    "accounts_membership": Grant.WRITE,
    "accounts_invitation": Grant.WRITE,
    "accounts_supportvisit": Grant.WRITE,
    "accounts_accesstoken": Grant.WRITE,
    "messaging_declinedregionletter": Grant.WRITE,
    "tenants_region": Grant.WRITE,
    "tenants_municipality": Grant.WRITE,
}

# every row carries municipality_id
MUNICIPALITY = {
    "tenants_organization": Grant.WRITE,
    "tenants_organizationdistinction": Grant.WRITE,
    "tenants_organizationimport": Grant.WRITE,
    "tenants_storedfile": Grant.WRITE,
    "tenants_legalact": Grant.WRITE,
    "reports_backgroundjob": Grant.WRITE,
    "reports_issueddocument": Grant.WRITE,
    "plans_plan": Grant.WRITE,
    "plans_section": Grant.WRITE,
    "plans_activity": Grant.WRITE,
    "plans_responsibleparty": Grant.WRITE,
    "plans_activityparty": Grant.WRITE,
    "plans_duedate": Grant.WRITE,
    "plans_targetindicator": Grant.WRITE,
    "plans_targetvalue": Grant.WRITE,
    "plans_planimport": Grant.WRITE,
    "plans_evidence": Grant.WRITE,
    "plans_processevent": Grant.WRITE,
    "plans_activityorganization": Grant.WRITE,
    "plans_partyaccount": Grant.WRITE,
    "plans_partydistinction": Grant.WRITE,
    "messaging_reminder": Grant.WRITE,
    "messaging_remindersettings": Grant.WRITE,
    "messaging_escalationperson": Grant.WRITE,
    "messaging_personalreminders": Grant.WRITE,
    "messaging_feedkey": Grant.WRITE,
}

# rows of a municipality, of a region, or of neither (then the scope must be open for `system`)
MIXED = {
    "audit_auditentry": Grant.APPEND,
    "messaging_outgoingmail": Grant.WRITE,
    "messaging_reminderrun": Grant.WRITE,
}
