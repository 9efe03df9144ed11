from .activities import Activity, ActivityOrganization
from .dues import DueDate, Evidence, ProcessEvent
from .imports import PlanImport
from .parties import ActivityParty, PartyAccount, PartyDistinction, ResponsibleParty
from .plans import Plan, Section
from .targets import TargetIndicator, TargetValue

__all__ = [
    "Activity",
    "ActivityOrganization",
    "ActivityParty",
    "DueDate",
    "Evidence",
    "PartyAccount",
    "PartyDistinction",
    "Plan",
    "PlanImport",
    "ProcessEvent",
    "ResponsibleParty",
    "Section",
    "TargetIndicator",
    "TargetValue",
]
