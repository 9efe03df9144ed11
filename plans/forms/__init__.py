from .facts import FactsForm, PlanFactsForm
from .imports import LineForm, TargetForm, UploadForm
from .plans import PlanFilterForm

__all__ = ["FactsForm", "LineForm", "PlanFactsForm", "PlanFilterForm", "TargetForm", "UploadForm"]
