"""What the names of responsible parties suggest: doubles, institutions of the register, groups, people. Pure.

Everything found here is a proposal with its reason, shown to a person, never applied by itself. `places` are the names
of the municipality in any form.
"""

from .accounts import likely_accounts
from .doubles import likely_doubles
from .model import IN_WORDS, Alike, Employee, Group, Match, Named, Why
from .register import likely_group, likely_organization

__all__ = [
    "IN_WORDS",
    "Alike",
    "Employee",
    "Group",
    "Match",
    "Named",
    "Why",
    "likely_accounts",
    "likely_doubles",
    "likely_group",
    "likely_organization",
]
