"""The vocabulary of deadlines: every form of a word that carries meaning, with forgiveness for typing.

A word is found as it is written, then by its parts when a space was lost («втечение»), then by one slip of
the fingers («кваратл»). Words that are not here have no meaning for time and stay as they are.
"""

from dataclasses import dataclass
from functools import lru_cache

Value = int | str | tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class Word:
    """A form of a word: what sort of part it plays (`cat`) and what it says (`value`)."""

    form: str
    cat: str
    value: Value = None


LEXICON: dict[str, Word] = {}

_HARD = "ый ой ого ому ым ом ая ую ое ые ых ыми".split()
_SOFT = "ий его ему им ем яя ей юю ее ие их ими".split()
_ABBREVIATIONS_OF_MONTHS = (
    "янв",
    "фев февр",
    "мар",
    "апр",
    "",
    "июн",
    "июл",
    "авг",
    "сен сент",
    "окт",
    "ноя нояб",
    "дек",
)
_MONTH_STEMS = (
    "январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр",
)  # fmt: skip


def _add(forms: str, cat: str, value: Value = None) -> None:
    for form in forms.split():
        LEXICON.setdefault(form, Word(form, cat, value))


def _adjective(stems: str, cat: str, value: Value = None, *, soft: bool = False) -> None:
    for stem in stems.split():
        _add(" ".join(stem + ending for ending in (_SOFT if soft else _HARD)), cat, value)


def _months() -> None:
    for number, stem in enumerate(_MONTH_STEMS, 1):
        if stem in ("март", "август"):
            endings = ("", "а", "у", "е", "ом")
        elif stem == "ма":
            endings = ("й", "я", "ю", "е", "ем")
        else:
            endings = ("ь", "я", "ю", "е", "ем")
        _add(" ".join(stem + ending for ending in endings), "month", number)
        _add(_ABBREVIATIONS_OF_MONTHS[number - 1], "month", number)


def _numerals() -> None:
    cardinals = {
        1: "один одна одно одного одной одному одну одним",
        2: "два две двух двум", 3: "три трех трем", 4: "четыре четырех четырем",
        5: "пять пяти", 6: "шесть шести", 7: "семь семи", 8: "восемь восьми", 9: "девять девяти",
        10: "десять десяти", 11: "одиннадцать одиннадцати", 12: "двенадцать двенадцати",
        13: "тринадцать тринадцати", 14: "четырнадцать четырнадцати", 15: "пятнадцать пятнадцати",
        16: "шестнадцать шестнадцати", 17: "семнадцать семнадцати", 18: "восемнадцать восемнадцати",
        19: "девятнадцать девятнадцати", 20: "двадцать двадцати", 30: "тридцать тридцати",
        40: "сорок сорока", 50: "пятьдесят пятидесяти", 60: "шестьдесят шестидесяти",
        70: "семьдесят семидесяти", 80: "восемьдесят восьмидесяти", 90: "девяносто девяноста", 100: "сто ста",
    }  # fmt: skip
    for number, forms in cardinals.items():
        _add(forms, "num", number)
    ordinals = (
        "перв", "втор", "", "четверт", "пят", "шест", "седьм", "восьм", "девят", "десят", "одиннадцат",
        "двенадцат", "тринадцат", "четырнадцат", "пятнадцат", "шестнадцат", "семнадцат", "восемнадцат",
        "девятнадцат", "двадцат",
    )  # fmt: skip
    for number, stem in enumerate(ordinals, 1):
        if stem:
            _adjective(stem, "ord", number)
    _add("третий третьего третьему третьим третьем третья третьей третью третье третьи третьих", "ord", 3)
    _adjective("тридцат", "ord", 30)


def _terms() -> None:
    prefixes = {
        "одно": 1, "двух": 2, "трех": 3, "четырех": 4, "пяти": 5, "шести": 6, "семи": 7, "восьми": 8, "девяти": 9,
        "десяти": 10, "одиннадцати": 11, "двенадцати": 12, "четырнадцати": 14, "пятнадцати": 15, "двадцати": 20,
        "двадцатипяти": 25, "тридцати": 30, "сорокапяти": 45, "шестидесяти": 60, "девяносто": 90,
        "сорока": 40, "пятидесяти": 50,
    }  # fmt: skip
    stems = {
        "дневн": "days",
        "суточн": "days",
        "недельн": "weeks",
        "месячн": "months",
        "летн": "years",
        "годичн": "years",
    }
    for stem, unit in stems.items():
        for prefix, amount in prefixes.items():
            _adjective(prefix + stem, "adj", (amount, unit))
        if stem not in ("дневн", "летн"):
            _adjective(stem, "adj", (1, unit))
        _adjective(stem, "adjunit", unit)
    _adjective("дневн", "adjunit", "days")
    _adjective("декадн", "adj", (10, "days"))
    _adjective("полумесячн", "adj", (15, "days"))
    _adjective("полугодов полугодичн", "adj", (6, "months"))
    _adjective("квартальн", "adj", (3, "months"))


def _units() -> None:
    _add("день дня дню днем дне дни дней дням днями днях дн", "unit", "day")
    _add("сутки суток суткам сутках", "unit", "day")
    _add("неделя недели неделю неделе неделей недель неделям нед", "unit", "week")
    _add("месяц месяца месяцу месяцем месяце месяцы месяцев месяцам месяцах мес", "unit", "month")
    _add(
        "квартал квартала кварталу кварталом квартале кварталы кварталов кварталам кварталах кв кварт",
        "unit",
        "quarter",
    )
    _add("полугодие полугодия полугодию полугодием полугодии полугодий полугодиям полугодиях", "unit", "half_year")
    _add("полгода полугода полгоду", "unit", "half_year")
    _add("полмесяца полумесяца", "unit", "half_month")
    _add("год года году годом годе годы годов годам годах лет гг г", "unit", "year")
    _add("час часа часов часам", "unit", "hour")
    _add("декада декады декаде декаду декадой декад", "unit", "ten_days")
    _add("число числа числу числе чисел числам числах числами числ", "date")
    _add("ежегодно каждогодно погодно", "every", "year")
    _add("ежеквартально поквартально", "every", "quarter")
    _add("ежемесячно помесячно", "every", "month")
    _add("ежеполугодно ежеполугодие ежеполугодично", "every", "half_year")
    _add("еженедельно", "every", "week")
    _add("ежедневно ежесуточно", "every", "day")
    _adjective("ежегодн", "every", "year")
    _adjective("ежеквартальн", "every", "quarter")
    _adjective("ежемесячн", "every", "month")
    _adjective("еженедельн", "every", "week")
    _adjective("ежедневн", "every", "day")
    weekdays = ("понедельник", "вторник", "сред", "четверг", "пятниц", "суббот", "воскресень")
    for number, stem in enumerate(weekdays):
        endings = (
            ("а", "у", "ы", "е", "ой", "ам")
            if stem in ("сред", "пятниц", "суббот")
            else ("", "а", "у", "ам", "и", "е", "я", "ям")
        )
        _add(" ".join(stem + ending for ending in endings), "weekday", number)
    LEXICON.pop("сред", None)


def _helpers() -> None:
    _add("раз раза разов разу", "times")
    _add("полтора полторы полутора", "one_and_half")
    _add("дважды", "twice", 2)
    _add("трижды", "twice", 3)
    _add("четырежды", "twice", 4)
    _add("каждый каждого каждому каждым каждом каждая каждой каждую каждое каждые каждых", "each")
    _adjective("рабоч", "working", soft=True)
    _add("рабочая рабочую рабочей раб", "working")
    _adjective("календарн", "calendar")
    _add("кал календ", "calendar")
    _adjective("отчетн истекш прошедш минувш", "reporting")
    _add(
        "истекший истекшего истекшим истекшем истекшему прошедший прошедшего прошедшим прошедшем прошедшему",
        "reporting",
    )
    _add("минувший минувшего минувшим отч", "reporting")
    _adjective("следующ последующ будущ идущ наступающ", "next", soft=True)
    _add("следующая следующую последующая последующую след", "next")
    _adjective("очередн", "next")
    _adjective("предшествующ", "previous", soft=True)
    _adjective("предыдущ", "previous", soft=True)
    _add("сего", "current")
    _adjective("кругл", "round")
    _adjective("прошл", "previous")
    _adjective("текущ настоящ", "current", soft=True)
    _adjective("данн соответствующ указанн планов планируем", "current")
    _add("соответствующий соответствующего соответствующем", "current")
    _adjective("последн", "last", soft=True)
    _add("включительно", "inclusive")
    _add("далее затем впоследствии потом", "then")
    _add("весь всего всему всем вся всей всю все", "whole")
    _adjective("учебн", "school")
    _add("уч", "school")
    _adjective("финансов бюджетн", "yearkind")
    _add("половина половины половине половину половиной", "half")
    _add("весна весны весной весне весну весенний весеннего весенне", "season", 1)
    _add("лето лета летом лету летний летнего", "season", 2)
    _add("осень осени осенью осенний осеннего", "season", 3)
    _add("зима зимы зимой зиме зиму зимний зимнего", "season", 4)
    _add("конец конца концу конце концом окончания окончанию окончание завершения завершению истечения", "end")
    _add("начало начала началу начале", "start")
    _add("середина середины середине середину", "middle")
    _add("постоянно непрерывно систематически регулярно круглогодично бессрочно непрерывн", "ongoing")
    _add("срок срока сроку сроке сроки сроков сроком", "term")
    _add("период периода периоду периоде периодом периоды периодов", "period")


_PLAIN = """
в во на до к ко с со по за не и а но или либо при от из об перед через также чем как ранее раньше позднее позже
более менее реже чаще минимум максимум хотя бы
течение течении протяжении протяжение мере мера необходимости необходимость возможности возможность
запросу запросам запрос требованию требованиям обращению обращениям поручению поручениям заявке заявкам заявлению
согласованию договоренности соглашению согласно соответствии соответствие сроки установленные установленный
установленными установленном установленным установленных определенные определенный определяемые определяемой
предусмотренные предусмотренный указанные утвержденному утвержденным частотой периодичностью графику графиком
плану плана планом порядке порядок решению отдельному
после дня дату даты дата момента момент моменту начиная вплоть спустя истечении завершении окончании результатам
итогам факту поступлении поступления получении получения проведения проведении проведение утверждения утверждении прошествии вслед кроме исключая исключением между потом
оценки оценка оценке независимой качества заседании заседания заседаниях случае ходе время накануне незамедлительно немедленно
сразу тысячи одновременно превышающий превышающие постоянной регулярной основе реализации действия выявлении
размещения подписания опубликования принятия рассмотрения представления
""".split()


# shortened words and the words that they stand for
_SHORTENED = {
    "теч": "течение", "необх": "необходимости", "соотв": "соответствии", "согл": "согласованию", "рабоч": "рабочих",
    "тек": "текущего", "кажд": "каждого", "ежекв": "ежеквартально", "ежекварт": "ежеквартально", "ежемесяч": "ежемесячно", "ежегодн": "ежегодно", "ежемес": "ежемесячно", "ежег": "ежегодно",
    "полуг": "полугодие", "полугод": "полугодие", "учебн": "учебного", "посл": "последний",
}  # fmt: skip


def _build() -> None:
    _numerals()
    _months()
    _terms()
    _units()
    _helpers()
    for form in _PLAIN:
        _add(form, "w")
    for form, whole in _SHORTENED.items():
        LEXICON.setdefault(form, LEXICON[whole])


_build()

# Short words that may have lost the space on one side; longer ones always may.
_SHORT_PARTS = frozenset("в во с со к ко до по на за не и г гг кв дн раз год мая май раб".split())
_MONTH_ENDS_SHORT = 3


def _deletions(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


_TYPO_LENGTH = 5


def _index_of_typos() -> dict[str, set[str]]:
    index: dict[str, set[str]] = {}
    for form, word in LEXICON.items():
        if len(form) >= _TYPO_LENGTH and form not in _SHORTENED and word.cat != "adj":
            for key in (form, *_deletions(form)):
                index.setdefault(key, set()).add(form)
    return index


_TYPOS = _index_of_typos()
_LONGEST_WORD = 60


@lru_cache(maxsize=4096)
def find(form: str) -> tuple[Word, ...]:
    """The word, or the words run together, that `form` stands for; empty when it is none of ours.

    `form` is folded (lower case, ё as е). A slip is forgiven only when one word alone is that near.
    """
    if word := LEXICON.get(form):
        return (word,)
    if len(form) > _LONGEST_WORD:
        return ()
    if len(form) > _MONTH_ENDS_SHORT and (parts := _split(form)):
        return parts
    if len(form) >= _TYPO_LENGTH and (word := _nearest(form)):
        return (word,)
    return ()


def _split(form: str) -> tuple[Word, ...]:
    """Known words that together make `form`, as few of them as possible."""
    best: list[tuple[Word, ...] | None] = [()] + [None] * len(form)
    for end in range(1, len(form) + 1):
        for start in range(max(0, end - 16), end):
            before = best[start]
            part = form[start:end]
            word = LEXICON.get(part)
            if before is None or word is None or (len(part) <= _MONTH_ENDS_SHORT and part not in _SHORT_PARTS):
                continue
            current = best[end]
            if current is None or len(before) + 1 < len(current):
                best[end] = (*before, word)
    found = best[-1] or ()
    if sum(len(word.form) == 1 for word in found) > 1:
        # «независимая» is no «не за в и с и мая»
        return ()
    meaningful = any(word.cat != "w" or len(word.form) > _MONTH_ENDS_SHORT for word in found)
    return found if meaningful else ()


def _nearest(form: str) -> Word | None:
    candidates = set(_TYPOS.get(form, ()))
    for key in _deletions(form):
        candidates |= _TYPOS.get(key, set())
    near = [LEXICON[other] for other in candidates if _one_slip(form, other)]
    meanings = {(word.cat, word.value, word.form if word.cat == "w" else "") for word in near}
    return near[0] if len(meanings) == 1 else None


def _one_slip(written: str, meant: str) -> bool:
    """Whether one letter was lost, added, replaced, or two neighbours swapped."""
    if written[0] != meant[0] and written[-1] != meant[-1]:
        return False
    if abs(len(written) - len(meant)) == 1:
        longer, shorter = (written, meant) if len(written) > len(meant) else (meant, written)
        return shorter in _deletions(longer)
    different = [i for i, (a, b) in enumerate(zip(written, meant, strict=True)) if a != b]
    if len(different) == 1:
        return True
    if len(different) == 2:
        i, j = different
        return j == i + 1 and written[i] == meant[j] and written[j] == meant[i]
    return False
