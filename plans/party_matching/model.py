"""What is compared, and what is found. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why something is proposed, surest first."""

    SAME_WORDS = "same_words"
    PERSON = "person"
    POST = "post"
    PLACE = "place"
    SHORTENED = "shortened"
    MISPRINT = "misprint"
    LONGER = "longer"
    NAME = "name"
    WORKS_THERE = "works_there"
    ROLE = "role"


IN_WORDS = {
    Why.SAME_WORDS: "те же слова в другой форме",
    Why.PERSON: "тот же человек",
    Why.POST: "та же должность",
    Why.PLACE: "отличается только указанием места",
    Why.SHORTENED: "одно название сокращает другое",
    Why.MISPRINT: "отличается одним похожим словом, возможно, опечатка",
    Why.LONGER: "одно название продолжает другое",
    Why.NAME: "похожее название в реестре",
    Why.WORKS_THERE: "должность в этом подразделении",
    Why.ROLE: "роль в портале",
}
RANK = {why: place for place, why in enumerate(Why)}


@dataclass(frozen=True)
class Named:
    """A responsible party or an organization by its key; `other_name` where it has a short one."""

    pk: int
    name: str
    other_name: str = ""


@dataclass(frozen=True)
class Employee:
    """Somebody with a role in the municipality; `role` is the code of tenants.rights.Role."""

    pk: int
    full_name: str
    post: str
    role: str


@dataclass(frozen=True)
class Alike:
    """Two parties that may be one; `first` is the smaller key."""

    first: int
    second: int
    why: Why


@dataclass(frozen=True)
class Match:
    """What a name may mean, by its key."""

    pk: int
    why: Why


@dataclass(frozen=True)
class Group:
    """All organizations of a sphere ('' for every one) and a type ('' for any)."""

    sphere: str
    organization_type: str
