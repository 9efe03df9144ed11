"""Plans of many kinds, written by hand together with how they are to be read."""

from . import heads, kinds, parties, sections, targets
from .plans import ANY, PLANS, HandPlan, document_of

__all__ = ["ANY", "PLANS", "HandPlan", "document_of", "heads", "kinds", "parties", "sections", "targets"]
