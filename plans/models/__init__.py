from .activities import Activity, ActivityParty, DueDate, ResponsibleParty
from .imports import PlanImport
from .plans import Plan, Section
from .targets import TargetIndicator, TargetValue

__all__ = [
    "Activity",
    "ActivityParty",
    "DueDate",
    "Plan",
    "PlanImport",
    "ResponsibleParty",
    "Section",
    "TargetIndicator",
    "TargetValue",
]
