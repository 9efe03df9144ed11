"""Order of Russian names, as a text that any database sorts right by its bytes. Pure."""

import re

from .text import fold_spaces

_NUMBER = re.compile(r"\d+")
_SIGNS = re.compile(r"[^0-9a-zа-яё]+")
_WIDTH = 9
# after every other letter: 'ё' follows 'е' whatever comes next
_LAST = "\U0010ffff"


def russian_sort_key(text: str, *, length: int = 400) -> str:
    """`text` as a key for comparison by code points (in PostgreSQL: a column with the collation "C").

    Case, quotation marks and punctuation make no difference, ё stands after е, and numbers inside count
    as numbers: «№ 2» comes before «№ 10». Equal keys are possible, so order by something unique as well.
    """
    folded = fold_spaces(text).lower().replace("е\u0308", "ё").replace("и\u0306", "й")
    folded = _SIGNS.sub(" ", folded).strip()
    folded = _NUMBER.sub(lambda found: found[0].lstrip("0").rjust(_WIDTH, "0"), folded)
    return folded.replace("ё", f"е{_LAST}")[:length]
