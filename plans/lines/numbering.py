"""Numbers of sections and lines when rows are added, moved or removed. Pure.

A scheme that is regular goes on: 1, 2, 3; 1.1, 1.2 under section 1; 1 through the whole plan; levels below levels.
Where numbers follow no rule they stay as written, and a new row is given a number only at the end of its section.
What stands around a number («п. 4», «3)») is kept.
"""

import re
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile

_NUMBER = re.compile(r"(.*?)(\d{1,5}(?:\.\d{1,5})*)(\D{0,3})", re.DOTALL)
_ROMAN = re.compile(r"(.*?)(?<![a-zA-Z])([IVXLC]+)(\W{0,3})", re.DOTALL)
_ROMAN_DIGITS = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
LONGEST = 30

Key = Hashable


@dataclass(frozen=True)
class Row:
    """A line by its key, with its number as written; blank where it has none."""

    key: Key
    number: str = ""


@dataclass(frozen=True)
class Part:
    """A section by its key (None: lines before the first one) with its number and its rows."""

    key: Key
    number: str = ""
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Numbers:
    """What is numbered anew, by key: only what differs from before, and what is new."""

    sections: Mapping[Key, str]
    rows: Mapping[Key, str]


@dataclass(frozen=True)
class _Scheme:
    """How the rows of one part are numbered: what stands before and after, where they begin, how deep each is."""

    head: str
    start: int = 1
    tail: str = ""
    depths: Mapping[Key, int] = field(default_factory=dict)
    above: Mapping[Key, Key] = field(default_factory=dict)  # the row under which a deeper one stands

    @property
    def ends(self) -> int:
        """The number that follows the last one of the first level."""
        return self.start + sum(1 for depth in self.depths.values() if depth == 0)


def renumbered(before: Sequence[Part], after: Sequence[Part], moved: Collection[Key] = ()) -> Numbers:
    """The numbers that follow from putting rows and sections where `after` has them.

    `moved` are the keys of rows that were taken from their place; rows and sections that are not in `before` are
    new, whatever number they carry. Never gives two rows a number that only one had.
    """
    sections = _sections(before, after)
    known = {row.key: row.number for part in before for row in part.rows}
    rows = _rows(before, after, known, set(moved), sections)
    if _has_new_doubles(before, after, rows):
        fresh = [row.key for part in after for row in part.rows if row.key not in known]
        rows = dict.fromkeys(fresh, "")
        if _has_new_doubles(before, after, rows):
            rows |= {key: "" for key in moved if known.get(key)}
    return Numbers(sections, rows)


def with_descendants(rows: Sequence[Row], key: Key) -> list[Key]:
    """The row and those below it that its number is part of (2, 2.1, 2.2), where numbers are regular."""
    depths = _depths(rows)
    keys = [row.key for row in rows]
    place = keys.index(key)
    below = takewhile(lambda one: depths[one] > depths[key], keys[place + 1 :])
    return [key, *below]


def row_above(rows: Sequence[Row], key: Key) -> Key | None:
    """Before which row «Выше» puts the row: the nearest one above that does not stand deeper; None at the top."""
    depths = _depths(rows)
    keys = [row.key for row in rows]
    return next((one for one in reversed(keys[: keys.index(key)]) if depths[one] <= depths[key]), None)


def row_below(rows: Sequence[Row], key: Key) -> Key | None:
    """Behind which row «Ниже» puts the row with all that stands under it; None at the end."""
    keys = [row.key for row in rows]
    place = keys.index(key) + len(with_descendants(rows, key))
    if place == len(keys):
        return None
    depths = _depths(rows)
    return with_descendants(rows, keys[place])[-1] if depths[keys[place]] == depths[key] else keys[place]


def _depths(rows: Sequence[Row]) -> dict[Key, int]:
    """How deep each row stands by its number; 0 where numbers are not regular."""
    scheme = _scheme_of(Part(None, "", tuple(rows)))
    return {row.key: scheme.depths.get(row.key, 0) if scheme else 0 for row in rows}


# --- rows ----------------------------------------------------------------------------------------


def _rows(
    before: Sequence[Part],
    after: Sequence[Part],
    known: Mapping[Key, str],
    moved: set[Key],
    sections: Mapping[Key, str],
) -> dict[Key, str]:
    was = {part.key: part for part in before}
    schemes = {part.key: scheme for part in before if (scheme := _scheme_of(part))}
    own_depths = {key: depth for scheme in schemes.values() for key, depth in scheme.depths.items()}
    start = _common_start(before, schemes)
    found: dict[Key, str] = {}
    for part in after:
        old = was.get(part.key, Part(part.key))
        scheme = schemes.get(part.key)
        if scheme is None and not old.rows:
            scheme = _borrowed(part, sections.get(part.key, part.number), before, schemes)
        if scheme is None:
            found |= _left_as_written(part, known)
            continue
        scheme = _with_number_of_section(scheme, old.number, sections.get(part.key, old.number))
        if start is not None:
            scheme = replace(scheme, start=start)
        at_home = {row.key for row in old.rows}
        numbered = [row.key for row in part.rows if known.get(row.key, "?") or row.key not in at_home]
        placed = {key for key in numbered if key in moved or key not in at_home}
        depths = _depths_with(numbered, placed, scheme, own_depths)
        numbers = _numbers(numbered, depths, scheme, placed)
        if numbers is None:
            found |= _left_as_written(part, known)
            continue
        found |= {key: number for key, number in numbers.items() if known.get(key) != number}
        if start is not None:
            start += sum(1 for depth in depths.values() if depth == 0)
    return found


def _depths_with(
    keys: Sequence[Key], placed: Collection[Key], scheme: _Scheme, own_depths: Mapping[Key, int]
) -> dict[Key, int]:
    """How deep each row stands: one that is placed here as deep as the deeper of its neighbours.

    What was placed together keeps its levels.
    """
    found: dict[Key, int] = {}
    first: Key = None
    for place, key in enumerate(keys):
        above = keys[place - 1] if place else None
        if key not in placed:
            found[key] = scheme.depths[key]
        elif above is None:
            found[key], first = 0, key
        elif above in placed:
            deeper = max(own_depths.get(key, 0) - own_depths.get(first, 0), 0)
            found[key] = min(found[first] + deeper, found[above] + 1)
        else:
            below = next((one for one in keys[place + 1 :] if one not in placed), None)
            found[key], first = max(found[above], scheme.depths.get(below, 0)), key
    return found


def _numbers(
    keys: Sequence[Key], depths: Mapping[Key, int], scheme: _Scheme, placed: Collection[Key]
) -> dict[Key, str] | None:
    """The number of each row; None where a row would lose the one that it stands under, or find another."""
    found: dict[Key, str] = {}
    counts: list[int] = []
    path: list[Key] = []
    for key in keys:
        depth = depths[key]
        if depth > len(path):
            return None
        del path[depth:], counts[depth + 1 :]
        if key not in placed and scheme.above.get(key) != (path[-1] if path else None):
            return None
        if len(counts) > depth:
            counts[depth] += 1
        else:
            counts.append(1 if depth else scheme.start)
        path.append(key)
        found[key] = scheme.head + ".".join(map(str, counts)) + scheme.tail
        if len(found[key]) > LONGEST:
            return None
    return found


def _left_as_written(part: Part, known: Mapping[Key, str]) -> dict[Key, str]:
    """New rows have no number but at the end, where one is plain from the row above."""
    fresh = [row.key for row in part.rows if row.key not in known]
    found = dict.fromkeys(fresh, "")
    if len(fresh) == 1 and len(part.rows) > 1 and part.rows[-1].key == fresh[0]:
        found[fresh[0]] = _next_after(part.rows[-2].number)
    return found


def _next_after(number: str) -> str:
    parts = _NUMBER.fullmatch(number)
    if parts is None:
        return ""
    head, digits, tail = parts.groups()
    front, dot, last = digits.rpartition(".")
    found = f"{head}{front}{dot}{int(last) + 1:0{len(last)}}{tail}"
    return found if len(found) <= LONGEST else ""


def _scheme_of(part: Part) -> _Scheme | None:
    """The scheme that gives the part exactly the numbers it has; None where there is no such."""
    numbered = [row for row in part.rows if row.number]
    parsed = {row.key: match.groups() for row in numbered if (match := _NUMBER.fullmatch(row.number))}
    if not numbered or len(parsed) < len(numbered):
        return None
    levels = {key: digits.split(".") for key, (_, digits, _) in parsed.items()}
    least = min(map(len, levels.values()))
    first = numbered[0].key
    if len(levels[first]) != least:
        return None
    depths = {key: len(some) - least for key, some in levels.items()}
    above: dict[Key, Key] = {}
    path: list[Key] = []
    for row in numbered:
        del path[depths[row.key] :]
        if path:
            above[row.key] = path[-1]
        path.append(row.key)
    head = parsed[first][0] + "".join(f"{one}." for one in levels[first][:-1])
    scheme = _Scheme(head, int(levels[first][-1]), parsed[first][2], depths, above)
    numbers = _numbers([row.key for row in numbered], depths, scheme, ())
    return scheme if numbers == {row.key: row.number for row in numbered} else None


def _borrowed(part: Part, number: str, before: Sequence[Part], schemes: Mapping[Key, _Scheme]) -> _Scheme | None:
    """How the rows of a part without any would be numbered, as in other parts; by its own number if by theirs."""
    like = next((one for one in before if one.key in schemes and one.key != part.key), None)
    if like is None:
        is_first = not any(one.rows for one in before)
        return _Scheme(f"{match[2]}." if (match := _NUMBER.fullmatch(number)) else "") if is_first else None
    scheme = _Scheme(schemes[like.key].head, tail=schemes[like.key].tail)
    if not _carried(scheme.head, like.number):
        return scheme
    own = _with_number_of_section(scheme, like.number, number)
    return own if _carried(own.head, number) else None


def _with_number_of_section(scheme: _Scheme, old: str, new: str) -> _Scheme:
    """Rows that carry their section's number go on carrying it."""
    carried = _carried(scheme.head, old)
    now = new if carried == old else _value_of(new)
    return replace(scheme, head=scheme.head.removesuffix(f"{carried}.") + f"{now}.") if carried and now else scheme


def _carried(head: str, number: str) -> str:
    """A section's number as its rows carry it, also 1.1 under «Раздел I»; blank where they do not."""
    if not number or head == f"{number}.":
        return number
    value = _value_of(number)
    return value if value and re.fullmatch(rf"\D*{re.escape(value)}\.", head) else ""


def _value_of(number: str) -> str:
    """The figures that a section's number means: 1 of «I.» and of «Раздел 1»."""
    if match := _NUMBER.fullmatch(number):
        return match[2]
    match = _ROMAN.fullmatch(number)
    return str(_from_roman(match[2]) or "") if match else ""


def _common_start(before: Sequence[Part], schemes: Mapping[Key, _Scheme]) -> int | None:
    """Where the numbering begins that runs through all sections; None where there is no such."""
    parts = [part for part in before if any(row.number for row in part.rows)]
    if not parts or any(part.key not in schemes for part in parts):
        return None
    found = [schemes[part.key] for part in parts]
    is_one = all(
        (one.head, one.tail, one.ends) == (other.head, other.tail, other.start) for one, other in pairwise(found)
    )
    is_own = any(digit.isdigit() for digit in found[0].head) or found[0].head == f"{parts[0].number}."
    return found[0].start if is_one and not is_own else None


def _has_new_doubles(before: Sequence[Part], after: Sequence[Part], given: Mapping[Key, str]) -> bool:
    """Whether a number stands twice where none did: in a section or, unless each begins anew, in the plan."""

    was = {part.key: part for part in before}
    if _is_doubled(after, given) and not _is_doubled(before, {}):
        return True
    return any(
        _is_doubled([part], given) and not _is_doubled([was.get(part.key, Part(part.key))], {}) for part in after
    )


def _is_doubled(parts: Sequence[Part], given: Mapping[Key, str]) -> bool:
    numbers = [number for part in parts for row in part.rows if (number := given.get(row.key, row.number))]
    return len(set(numbers)) < len(numbers)


# --- sections ------------------------------------------------------------------------------------


def _sections(before: Sequence[Part], after: Sequence[Part]) -> dict[Key, str]:
    """Numbers of sections, Arabic or Roman, where those before were regular."""
    own = {part.key: part.number for part in before if part.key is not None}
    fresh = [part.key for part in after if part.key is not None and part.key not in own]
    numbered = [part.number for part in before if part.key is not None and part.number]
    count = _count_like(numbered)
    if count is None:
        return dict.fromkeys(fresh, "")
    wanted = (part.key for part in after if part.key is not None and (own.get(part.key, "?")))
    given = dict(zip(wanted, count, strict=False))
    return {key: number for key, number in given.items() if own.get(key) != number}


def _count_like(numbers: Sequence[str]) -> Iterator[str] | None:
    """An endless row of numbers that begins as these do; None where they follow no rule."""
    if not numbers:
        return None
    for pattern, read, write in ((_NUMBER, _arabic, str), (_ROMAN, _from_roman, _roman)):
        match = pattern.fullmatch(numbers[0])
        if match and (first := read(match[2])):
            head, tail = match[1], match[3]
            if [f"{head}{write(first + place)}{tail}" for place in range(len(numbers))] == list(numbers):
                return (f"{head}{write(place)}{tail}" for place in range(first, first + 10_000))
    return None


def _arabic(digits: str) -> int | None:
    return int(digits) if digits.isdigit() else None


def _roman(number: int) -> str:
    found = ""
    for value, digit in _ROMAN_DIGITS:
        found += digit * (number // value)
        number %= value
    return found


def _from_roman(digits: str) -> int | None:
    return next((number for number in range(1, 400) if _roman(number) == digits), None)
