"""The one way into tenant rows: `with scope(…)` says which municipalities this code may read and write.

Row-level security in PostgreSQL reads what is set here (see row_security.py) and raises when nothing is
set, so that a forgotten scope is loud in the ORM and in raw SQL alike.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, transaction

KINDS = ("readable", "writable", "regions", "system")


@dataclass(frozen=True)
class Scope:
    """Municipalities readable and writable, regions whose own rows are open, and rows of no tenant (`system`)."""

    readable: frozenset[int] = frozenset()
    writable: frozenset[int] = frozenset()
    regions: frozenset[int] = frozenset()
    system: bool = False


_current: ContextVar[Scope | None] = ContextVar("tenant_scope", default=None)


def current_scope() -> Scope | None:
    """The scope that is open here, or None."""
    return _current.get()


@contextmanager
def scope(
    *,
    writable: Iterable[int] = (),
    readable: Iterable[int] = (),
    regions: Iterable[int] = (),
    system: bool = False,
    isolation: str | None = None,
) -> Iterator[Scope]:
    """Open a transaction in which the given tenants' rows exist; all others do not.

    What is writable is readable too. `system` opens rows that belong to no tenant (journal and mail of
    accounts). `isolation` ('REPEATABLE READ') is possible for the outermost scope only. On leaving, the
    previous scope is restored, also where an outer transaction goes on.
    """
    opened = Scope(
        readable=frozenset(readable) | frozenset(writable),
        writable=frozenset(writable),
        regions=frozenset(regions),
        system=system,
    )
    previous = _current.get()
    with transaction.atomic():
        if isolation:
            _set_isolation(isolation)
        _apply(opened)
        token = _current.set(opened)
        try:
            yield opened
        finally:
            _current.reset(token)
    # a rolled-back savepoint has already restored the settings; a released one keeps ours
    if connection.in_atomic_block and not connection.needs_rollback:
        _apply(previous)


def _set_isolation(level: str) -> None:
    if level != "REPEATABLE READ":
        raise ValueError(f"unknown isolation level {level}")
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _apply(opened: Scope | None) -> None:
    values = ["", "", "", ""]
    if opened is not None:
        values = [
            _array(opened.readable),
            _array(opened.writable),
            _array(opened.regions),
            _array([1] if opened.system else []),
        ]
    parameters = [part for kind, value in zip(KINDS, values, strict=True) for part in (f"nok.{kind}", value)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(["set_config(%s, %s, true)"] * len(KINDS)), parameters)


def _array(ids: Iterable[int]) -> str:
    return "{" + ",".join(str(int(number)) for number in sorted(ids)) + "}"
