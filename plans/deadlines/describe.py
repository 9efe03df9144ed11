"""`Deadline` → one plain Russian line, shown beside the original words."""

from .model import Deadline
from .phrases import describe_flag, describe_rules, describe_term

NOTHING = "Срок не понят"


def describe(deadline: Deadline) -> str:
    """How the words were understood: 'Ежегодно до 1 декабря; по запросу'.

    Read by `parse` again it means the same.
    """
    parts = describe_rules(deadline.rules)
    parts += [describe_term(term) for term in deadline.terms]
    parts += [describe_flag(flag) for flag in deadline.flags]
    line = "; ".join(dict.fromkeys(part for part in parts if part))
    return line[:1].upper() + line[1:] if line else NOTHING
