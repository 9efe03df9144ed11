"""Years: named in figures, by their place (текущий, следующий за отчётным) or by the assessment."""

from .model import Years, YearsKind
from .numbers import value_of
from .tokens import Tokens

FIRST_YEAR, LAST_YEAR = 1990, 2099
_CENTURY = 100
_ASSESSMENT = ("оценк", "нок", "мониторинг качества")
_ABOUT_ASSESSMENT = (
    "независим", "оценк", "качеств", "услови", "оказан", "услуг", "образовательн", "деятельност", "организац",
    "учрежден", "культур", "осуществлен", "муниципальн", "социальн", "сфер", "нок", "уоод", "уоо", "работ",
    "соответствующ",
)  # fmt: skip
_EACH = frozenset({"each", "current", "reporting", "whole"})


def is_year(t: Tokens, i: int) -> bool:
    """Whether a year in four figures stands at `i`."""
    return t[i].cat == "int" and FIRST_YEAR <= value_of(t[i]) <= LAST_YEAR and len(t[i].form) == 4


def is_unit(t: Tokens, i: int, *units: str) -> bool:
    """Whether a word for one of the `units` stands at `i`."""
    return t[i].cat == "unit" and t[i].value in units


def skip_year_word(t: Tokens, i: int) -> int:
    """Past 'год', 'гг.', 'календарного года'."""
    j = i
    while t[j].cat in ("calendar", "yearkind"):
        j += 1
    if is_unit(t, j, "year"):
        return j + 2 if t[j].form == "г" and t[j + 1].form == "г" else j + 1
    return i


def named_years(t: Tokens, i: int) -> tuple[Years, int] | None:
    """'2027', '2027 г.', '2027–2029 годы', '2027, 2028 и 2029 гг.', '2027-28 гг.', 'с 2027 по 2029 год'."""
    if t[i].form in ("с", "со") and is_year(t, i + 1):
        j = skip_year_word(t, i + 2)
        if t[j].form in ("по", "до", "-") and is_year(t, j + 1):
            first, last = value_of(t[i + 1]), value_of(t[j + 1])
            return _range(first, last), skip_year_word(t, j + 2)
        return None
    listed: list[int] = []
    ranges = 0
    j = i
    while is_year(t, j):
        first = last = value_of(t[j])
        j = skip_year_word(t, j + 1)
        if t[j].form in ("-", "по") and is_year(t, j + 1):
            last, j = value_of(t[j + 1]), skip_year_word(t, j + 2)
            ranges += 1
        elif t[j].form == "-" and t[j + 1].cat == "int" and len(t[j + 1].form) == 2 and is_unit(t, j + 2, "year"):
            last, j = first // _CENTURY * _CENTURY + value_of(t[j + 1]), skip_year_word(t, j + 2)
            ranges += 1
        listed += [first] if last <= first else range(first, last + 1)
        slash = t[j].form == "/" and t[j + 2].cat != "school"
        if (t[j].form in (",", "и") or slash) and is_year(t, j + 1):
            j += 1
        elif t[j].form == "," and t[j + 1].form == "и" and is_year(t, j + 2):
            j += 2
        else:
            break
    if not listed:
        return None
    if len(listed) == 1 and t[j].form == "и" and t[j + 1].cat == "next" and t[j + 2].form in ("годы", "годах", "годов"):
        # «2027 и последующие годы»
        return Years(YearsKind.RANGE, (listed[0], 0)), j + 3
    if (
        ranges
        and len(listed) > 1
        and listed == list(range(listed[0], listed[-1] + 1))
        and ranges == 1
        and _single(t, i, j)
    ):
        return _range(listed[0], listed[-1]), j
    return Years(YearsKind.LISTED, tuple(dict.fromkeys(listed))), j


def _single(t: Tokens, i: int, j: int) -> bool:
    return not any(t[k].form in (",", "и") for k in range(i, j))


def _range(first: int, last: int) -> Years:
    if last <= first:
        return Years(YearsKind.LISTED, tuple(dict.fromkeys((first, last))))
    return Years(YearsKind.RANGE, (first, last))


def relative_years(t: Tokens, i: int) -> tuple[Years, int] | None:
    """'текущего года', 'года, следующего за отчётным', 'год проведения оценки', 'каждый год плана'."""
    j, offset = _qualifiers(t, i)
    qualified = any(t[k].cat not in ("calendar", "yearkind") for k in range(i, j))
    if offset == 1 and t[j - 1].cat == "next" and (followed := _reference(t, j)) and is_unit(t, followed[1], "year"):
        return _moved(followed[0], 1), followed[1] + 1
    if offset and t[j - 1].cat in ("next", "previous") and (held := assessment_object(t, j)):
        # «предшествующего оценке года»
        if is_unit(t, held[1], "year"):
            return _moved(held[0], offset), held[1] + 1
    if t[j].form in ("т", "с") and t[j + 1].form == "г" and t[j + 1].gap == ".":
        return Years(), j + 2
    if t[j].cat == "period" and not qualified:
        return assessment_object(t, j + 1)
    if not is_unit(t, j, "year"):
        return None
    after = j + 1
    if t[after].form in ("плана", "периода") and t[j - 1].cat == "each":
        return Years(), after + 1
    if found := _year_of(t, after):
        return found
    return (Years(YearsKind.PERIOD, (), offset), after) if qualified else None


def _qualifiers(t: Tokens, i: int) -> tuple[int, int]:
    """Past 'текущего', 'каждого отчётного', 'следующего календарного'; how many years away that is."""
    j, offset = i, 0
    while t[j].cat in _EACH or t[j].cat in ("next", "previous", "calendar", "yearkind"):
        if t[j].cat in ("next", "previous"):
            if offset or (j > i and t[j - 1].cat in _EACH):
                break
            offset = 1 if t[j].cat == "next" else -1
        j += 1
    return j, offset


def _year_of(t: Tokens, i: int) -> tuple[Years, int] | None:
    """What follows 'год': 'проведения оценки', ', следующий за отчётным', ', в котором проводится оценка'."""
    if t[i].form == "(" and t[i + 1].cat == "period" and t[i + 2].form == ")":
        i += 3
    if found := assessment_object(t, i):
        return found
    comma = i + 1 if t[i].form == "," else i
    if t[comma].cat in ("next", "previous") and (reference := _reference(t, comma + 1)):
        return _moved(reference[0], 1 if t[comma].cat == "next" else -1), reference[1]
    if t[comma].form == "в" and t[comma + 1].form in ("котором", "который", "которые", "которых"):
        return _clause_of_assessment(t, comma + 2)
    return None


def _moved(reference: Years, years: int) -> Years:
    """The years that follow, or precede, those of `reference`."""
    if reference.kind is YearsKind.LISTED:
        return Years(YearsKind.LISTED, tuple(year + years for year in reference.listed))
    return Years(reference.kind, (), years)


def _clause_of_assessment(t: Tokens, i: int) -> tuple[Years, int] | None:
    """'(в котором) проводится независимая оценка'."""
    if not t[i].form.startswith(("провод", "осуществля")):
        return None
    return assessment_object(t, i + 1)


def _reference(t: Tokens, i: int) -> tuple[Years, int] | None:
    """What a year follows: 'за годом проведения оценки', 'за отчётным', 'отчётному году'."""
    j = i + 1 if t[i].form == "вслед" else i
    j = j + 1 if t[j].form in ("за", "после") else j
    if t[j].form.startswith("оценочн"):
        return Years(YearsKind.ASSESSMENT, (), 1), j + 1
    if is_unit(t, j, "year") or t[j].cat == "period":
        found = assessment_object(t, j + 1)
        if found:
            return Years(YearsKind.ASSESSMENT, (), 1), found[1]
    after = j + (t[j].cat == "reporting")
    if is_year(t, after) and is_unit(t, after + 1, "year") and t[after + 1].form in ("годом", "году", "г"):
        return Years(YearsKind.LISTED, (value_of(t[after]),)), after + 2
    if t[j].cat in ("reporting", "current") or t[j].form.startswith("очередн"):
        j += 1
        while t[j].cat in ("calendar", "yearkind"):
            j += 1
        # «следующего за отчётным года»: the last word belongs to what follows, not to what is followed
        if (is_unit(t, j, "year") and t[j].form in ("годом", "году", "г")) or t[j].cat == "period":
            j += 1
        return Years(YearsKind.PERIOD, (), 1), j
    return None


def assessment_object(t: Tokens, i: int) -> tuple[Years, int] | None:
    """'проведения независимой оценки качества условий …', 'оценки': the words that name the assessment."""
    j = i + 1 if t[i].form in ("ее", "его", "их", "такой") and t[i + 1].form == "проведения" else i
    held = t[j].form in ("проведения", "проведении", "осуществления")
    if held:
        j += 1
    start = j
    named = False
    while t[j].cat in ("", "w") and t[j].form.startswith(_ABOUT_ASSESSMENT):
        named = named or t[j].form.startswith(_ASSESSMENT)
        j += 1
        if t[j].form in ("в", "и") and t[j + 1].form.startswith(_ABOUT_ASSESSMENT):
            j += 1
    if named:
        return Years(YearsKind.ASSESSMENT), j
    if held and start == j and t[j].cat in ("eof", "mark") and t[j].form not in ("-", ","):
        return Years(YearsKind.ASSESSMENT), j
    return None
