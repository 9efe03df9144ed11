"""How the letters of plans are called on the screens."""

from nok_portal.messaging.letter_kinds import LetterKind, register_letter_kind

register_letter_kind(LetterKind("plans.made_responsible", "Новые мероприятия"))
register_letter_kind(LetterKind("plans.report_returned", "Отчёт возвращён"))
