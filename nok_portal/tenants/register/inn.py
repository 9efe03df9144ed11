"""The taxpayer's number (ИНН) and its control digits."""

_TEN = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_ELEVENTH = (7, *_TEN)
_TWELFTH = (3, 7, *_TEN)


def inn_problem(inn: str) -> str:
    """What is wrong with an INN, in words for a person; '' when it is right.

    10 digits are an organization's, 12 an entrepreneur's.
    """
    if not inn.isascii() or not inn.isdigit():
        return "ИНН состоит только из цифр. Уберите буквы и знаки."
    if len(inn) not in {10, 12}:
        return f"В ИНН организации 10 цифр, у предпринимателя 12, а здесь {len(inn)}. Сверьте с документом."
    if len(set(inn)) == 1:
        return "ИНН из одинаковых цифр не бывает. Сверьте с документом."
    if len(inn) == 10:
        right = _digit(inn, _TEN) == inn[9]
    else:
        right = _digit(inn, _ELEVENTH) == inn[10] and _digit(inn, _TWELFTH) == inn[11]
    return "" if right else "Контрольная цифра ИНН не сходится: в номере опечатка. Сверьте с документом."


def inn_from(nine_digits: str) -> str:
    """An organization's INN that begins with the nine digits: for examples and demonstration data."""
    return nine_digits + _digit(nine_digits, _TEN)


def _digit(inn: str, weights: tuple[int, ...]) -> str:
    return str(sum(weight * int(digit) for weight, digit in zip(weights, inn, strict=False)) % 11 % 10)
