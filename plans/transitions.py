"""What may be done with a due date, by its state. Pure; who may do it is said by permissions."""

from enum import StrEnum

from .enums import DueState


class Verb(StrEnum):
    """One step in the life of a due date; a report goes out and comes back until it is accepted."""

    REPORT = "report"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    RETURN = "return"
    CANCEL = "cancel"
    REOPEN = "reopen"
    UNACCEPT = "unaccept"


# from where, to where
TRANSITIONS: dict[Verb, tuple[frozenset[DueState], DueState]] = {
    Verb.REPORT: (frozenset({DueState.OPEN}), DueState.REPORTED),
    Verb.EDIT: (frozenset({DueState.REPORTED}), DueState.REPORTED),
    Verb.WITHDRAW: (frozenset({DueState.REPORTED}), DueState.OPEN),
    Verb.ACCEPT: (frozenset({DueState.REPORTED}), DueState.ACCEPTED),
    Verb.RETURN: (frozenset({DueState.REPORTED}), DueState.OPEN),
    Verb.CANCEL: (frozenset({DueState.OPEN, DueState.REPORTED}), DueState.CANCELLED),
    Verb.REOPEN: (frozenset({DueState.ACCEPTED, DueState.CANCELLED}), DueState.OPEN),
    Verb.UNACCEPT: (frozenset({DueState.ACCEPTED}), DueState.REPORTED),
}
WANT_REASON = frozenset({Verb.RETURN, Verb.CANCEL, Verb.REOPEN})
# evidence may come and go as long as nobody has decided
UNDECIDED = frozenset({DueState.OPEN, DueState.REPORTED})

# the entry in the journal
TOLD = {
    Verb.REPORT: "Отчёт отправлен",
    Verb.EDIT: "Отчёт исправлен",
    Verb.WITHDRAW: "Отчёт отозван",
    Verb.ACCEPT: "Отчёт принят",
    Verb.RETURN: "Отчёт возвращён",
    Verb.CANCEL: "Срок снят",
    Verb.REOPEN: "Срок открыт снова",
    Verb.UNACCEPT: "Принятие отчёта отменено",
}

_REFUSALS = {
    DueState.OPEN: "по этому сроку отчёт не отправлен",
    DueState.REPORTED: "отчёт по этому сроку уже отправлен и ждёт проверки",
    DueState.ACCEPTED: "отчёт по этому сроку уже принят",
    DueState.CANCELLED: "этот срок снят",
}


def is_allowed(verb: Verb, state: str) -> bool:
    return DueState(state) in TRANSITIONS[verb][0]


def refusal(state: str) -> str:
    """Why a verb cannot be done now, as the second part of a sentence."""
    return _REFUSALS[DueState(state)]
