"""Errors of letters in words: what the sender notes, and what a clerk reads of it."""

import smtplib
import socket
import ssl

import pytest

from nok_portal.messaging.mail_problems import Problem, noted, reason_of, withdrawn


def refused(code: int, words: str) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"a@example.org": (code, words.encode())})


@pytest.mark.parametrize(
    ("problem", "means"),
    [
        (refused(550, "5.1.1 <a@example.org>: Recipient address rejected: User unknown"), Problem.NO_MAILBOX),
        (refused(550, "no such mailbox"), Problem.NO_MAILBOX),
        (refused(550, "Sorry"), Problem.NO_MAILBOX),
        (refused(550, "Пользователь не найден"), Problem.NO_MAILBOX),
        (refused(550, "5.1.2 Bad destination system"), Problem.NO_DOMAIN),
        (refused(556, "5.1.10 Recipient address has a null MX"), Problem.NO_DOMAIN),
        (refused(552, "5.2.2 Mailbox full"), Problem.FULL),
        (refused(550, "quota exceeded"), Problem.FULL),
        (refused(552, "storage"), Problem.FULL),
        (refused(452, "4.2.2 Over quota"), Problem.FULL),
        (refused(550, "5.2.1 The account is disabled"), Problem.CLOSED),
        (refused(550, "mailbox suspended"), Problem.CLOSED),
        (refused(554, "5.7.1 Message rejected under suspicion of SPAM"), Problem.SUSPECT),
        (refused(550, "Your IP is on our blocklist"), Problem.SUSPECT),
        (refused(554, "5.7.1 Relay access denied"), Problem.SETTINGS),
        (refused(554, "no"), Problem.REFUSED),
        (refused(450, "4.7.1 Greylisted, try again later"), Problem.LATER),
        (refused(451, "4.1.1 try later"), Problem.LATER),
        (refused(421, "too many connections"), Problem.LATER),
        (smtplib.SMTPDataError(552, b"5.3.4 message too big"), Problem.TOO_BIG),
        (smtplib.SMTPDataError(552, b"exceeded"), Problem.TOO_BIG),
        (smtplib.SMTPDataError(550, b"5.7.26 unauthenticated: DMARC"), Problem.SUSPECT),
        (smtplib.SMTPDataError(554, b"transaction failed"), Problem.REFUSED),
        (smtplib.SMTPDataError(451, b"local error"), Problem.LATER),
        (smtplib.SMTPSenderRefused(553, b"not yours", "portal@example.org"), Problem.SETTINGS),
        (smtplib.SMTPSenderRefused(451, b"later", "portal@example.org"), Problem.LATER),
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 bad password"), Problem.SETTINGS),
        (smtplib.SMTPHeloError(550, b"who are you"), Problem.SETTINGS),
        (smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."), Problem.SETTINGS),
        (ssl.SSLCertVerificationError(1, "certificate verify failed"), Problem.SETTINGS),
        (smtplib.SMTPConnectError(554, b"no service"), Problem.NO_CONNECTION),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), Problem.NO_CONNECTION),
        (ConnectionRefusedError(111, "Connection refused"), Problem.NO_CONNECTION),
        (TimeoutError("timed out"), Problem.NO_CONNECTION),
        (socket.gaierror(-2, "Name or service not known"), Problem.NO_CONNECTION),
        (OSError(101, "Network is unreachable"), Problem.NO_CONNECTION),
        (ValueError("Invalid address; only a+b could be parsed"), Problem.BAD_ADDRESS),
        (KeyError("template"), Problem.UNKNOWN),
    ],
    ids=lambda value: value.name if isinstance(value, Problem) else "",
)
def test_what_the_sender_noted_means(problem: Exception, means: Problem) -> None:
    reason = reason_of(noted(problem))
    assert reason is not None
    assert reason.problem is means


def test_answer_of_the_server_is_kept_as_it_was_said() -> None:
    reason = reason_of(noted(refused(550, "5.1.1 Ящика нет")))
    assert reason is not None
    assert (reason.words, reason.detail) == ("Такого адреса нет", "550 5.1.1 Ящика нет")


def test_bytes_that_are_no_text_are_noted_without_what_the_database_refuses() -> None:
    reason = reason_of(noted(smtplib.SMTPDataError(554, b"n\0o \xff")))
    assert reason is not None
    assert reason.detail == "554 no \ufffd"


def test_words_that_begin_with_a_number_are_no_answer_of_the_server() -> None:
    reason = reason_of(noted(RuntimeError("5 apples are not 550 pears")))
    assert reason is not None
    assert (reason.problem, reason.detail) == (Problem.UNKNOWN, "5 apples are not 550 pears")


def test_answer_that_was_cut_off_is_still_understood() -> None:
    reason = reason_of(noted(refused(552, "5.2.2 mailbox full " + "я" * 1000)))
    assert reason is not None
    assert (reason.problem, reason.detail[:9]) == (Problem.FULL, "552 5.2.2")


def test_nothing_noted_means_nothing_and_a_letter_called_back_is_no_failure_of_the_mail() -> None:
    assert reason_of("") is None
    reason = reason_of(withdrawn("приглашение отозвано"))
    assert reason is not None
    assert (reason.problem, reason.detail) == (Problem.CALLED_BACK, "приглашение отозвано")


def test_every_problem_says_what_to_do() -> None:
    assert all(one.words and one.advice.endswith(".") for one in Problem)
