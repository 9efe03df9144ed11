from .facts import FactsForm, PlanFactsForm
from .imports import LineForm, SectionForm, TargetForm, UploadForm
from .plans import PlanFilterForm
from .reading import ReadingForm
from .verbs import ActForm, DeleteForm, VersionForm

__all__ = [
    "ActForm",
    "DeleteForm",
    "FactsForm",
    "LineForm",
    "PlanFactsForm",
    "PlanFilterForm",
    "ReadingForm",
    "SectionForm",
    "TargetForm",
    "UploadForm",
    "VersionForm",
]
