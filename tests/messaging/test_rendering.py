"""What a letter looks like where style sheets are dropped, and what its subject says of many reminders."""

from datetime import timedelta

from lxml import html

from nok_portal.messaging.digest import make_digest
from nok_portal.messaging.models import Reminder
from nok_portal.messaging.rendering import inline_styles, render_letter
from tests.messaging.reminded import TUESDAY

PAGE = """<!DOCTYPE html><html><head>
<style data-inline>p { margin: 0; color: red } .late { color: blue; } h2 a, .act a { color: green }</style>
<style>@media (max-width: 600px) { p { margin: 1px !important } }</style>
</head><body><p>А</p><p class="late" style="top: 0">Б</p><h2><a>В</a></h2><a>Г</a></body></html>"""


def reminder(
    number: int, kind: str, left: int, because: str = "вы куратор", *, is_escalation: bool = False
) -> Reminder:
    return Reminder(
        kind=kind, thing=f"duedate:{number}", due_on=TUESDAY + timedelta(days=left), because=because,
        number=str(number), title="Опрос получателей услуг", url="/", group_title="План", is_escalation=is_escalation,
    )  # fmt: skip


def digest_of(*rows: Reminder):
    return make_digest(rows, place="Сосновский район", day=TUESDAY, portal_url="https://portal.example.ru")


class TestStyles:
    def test_each_element_carries_its_own_the_more_specific_last(self):
        page = html.document_fromstring(inline_styles(PAGE))
        assert [one.get("style") for one in page.iter("p", "a")] == [
            "margin: 0; color: red",
            "margin: 0; color: red; color: blue; top: 0",
            "color: green",
            None,
        ]

    def test_rules_for_phones_and_the_dark_stay_a_style_sheet(self):
        (left,) = html.document_fromstring(inline_styles(PAGE)).iter("style")
        assert left.text_content().startswith("@media")

    def test_letters_of_all_apps_have_them(self):
        letter = render_letter("accounts/mail/password_reset", subject="Новый пароль", context={"link": "https://x.ru"})
        (button,) = (a for a in html.document_fromstring(letter.html).iter("a") if a.get("href") == "https://x.ru")
        assert "background: #0b5a73" in button.get("style")
        assert "\n\n\n" not in letter.text


class TestSubject:
    def test_late_first_then_the_nearest_and_few_kinds_by_name(self):
        rows = [
            reminder(1, "due_soon", 7), reminder(2, "due_today", 0), reminder(3, "report_waiting", -3),
            reminder(4, "overdue", -20), reminder(5, "overdue", -1), reminder(6, "plan_waiting_for_act", -14),
            reminder(7, "overdue", -30, is_escalation=True),
        ]  # fmt: skip
        assert digest_of(*rows).subject == (
            "Сосновский район: просрочено 2, сегодня 1, на проверке 1, ещё 2, просрочено у других 1"
        )

    def test_long_words_end_with_a_whole_one(self):
        row = reminder(1, "due_soon", 1)
        row.title = "Размещение информации " * 20
        subject = digest_of(row).subject
        assert len(subject) <= 110
        assert subject.endswith(("Размещение…", "информации…"))


class TestReasons:
    def test_reason_of_most_items_is_said_once(self):
        (group,) = digest_of(
            reminder(1, "due_soon", 1), reminder(2, "due_soon", 2), reminder(3, "due_soon", 3, "вы внесли этот план")
        ).own
        assert [entry.because for entry in group.entries] == ["", "", "вы внесли этот план"]
        assert (group.because, group.has_exceptions) == ("вы куратор", True)

    def test_different_reasons_stand_at_their_items(self):
        (group,) = digest_of(reminder(1, "due_soon", 1), reminder(2, "due_soon", 2, "вы администратор")).own
        assert [entry.because for entry in group.entries] == ["вы куратор", "вы администратор"]
        assert group.because == ""
