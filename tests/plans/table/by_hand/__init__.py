"""Plans of many kinds, written by hand together with how they are to be read."""

from . import columns, heads, kinds, marks, mixed, parties, periods, sections, targets, themes, whole
from .plans import ANY, PLANS, HandPlan, document_of

__all__ = [
    "ANY", "PLANS", "HandPlan", "columns", "document_of", "heads", "kinds", "marks", "mixed", "parties", "periods", "sections", "targets",
    "themes", "whole",
]  # fmt: skip
