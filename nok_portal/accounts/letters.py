"""How the letters of accounts are called on the screens."""

from nok_portal.messaging.letter_kinds import LetterKind, register_letter_kind

register_letter_kind(
    LetterKind(
        "invitation",
        "Приглашение",
        new_link="Новую ссылку отправляют на странице «Люди и роли».",
        new_link_page="office:people",
    )
)
register_letter_kind(
    LetterKind("password_reset", "Новый пароль", is_of_office=False, new_link="Новую ссылку человек просит при входе.")
)
register_letter_kind(LetterKind("password_changed", "Пароль изменён", is_of_office=False))
