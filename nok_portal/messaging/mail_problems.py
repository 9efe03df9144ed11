"""Why a letter has not gone, in words a clerk can act on; from what the sender has noted of it. Pure.

Noted is 'TypeOfException: its words' or, where the mail server has answered, 'TypeOfException: 550 5.1.1 its words':
the enhanced code (RFC 3463) says what is wrong, else the words do, else the code.
"""

import re
from dataclasses import dataclass
from enum import Enum
from smtplib import SMTPRecipientsRefused, SMTPResponseException

LONGEST = 1000
WITHDRAWN = "Withdrawn"  # no failure: nobody wants this letter to go any more


def withdrawn(why: str) -> str:
    """What is noted where a letter was called back before it has gone."""
    return f"{WITHDRAWN}: {why}"


def noted(problem: Exception) -> str:
    """What is noted of a try that failed."""
    said = str(problem)
    if isinstance(problem, SMTPResponseException):
        said = _answer(problem.smtp_code, problem.smtp_error)
    elif isinstance(problem, SMTPRecipientsRefused) and problem.recipients:
        said = _answer(*next(iter(problem.recipients.values())))  # a letter goes to one address
    return f"{type(problem).__name__}: {said}".replace("\0", "")[:LONGEST]  # the database refuses a NUL


def _answer(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"


class Problem(Enum):
    """What is wrong; `words` say it in a line, `advice` what to do."""

    NO_MAILBOX = (
        "Такого адреса нет",
        (
            "Уточните адрес у человека. Адрес учётной записи не меняется: пригласите человека по верному адресу"
            " в «Людях и ролях» и передайте ему работу прежней записи."
        ),
    )
    BAD_ADDRESS = (
        "Адрес написан с ошибкой",
        "Пригласите человека по верному адресу в «Людях и ролях» и передайте ему работу прежней записи.",
    )
    NO_DOMAIN = (
        "Почта по этому адресу не принимается",
        (
            "Проверьте, что стоит в адресе после «@». Если адрес верный, почтовый сервер учреждения не работает:"
            " сообщите его системному администратору."
        ),
    )
    FULL = ("Почтовый ящик переполнен", "Попросите человека освободить место и отправьте письмо ещё раз.")
    CLOSED = (
        "Почтовый ящик отключён",
        "Узнайте, работает ли человек по-прежнему. Если да, пригласите его по новому адресу в «Людях и ролях».",
    )
    SUSPECT = (
        "Почтовый сервер счёл письмо нежелательным",
        "Попросите системного администратора получателя разрешить письма с адреса портала и отправьте ещё раз.",
    )
    TOO_BIG = ("Письмо слишком большое для почтового сервера", "Сообщите в поддержку портала.")
    REFUSED = (
        "Почтовый сервер отказался принять письмо",
        "Проверьте адрес. Если он верный, покажите ответ сервера системному администратору получателя.",
    )
    LATER = (
        "Почтовый сервер попросил подождать",
        "Обычно это проходит само. Если письмо так и не ушло, отправьте его ещё раз.",
    )
    NO_CONNECTION = (
        "Нет связи с почтовым сервером",
        (
            "Дело не в адресе. Когда связь появится, отправьте письмо ещё раз. Если не отправлено много писем,"
            " сообщите в поддержку портала."
        ),
    )
    SETTINGS = (
        "Почтовый сервер не принимает почту портала",
        "Дело не в адресе, а в настройках почты портала: сообщите в поддержку портала.",
    )
    CALLED_BACK = ("Письмо отозвано", "Ссылка в нём больше не действует, отправлять его не нужно.")
    UNKNOWN = (
        "Письмо не отправилось",
        "Отправьте его ещё раз. Если не поможет, покажите подробности поддержке портала.",
    )

    @property
    def words(self) -> str:
        return self.value[0]

    @property
    def advice(self) -> str:
        return self.value[1]


@dataclass(frozen=True)
class Reason:
    """A problem with what the server or the program said of it, word by word."""

    problem: Problem
    detail: str

    @property
    def words(self) -> str:
        return self.problem.words

    @property
    def advice(self) -> str:
        return self.problem.advice


def reason_of(error: str) -> Reason | None:
    """What the noted error means; None where none was noted."""
    if not error:
        return None
    name, _, said = error.partition(": ")
    if name == WITHDRAWN:
        return Reason(Problem.CALLED_BACK, said)
    answered = _ANSWER.match(said)
    code, answer = (int(answered[1]), answered[2]) if answered else (0, "")
    return Reason(_problem(name, code, answer, said), said.strip() or name)


_ANSWER = re.compile(r"(-1|\d{3}) (.*)", re.DOTALL)


# --- what the exceptions mean ---

_CONNECTION = {
    "SMTPServerDisconnected", "SMTPConnectError", "ConnectionRefusedError", "ConnectionResetError",
    "ConnectionAbortedError", "ConnectionError", "BrokenPipeError", "TimeoutError", "timeout", "gaierror", "herror",
    "OSError",
}  # fmt: skip
_SETTINGS = {
    "SMTPAuthenticationError", "SMTPSenderRefused", "SMTPHeloError", "SMTPNotSupportedError", "SSLError",
    "SSLCertVerificationError", "SSLEOFError",
}  # fmt: skip
_ADDRESS = {"ValueError", "HeaderParseError", "IndexError", "UnicodeEncodeError", "UnicodeError", "BadHeaderError"}


def _problem(name: str, code: int, answer: str, said: str) -> Problem:
    if name in ("SMTPConnectError", "SMTPSenderRefused") and 400 <= code < 500:
        return Problem.LATER
    if name in _SETTINGS:
        return Problem.SETTINGS
    if name in _CONNECTION:
        return Problem.NO_CONNECTION
    if name in _ADDRESS or "Invalid address" in said:
        return Problem.BAD_ADDRESS
    if not code:
        return Problem.UNKNOWN
    return _by_enhanced_code(answer) or _by_words(answer) or _by_code(name, code)


# --- what the answers mean ---

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_SUBJECTS = {
    ("1", "1"): Problem.NO_MAILBOX,
    ("1", "2"): Problem.NO_DOMAIN,
    ("1", "3"): Problem.BAD_ADDRESS,
    ("1", "6"): Problem.CLOSED,
    ("1", "10"): Problem.NO_DOMAIN,
    ("2", "1"): Problem.CLOSED,
    ("2", "2"): Problem.FULL,
    ("2", "3"): Problem.TOO_BIG,
    ("3", "4"): Problem.TOO_BIG,
    ("4", "4"): Problem.NO_DOMAIN,
}


def _by_enhanced_code(answer: str) -> Problem | None:
    found = _ENHANCED.search(answer)
    if found is None:
        return None
    kind, subject, detail = found.groups()
    known = _SUBJECTS.get((subject, detail))
    if kind == "4":
        # greylisting and the like are told with all sorts of details; a full mailbox is one
        return Problem.FULL if known is Problem.FULL else Problem.LATER
    if known is not None:
        return known
    if subject == "7":
        return _by_words(answer) or Problem.SUSPECT
    return None


_WORDS = (
    (re.compile(r"relay", re.IGNORECASE), Problem.SETTINGS),
    (re.compile(r"\bfull\b|quota|insufficient .*storage|переполн|квот", re.IGNORECASE), Problem.FULL),
    (re.compile(r"too (?:big|large)|size limit|exceeds .*size|слишком велик", re.IGNORECASE), Problem.TOO_BIG),
    (re.compile(r"spam|black ?list|block ?list|\brbl\b|reputation|dmarc|\bdkim\b|\bspf\b|спам|policy", re.IGNORECASE), Problem.SUSPECT),
    (re.compile(r"disabled|inactive|suspended|отключ[её]н|заблокирован", re.IGNORECASE), Problem.CLOSED),
    (re.compile(r"domain (?:not found|does not)|unrout(?:e)?able|no mx|host not found|bad destination", re.IGNORECASE), Problem.NO_DOMAIN),
    (re.compile(r"no such|unknown|not exist|does(?:n't| not) exist|not found|invalid (?:mailbox|recipient|user)|no mailbox|не существует|не найден", re.IGNORECASE), Problem.NO_MAILBOX),
)  # fmt: skip


def _by_words(answer: str) -> Problem | None:
    return next((problem for pattern, problem in _WORDS if pattern.search(answer)), None)


def _by_code(name: str, code: int) -> Problem:
    if code < 500:
        return Problem.LATER
    if code == 552:
        return Problem.FULL if name == "SMTPRecipientsRefused" else Problem.TOO_BIG
    if name == "SMTPRecipientsRefused" and code in (550, 551, 553):
        return Problem.NO_MAILBOX
    return Problem.REFUSED
