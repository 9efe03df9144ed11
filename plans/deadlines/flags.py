"""Conditions that stand beside days: «постоянно», «по мере …», «по запросу», «в сроки, установленные …»."""

from .model import Flag
from .tokens import Tokens

_REQUEST = ("запрос", "требовани", "обращени", "поручени", "заявк", "заявлени", "вызов")
_AGREEMENT = ("согласовани", "договоренност", "соглашени")
_MEANS = ("финансирован", "средств", "финансов", "бюджетн", "денежн", "ассигновани", "ресурс", "лимит")
_SET = (
    "установлен",
    "определ",
    "предусмотрен",
    "указан",
    "утвержден",
    "назначен",
    "устанавлива",
    "обозначен",
    "согласован",
    "закреплен",
)
_SCHEDULE = (
    "график",
    "план",
    "регламент",
    "расписани",
    "распоряжени",
    "приказ",
    "решени",
    "отдельному",
    "отдельным",
    "утвержден",
    "контракт",
    "договор",
)
_WHOLE = ("реализаци", "действи", "выполнени", "исполнени", "проведени", "срок", "план", "программ")


def flag_head(t: Tokens, i: int) -> tuple[Flag, int, bool] | None:
    """The flag whose words begin at `i`, the place after them, and whether more words may belong to it."""
    token, following = t[i], t[i + 1]
    if token.cat == "ongoing":
        return Flag.ONGOING, i + 1, False
    if token.cat == "round" and following.cat == "unit" and following.value == "year":
        return Flag.ONGOING, i + 2, False
    if (
        token.form == "на"
        and following.form in ("постоянной", "регулярной", "систематической")
        and t[i + 2].form == "основе"
    ):
        return Flag.ONGOING, i + 3, False
    if token.form == "в" and following.form == "постоянном" and t[i + 2].form == "режиме":
        return Flag.ONGOING, i + 3, False
    if token.form == "по":
        return _by(t, i)
    if token.form == "при" or (token.form == "в" and following.form == "случае"):
        return _on_condition(t, i)
    if (found := _whole_period(t, i)) is not None:
        return Flag.ONGOING, found, t[found - 1].form.startswith(("реализаци", "действи", "выполнени", "исполнени"))
    return _elsewhere(t, i)


def _by(t: Tokens, i: int) -> tuple[Flag, int, bool] | None:
    following = t[i + 1].form
    if following == "мере":
        return Flag.AS_NEEDED, i + 2, True
    if following.startswith(("необходимост", "потребност")):
        return Flag.AS_NEEDED, i + 2, False
    if following.startswith("возможност"):
        return Flag.IF_POSSIBLE, i + 2, False
    if following.startswith(_REQUEST):
        return Flag.ON_REQUEST, i + 2, True
    if following.startswith(_AGREEMENT):
        return Flag.BY_AGREEMENT, i + 2, True
    if following.startswith(_SCHEDULE):
        return Flag.SET_ELSEWHERE, i + 2, True
    if following.startswith("отдельн") and t[i + 2].form.startswith(_SCHEDULE):
        return Flag.SET_ELSEWHERE, i + 3, True
    return None


def _on_condition(t: Tokens, i: int) -> tuple[Flag, int, bool] | None:
    j = i + 1 if t[i].form == "при" else i + 2
    if t[j].form.startswith("необходимост"):
        return Flag.AS_NEEDED, j + 1, False
    if t[j].form == "наличии":
        j += 1
        if t[j].form.startswith(_MEANS):
            return Flag.IF_POSSIBLE, j, True
    if t[j].form.startswith("технической") and t[j + 1].form.startswith("возможност"):
        j += 1
    if t[j].form.startswith("возможност"):
        return Flag.IF_POSSIBLE, j + 1, False
    if t[j].form.startswith("необходимост"):
        return Flag.AS_NEEDED, j + 1, False
    return None


def _whole_period(t: Tokens, i: int) -> int | None:
    """'в течение всего периода', 'весь срок реализации плана', 'в период действия плана', …"""
    j = i
    if t[j].form in ("в", "на") and t[j + 1].form in ("течение", "течении", "протяжении", "протяжение"):
        j += 2
    elif t[j].form in ("в", "на", "за"):
        j += 1
    whole = t[j].cat == "whole"
    if whole:
        j += 1
    planned = t[j].form.startswith("планов") or t[j].form.startswith("установленн")
    if planned:
        j += 1
    if t[j].cat not in ("period", "term") or j == i:
        return None
    held = t[j].cat == "period" or t[j].form in ("срока", "срок")
    j += 1
    if not (t[j].form.startswith(("реализаци", "действи", "выполнени", "исполнени")) or whole) or not held:
        return None
    while t[j].form.startswith(_WHOLE) or t[j].form in ("настоящего", "данного", "мероприятий", "муниципальной"):
        if t[j].form.startswith("проведени") and not whole:
            break
        j += 1
    return j


def _elsewhere(t: Tokens, i: int) -> tuple[Flag, int, bool] | None:
    token, following = t[i], t[i + 1]
    if token.form == "согласно" or (token.form == "в" and following.form in ("соответствии", "соответствие")):
        return Flag.SET_ELSEWHERE, i + (1 if token.form == "согласно" else 2), True
    if token.form in ("с", "со") and following.form in ("частотой", "периодичностью"):
        return Flag.SET_ELSEWHERE, i + 2, True
    if token.cat == "term" and _is_set(t, i + 1):
        return Flag.SET_ELSEWHERE, i + 1, True
    if token.form == "в" and following.form.startswith(_SET):
        j = i + 2
        while t[j].form.startswith(_SET) or t[j].form in (
            ",",
            "законом",
            "законодательством",
            "планом",
            "порядке",
            "порядком",
        ):
            j += 1
        if t[j].cat == "term" or (t[j - 1].form == "порядке" and t[j].form == "и"):
            return Flag.SET_ELSEWHERE, j + (t[j].cat == "term"), True
    if token.form == "в" and (following.cat == "term" or following.form == "порядке"):
        j = i + 2
        if t[j].form == "и" and (t[j + 1].cat == "term" or t[j + 1].form == "порядке"):
            j += 2
        if _is_set(t, j) or t[j].form == "согласно":
            return Flag.SET_ELSEWHERE, j, True
    if token.form.startswith(("определя", "устанавлива")) and token.form.endswith("ся"):
        return Flag.SET_ELSEWHERE, i + 1, True
    return None


def _is_set(t: Tokens, i: int) -> bool:
    j = i + 1 if t[i].form in (",", "-", "(") else i
    if t[j].form == "которые":
        return True
    return (
        t[j].form.startswith(_SET)
        or (t[j].form == "в" and t[j + 1].form == "соответствии")
        or (t[j].form == "согласно")
    )
