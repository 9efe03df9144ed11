"""Which column of somebody's table is what: by the meaning of its title, in any order, below any heading."""

import re
from dataclasses import dataclass

from nok_portal.common.text import fold, fold_spaces

from .sheet import Row

# the first pattern that fits decides; None: a column that looks like one of ours and is not
_MEANINGS: tuple[tuple[str, str | None], ...] = (
    (r"\bинн\b", "inn"),
    (r"^(?:телефон|контактн|факс|e-?mail|эл\b|электрон|адрес эл|почт|огрн|окпо|кпп|№|n п|номер|примечан)", None),
    (r"правовая форма|форма собственност|оквэд|вид\w* деятельност|вид собственност", None),
    (r"получател|обслужен|посетител|обучающ|воспитанник|численност|охват", "recipients_last_year"),
    (r"сайт|\burl\b|интернет|веб|www", "site"),
    (r"действует по\b|закрыт|ликвид|прекращен", "active_to"),
    (r"действует с\b|дата (?:создан|открыт|регистрац|образован|основан|начал)", "active_from"),
    (r"учредител", "founder"),
    (r"сфер|отрасл", "sphere"),
    (r"\bтип\b|\bвид\b|категори", "organization_type"),
    (r"должност", "head_post"),
    (r"руководител|директор|заведующ|\bф\.? ?и\.? ?о\b|главн\w* врач|начальник", "head_name"),
    (r"адрес|местонахожд|место нахожд|местополож|расположен", "address"),
    (r"кратк|коротк|сокращ", "short_name"),
    (r"наименован|назван|организаци|учрежден", "name"),
)
_PATTERNS = tuple((re.compile(pattern), field) for pattern, field in _MEANINGS)
# of two columns with one meaning the one that says this is taken
_BETTER = re.compile(r"полн|фактич|официальн")
_LONGEST_TITLE = 150
_LOOKED_THROUGH = 30


@dataclass(frozen=True)
class Column:
    """A column of the file: its place from 0, its letter in Excel, its title as written."""

    index: int
    letter: str
    title: str


@dataclass(frozen=True)
class Header:
    """Where the titles stand and what each column means; `height` is 2 where they take two lines."""

    position: int
    height: int
    fields: dict[str, Column]
    unused: tuple[Column, ...]


def meaning_of(title: str) -> str | None:
    """The field that a column with this title fills, or None."""
    folded = fold(title)
    for pattern, field in _PATTERNS:
        if pattern.search(folded):
            return field
    return None


def letter_of(index: int) -> str:
    """The name that Excel gives a column: 0 is A, 27 is AB."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def find_header(rows: tuple[Row, ...]) -> Header | None:
    """The line of titles that says most, among the first ones; it names the organization and something else."""
    best: Header | None = None
    for position in range(min(len(rows), _LOOKED_THROUGH)):
        single = _titles(rows[position])
        found = _header(position, 1, single)
        if found and position + 1 < len(rows):
            # a second line of titles stands below those that do not reach down to it
            below = _titles(rows[position + 1])
            joined = {index: single.get(index) or below.get(index, "") for index in {*single, *below}}
            name = found.fields.get("name") or found.fields["short_name"]
            taller = _header(position, 2, joined)
            if taller and name.index not in below and len(taller.fields) > len(found.fields):
                found = taller
        if found and (best is None or len(found.fields) > len(best.fields)):
            best = found
    return best


def _titles(row: Row) -> dict[int, str]:
    return {index: fold_spaces(cell) for index, cell in enumerate(row.cells) if isinstance(cell, str)}


def _header(position: int, height: int, titles: dict[int, str]) -> Header | None:
    fields: dict[str, Column] = {}
    unused: list[Column] = []
    for index, title in sorted(titles.items()):
        column = Column(index, letter_of(index), title)
        field = meaning_of(title) if len(title) <= _LONGEST_TITLE else None
        if field is None:
            unused.append(column)
        elif field not in fields:
            fields[field] = column
        elif _BETTER.search(fold(title)) and not _BETTER.search(fold(fields[field].title)):
            unused.append(fields[field])
            fields[field] = column
        else:
            unused.append(column)
    if len(fields) < 2 or not fields.keys() & {"name", "short_name"}:
        return None
    return Header(position, height, fields, tuple(unused))
