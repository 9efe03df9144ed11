"""Who a responsible party is, as far as its name tells. Pure; a wrong guess only costs a word on a screen."""

import re

from nok_portal.common.text import fold

from .enums import PartyKind

# the first rule that fits decides
_RULES = (
    (PartyKind.PERSON, re.compile(r"^[а-я-]+ [а-я]\. ?[а-я]\.|[а-я]\. ?[а-я]\. [а-я-]+$")),
    (PartyKind.POST, re.compile(r"^(директор|руководител|начальник|секретар|инженер|специалист|глава|заместител|заведующ"
                                r"|председател|ведущ|главн|консультант|методист|координатор|члены? )")),
    (PartyKind.COUNCIL, re.compile(r"общественн\w* (совет|палат)|^совет\b|^оп$")),
    (PartyKind.DEPARTMENT, re.compile(r"^(отдел|управлени|комитет|департамент|администраци|министерств|финансов)")),
    (PartyKind.INSTITUTIONS, re.compile(r"^(\w+ )*(учреждения|организации|школы|библиотеки|клубы)\b")),
    (PartyKind.INSTITUTION, re.compile(r"учреждени|^м[бкау]+у|^мку|^мбу|«.+»")),
)  # fmt: skip


def kind_of_party(name: str) -> PartyKind:
    """A post, a department, a council …; OTHER where the name does not tell."""
    folded = fold(name)
    return next((kind for kind, rule in _RULES if rule.search(folded)), PartyKind.OTHER)
