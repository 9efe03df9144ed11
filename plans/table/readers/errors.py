"""Why a file cannot be read, said so that a person knows what to do."""


class UnreadableFile(Exception):
    """`message` is Russian and says what to do; `code` names the reason for tests and statistics."""

    def __init__(self, message: str, code: str = "broken") -> None:
        super().__init__(message, code)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return self.message


def broken(kind: str) -> UnreadableFile:
    return UnreadableFile(
        f"Файл повреждён или это не документ {kind}. Откройте его в редакторе, сохраните заново как {kind} "
        "и загрузите ещё раз или скопируйте таблицу и вставьте её в поле для текста.",
        "broken",
    )


def too_large(what: str) -> UnreadableFile:
    return UnreadableFile(
        f"{what} Оставьте в документе только план (без рисунков и приложений), сохраните и загрузите ещё раз.",
        "too_large",
    )
