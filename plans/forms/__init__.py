from .facts import FactsForm, PlanFactsForm
from .imports import LineForm, TargetForm, UploadForm
from .plans import PlanFilterForm
from .reading import ReadingForm
from .verbs import ActForm, DeleteForm

__all__ = [
    "ActForm",
    "DeleteForm",
    "FactsForm",
    "LineForm",
    "PlanFactsForm",
    "PlanFilterForm",
    "ReadingForm",
    "TargetForm",
    "UploadForm",
]
