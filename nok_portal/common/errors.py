"""Errors that people can act on. Each says in Russian what happened and what to do."""


class DomainError(Exception):
    """A rule of the domain says no. The message is shown to the person as it is."""


class StaleVersion(DomainError):
    """Somebody else changed the object since the page was opened; nothing was overwritten."""

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message or "Пока вы работали, эту запись изменил другой человек. Откройте её заново и повторите правку."
        )
