from django import forms


class DayInput(forms.DateInput):
    """The browser's own calendar; it speaks ISO."""

    input_type = "date"

    def __init__(self, *, css: str = "") -> None:
        super().__init__(attrs={"class": css} if css else None, format="%Y-%m-%d")
