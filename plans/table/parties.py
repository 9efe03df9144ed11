"""Responsible parties of a cell: told apart, named, put in the nominative.

The order: lists, semicolons and joining words part a cell for certain; a comma, «и» or a line break only where a
new post, body or legal form begins, because all three also stand inside names («Отдел образования, культуры и
спорта»); and without any separator a name ends where the next post, body or legal form begins.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plans.table import party_words as data
from plans.table.abbreviations import DEFINITION, Abbreviations
from plans.table.cases import INSTRUMENTAL, NOMINATIVE, dependent_cases, forms_of, nominative, noun_group
from plans.table.persons import begins_person, person_here
from plans.table.words import DASHES, canonical, fold, without_quote_blanks

_REMARK = re.compile(rf"\(\s*(?:{data.REMARK})[^()]*\)?", re.IGNORECASE | re.VERBOSE)
_BARE_REMARK = re.compile(r"[,\s]+по\s+согласованию\s*$", re.IGNORECASE)
# How to reach a party is no part of its name.
_CONTACT = re.compile(
    r"""[,;\s]*(?P<open>\(\s*)?(?:
    (?:e-?mail|эл(?:\.|ектронная)\s*(?:почта|адрес))?\s*:?\s*[\w.+-]{1,64}@[\w.-]{1,100}\w
    |(?:\b(?:тел(?:ефоны?)?|моб|факс|т|сот)(?:\.|:|\s)[\s:./]*(?:факс)?[\s.:]*)\+?\d[\d\s()-]{3,20}\b
    (?:,?\s*(?:доб|вн)\.?\s*\d+)?
    |(?:\+7|\b8)[\s-]?\(?\d{3,5}\)?[\s-]?\d[\d\s-]{3,12}
    |\b\d{1,3}(?:-\d\d){2}\b
    )(?(open)\s*\))(?=$|[\s,;.)])""",
    re.IGNORECASE | re.VERBOSE,
)
_BLANKS = re.compile(r"\s{2,}")
_MAY_REACH = re.compile(r"@|\d[\d\s()-]{3}")
_ROLE = (
    r"(?:ответственн\w+(?:\s+исполнител\w+)?|(?:со)?исполнител\w*|координатор\w*|куратор\w*|участник\w*|организатор\w*)"
)
# «Отдел культуры – координатор»: a role that stands after the name.
_ROLE_AFTER = re.compile(rf"\s+[{DASHES}]\s*{_ROLE}(?=\s*(?:[,;.\n]|$))", re.IGNORECASE)
_LABEL = re.compile(
    rf"\b(?:{_ROLE}|(?:отв|исп|соисп)\.)\s*(?::|\s[{DASHES}]\s)",
    re.IGNORECASE,
)
_BULLET = re.compile(rf"^\s*(?:[{DASHES}•·▪*]\s+|\d{{1,2}}\s*[.)]\s*(?=\D))")
_JOINERS = tuple((re.compile(rf"[,\s]+{words}\s+", re.IGNORECASE), case) for words, case in data.JOINERS)
_NEXT_NAME = re.compile(r"[\s,;]+[А-ЯЁ]{2,}\b")
_PIECE = re.compile(r"\n|[,;]|[^\s,;\n]+")
_HYPHENATED = re.compile(rf"(?i)\bорганизация\s*[{DASHES}]?\s*оператор\b")

MAX_PARTIES = 40
MAX_CELL = 4000


@dataclass(frozen=True)
class Parties:
    """Names in the order of the cell.

    `guessed` where only the words told two parties apart, `cut` where the cell is too long to be read to its end,
    `doubtful` where a name could not be put into the nominative.
    """

    names: tuple[str, ...]
    guessed: bool = False
    cut: bool = False
    doubtful: bool = False


def parties_of(text: str, abbreviations: Abbreviations | None = None) -> Parties:
    """The parties that a cell names."""
    known = abbreviations or Abbreviations()
    guessed = doubtful = False
    names: dict[str, str] = {}
    for chunk in _certain_parts(_without_remarks(text[:MAX_CELL])):
        for part, case in _joined(chunk):
            for position, (words, separated) in enumerate(_uncertain_parts(part)):
                guessed = guessed or not separated
                name, odd = _name(words, case, known, first=position == 0)
                doubtful = doubtful or odd
                if name:
                    names.setdefault(canonical(name), name)
    cut = len(text) > MAX_CELL or len(names) > MAX_PARTIES
    return Parties(tuple(names.values())[:MAX_PARTIES], guessed, cut, doubtful)


_IN_TITLE = re.compile(
    rf"""\(\s*(?:отв\.(?:\s*исп\.)?|исп\.|ответственн\w+(?:\s+(?:исполнител\w+|лиц\w+))?|исполнител\w+)\s*[{DASHES}:]*\s*
    (?P<inside>(?:[^()]|\([^()]*\))+)\)
    |[.;]\s+(?:отв\.|ответственн\w+(?:\s+исполнител\w+)?|исполнител\w+)\s*(?::|\s[{DASHES}]\s)\s*(?P<after>[^.;:]+(?:\.[^.;:]*)*)$""",
    re.IGNORECASE | re.VERBOSE,
)


def party_in_title(title: str) -> str:
    """The party that an activity's title names in words of its own: «… (отв. – отдел культуры)»; '' without one."""
    found = _IN_TITLE.search(title)
    words = (found["inside"] or found["after"] or "").strip() if found else ""
    return words if looks_like_party(words) else ""


def looks_like_party(text: str) -> bool:
    """Whether words begin like a party's name: for a heading row that names who is responsible."""
    words = fold(text).split()
    return bool(words) and (_begins(words, 0, capital=False) or begins_person(words))


def _without_remarks(text: str) -> str:
    text = _BLANKS.sub(lambda found: "\n" if "\n" in found[0] else " ", text)
    text = _CONTACT.sub("", without_quote_blanks(text)) if _MAY_REACH.search(text) else without_quote_blanks(text)
    return _BARE_REMARK.sub("", _REMARK.sub(" ", _ROLE_AFTER.sub(";", text)))


def _certain_parts(text: str) -> Iterator[str]:
    """Items of a list, and what semicolons and labels («Соисполнители:») part."""
    text = _listed(_LABEL.sub(";", text))
    lines: list[str] = []
    for line in text.split("\n"):
        if _BULLET.match(line) and not _within_quotes("\n".join(lines)):
            yield from _semicolons("\n".join(lines))
            lines = [_BULLET.sub("", line)]
        else:
            lines.append(line)
    yield from _semicolons("\n".join(lines))


def _listed(text: str) -> str:
    """A list on one line with its items on lines of their own: «1) отдел культуры 2) отдел образования»."""
    first = _BULLET.match(text)
    if first is None:
        return text
    mark = first[0].strip()
    if mark in DASHES:
        return re.sub(rf"\s+{re.escape(mark)}\s+", f"\n{mark} ", text)
    sign = re.escape(mark[-1])
    return re.sub(rf"\s+(?=\d{{1,2}}\s?{sign}\s)", "\n", text) if mark[:-1].strip() == "1" else text


def _semicolons(text: str) -> Iterator[str]:
    start = 0
    for found in re.finditer(r";|\s/\s", text):
        if not _within_quotes(text[start : found.start()]):
            yield text[start : found.start()]
            start = found.end()
    yield text[start:]


def _within_quotes(text: str) -> bool:
    return text.count("«") > text.count("»") or text.count("(") > text.count(")")


def _joined(text: str) -> Iterator[tuple[str, str | None]]:
    """Parts around «совместно с» and the like, each with the case that the words before it ask for."""
    case: str | None = None
    rest = f" {text}"
    while True:
        hits = [(match.start(), match, ask) for joiner, ask in _JOINERS if (match := joiner.search(rest))]
        if not hits:
            yield rest, case
            return
        _, match, ask = min(hits, key=lambda hit: hit[0])
        yield rest[: match.start()], case
        rest, case = rest[match.end() :], ask


def _uncertain_parts(text: str) -> Iterator[tuple[str, bool]]:
    """Names told apart by their words; the flag says whether a separator stood there too."""
    pieces = _pieces(text)
    held: list[str] = []
    breaks = comma = False
    sure = True
    for position, piece in enumerate(pieces):
        if piece in {"\n", ","}:
            comma, breaks = comma or piece == ",", breaks or piece == "\n"
            continue
        ahead = [word for word in pieces[position : position + 8] if word not in {"\n", ","}]
        joined = piece in {"и", "а"} and not comma and held and _joins_names(held, ahead[1:])
        if held and (joined or _parts_here(held, ahead, comma=comma, breaks=breaks)):
            yield " ".join(held), sure
            held, sure = [], joined or comma or breaks
            if joined:
                continue
        elif comma and held:
            held[-1] += ","
        held.append(piece)
        comma = breaks = False
        if DEFINITION.search(piece):
            yield " ".join(held), sure
            held, sure = [], True
    if held:
        yield " ".join(held), sure


def _pieces(text: str) -> list[str]:
    """Words, commas and line breaks; what stands in quotes or brackets is part of its word."""
    shielded = []
    hidden: list[str] = []
    position = 0
    while position < len(text):
        end = _closed(text, position)
        if end:
            hidden.append(fold(text[position:end]))
            bracket = text[position] == "("
            shielded.append(f"{' ' if bracket else ''}\x00{len(hidden) - 1}\x00{' ' if bracket else ''}")
            position = end
        else:
            shielded.append(text[position])
            position += 1
    words = _PIECE.findall("".join(shielded))
    return [re.sub(r"\x00(\d+)\x00", lambda match: hidden[int(match[1])], word) for word in words]


def _closed(text: str, position: int) -> int:
    """Where the quote or bracket that opens here closes; 0 when none opens or it never closes."""
    sign = text[position]
    closing = {"«": "»", "(": ")", "„": "“", "“": "”", '"': '"'}.get(sign)
    if closing is None:
        return 0
    depth, last = 0, 0
    for index in range(position, min(len(text), position + 400)):
        if text[index] == sign and (sign != '"' or index == position):
            depth += 1
        elif text[index] == closing:
            depth, last = depth - 1, index + 1
            if depth == 0 or (depth > 0 and _NEXT_NAME.match(text, last) and _opens_again(text, last)):
                return last
    return last


def _opens_again(text: str, position: int) -> bool:
    """Whether a new quote opens before the next one closes: one sign closed two («Детский сад «Ромашка», МДОУ «…»)."""
    opening, closing = text.find("«", position), text.find("»", position)
    return 0 <= opening < closing


def _parts_here(held: list[str], ahead: list[str], *, comma: bool, breaks: bool) -> bool:
    """Whether a new party begins at `ahead` after the words `held`."""
    word = ahead[0]
    bare = canonical(word)
    last = canonical(held[-1])
    if last in {"и", "при", "по", "в", "с", "со", "за", "на", "от", "для", "из", "о", "об", "-", "–", "—"}:
        return False
    if not (comma or breaks) and canonical(held[0]) in data.LEGAL_FORMS and all(map(_is_short_name, held)):
        return False  # «МБОУ СОШ № 5», «ИП Кузнецова»
    if not comma and _lacks_noun(held):
        return False
    person = person_here(held, ahead, comma=comma)
    if person is not None:
        return person and not _needs_complement(held)
    if bare in data.LEGAL_FORMS and word[:1].isupper():
        return comma or _ends_before_legal_form(held, breaks=breaks)
    if comma:
        return _begins(ahead, 0, capital=False) or _other_name(ahead) or _stands_as_head(held, ahead)
    if breaks and _is_short_name(word) and not _needs_complement(held):
        return True
    return _begins(ahead, 0, capital=True, plain=not breaks) or _follows_plainly(held, ahead)


def _follows_plainly(held: list[str], ahead: list[str]) -> bool:
    """A name after a complete one without any separator: «Отдел образования руководители школ».

    A noun that can only be a subject: people, or a capital adjective with its noun («Муниципальные районы»; in
    names of places the noun has a capital too).
    """
    group, before = noun_group(ahead), noun_group(held)
    if group is None or before is None or before.end >= len(held) or _needs_complement(held):
        return False
    if not _stands_as_head(held, ahead) or not group.cases <= {NOMINATIVE, "accs"}:
        return False
    people = group.cases == {NOMINATIVE} and any(form.is_animate for form in group.forms) and ahead[0][:1].islower()
    return people or (group.end > 1 and ahead[0][:1].isupper() and ahead[group.end - 1][:1].islower())


def _ends_before_legal_form(held: list[str], *, breaks: bool) -> bool:
    """«Директор МКУ …» is one party, «Общественный совет МКУ …» two."""
    if _needs_complement(held):
        return False
    first = next((word for word in map(canonical, held) if word in data.POSTS), None)
    if first is None or any(canonical(word) in data.LEGAL_FORMS for word in held):
        return True
    return first in data.PLURAL_POSTS and breaks


def _needs_complement(held: list[str]) -> bool:
    """A post or department that does not yet say of what: «Инженер», «Главный специалист», «Методический отдел»."""
    last = canonical(held[-1])
    return last in data.POSTS or (last in data.DEPARTMENTS and len(held) <= 2) or _lacks_noun(held)


def _lacks_noun(held: list[str]) -> bool:
    """Whether the words end with an adjective: «ОБЩЕСТВЕННЫЙ»."""
    forms = forms_of(held[-1].lower())
    return bool(forms) and all(not form.is_noun and form.case in {NOMINATIVE, "accs"} for form in forms)


def _begins(words: list[str], position: int, *, capital: bool, plain: bool = False) -> bool:
    """Whether a party's name begins with these words.

    With `capital` only upper case begins one; with `plain` forms that may also be genitives do not.
    """
    if position >= len(words):
        return False
    word = canonical(words[position]).strip('".,:')
    if capital and not words[position][:1].isupper():
        return False
    if word in data.LEGAL_FORMS:
        return words[position][:1].isupper()
    if word in data.PLURAL_BODIES:
        return position + 1 < len(words) and _are_several(words[position + 1 : position + 4])
    if word in data.POSTS or word in data.BODIES:
        return not (plain and word in data.AMBIGUOUS)
    if position < 2 and _is_leading_adjective(word):
        return any(
            canonical(following).strip('".,:') in data.POSTS | data.BODIES
            for following in words[position + 1 : position + 4]
        )
    return False


def _are_several(words: list[str]) -> bool:
    """«сельских поселений», but not «района» or «Лесного поселения»: for a body whose genitive is its plural too."""
    forms = [form for word in words for form in forms_of(word.lower().rstrip(".,")) if form.is_noun][:1]
    return bool(forms) and forms[0].number == "plur" and forms[0].case == "gent"


def _is_leading_adjective(word: str) -> bool:
    return word.endswith(("ый", "ий", "ая", "ое", "ые", "ие", "яя", "ой")) and word.startswith(
        tuple(data.LEADING_ADJECTIVES)
    )


def _joins_names(held: list[str], ahead: list[str]) -> bool:
    """Whether «и» stands between two names and not inside one."""
    return _begins(ahead, 0, capital=False, plain=True) or _stands_as_head(held, ahead)


def _stands_as_head(held: list[str], ahead: list[str]) -> bool:
    """A noun in the case of the held name's head that cannot go on with the words that depend on it.

    «школы и детские сады», «завхоз, старшая медсестра»; but «отдел культуры, спорта».
    """
    group = noun_group(ahead)
    if group is None:
        return False
    head = noun_group(held)
    own = head.cases if head else frozenset({INSTRUMENTAL})
    asked = frozenset({NOMINATIVE}) | (frozenset() if NOMINATIVE in own else own)
    return bool(asked & group.cases) and not dependent_cases(held, head) & group.cases


def _other_name(ahead: list[str]) -> bool:
    """After a comma any capital begins a name, but not in a case that only goes on with the one before."""
    word = ahead[0]
    if not word[:1].isupper() or canonical(word) in data.PLACES:
        return False
    group = noun_group(ahead)
    return group is None or bool(group.cases & {NOMINATIVE, INSTRUMENTAL})


def _is_short_name(word: str) -> bool:
    return 2 <= len(word) <= 8 and word.isalpha() and word.isupper() and canonical(word) not in data.PLACES


def _name(words: str, case: str | None, known: Abbreviations, *, first: bool) -> tuple[str, bool]:
    """A party's name as the plan will show it, and whether its case is doubtful."""
    text = fold(words)
    definition = DEFINITION.search(text)
    if definition:
        return without_quote_blanks(definition["name"].strip(" .,;")), False
    text, doubtful = nominative(_strip(without_quote_blanks(text)), case, sure=first)
    return _HYPHENATED.sub(_hyphened, known.named(text)), doubtful


def _hyphened(match: re.Match[str]) -> str:
    return f"{match[0][:11]}-{match[0][-8:]}"


def _strip(text: str) -> str:
    text = text.strip(f" ,;:{DASHES}")
    if text.endswith(".") and not re.search(r"\b[А-ЯЁ]\.$|\b(?:др|пр|т\.д|т\.п|г|обл|р-н)\.$", text):
        text = text.rstrip(". ")
    return re.sub(r"\s+(?:и|а также)$|^(?:и|а также)\s+", "", text)
