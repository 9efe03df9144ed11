from .facts import FactsForm, PlanFactsForm
from .imports import LineForm, TargetForm, UploadForm
from .plans import PlanFilterForm
from .verbs import ActForm, DeleteForm

__all__ = [
    "ActForm",
    "DeleteForm",
    "FactsForm",
    "LineForm",
    "PlanFactsForm",
    "PlanFilterForm",
    "TargetForm",
    "UploadForm",
]
