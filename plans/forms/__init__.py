from .facts import FactsForm, PlanFactsForm
from .imports import LineForm, SectionForm, TargetForm, UploadForm
from .lines import ActivityForm, PlaceForm, SectionHeadForm, SeveralForm
from .plans import PlanFilterForm
from .reading import ReadingForm
from .verbs import ActForm, DeleteForm, VersionForm

__all__ = [
    "ActForm",
    "ActivityForm",
    "DeleteForm",
    "FactsForm",
    "LineForm",
    "PlaceForm",
    "PlanFactsForm",
    "PlanFilterForm",
    "ReadingForm",
    "SectionForm",
    "SectionHeadForm",
    "SeveralForm",
    "TargetForm",
    "UploadForm",
    "VersionForm",
]
