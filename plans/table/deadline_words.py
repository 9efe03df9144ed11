"""Deadline words as the plan check reads them: each wording once."""

from functools import lru_cache

from plans.deadlines import Deadline, parse


@lru_cache(maxsize=2048)
def read(words: str) -> Deadline:
    return parse(words)


def tells_days(deadline: Deadline) -> bool:
    """Whether words are a deadline through and through."""
    return bool(deadline.rules or deadline.terms or deadline.flags) and not deadline.unparsed
