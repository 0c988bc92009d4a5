"""A day in a form: day, month and year in three boxes, as GOV.UK asks for memorable dates."""

from datetime import date
from typing import Any

from django import forms

NOT_A_DAY = "Enter a day, a month and a year in numbers, such as 5 4 2027."
BOXES = (("Day", 2), ("Month", 2), ("Year", 4))  # what each is called, and how many figures it takes


class DayWidget(forms.MultiWidget):
    """Three text boxes named <field>_0, <field>_1 and <field>_2."""

    is_day = True  # templates/_field.html draws them

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__([forms.TextInput(attrs) for _ in BOXES], attrs)

    def decompress(self, value: date | None) -> list[Any]:
        return [value.day, value.month, value.year] if value else ["", "", ""]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_


class DayBoundField(forms.BoundField):
    @property
    def boxes(self) -> list[dict[str, Any]]:
        """The three boxes as the template draws them: label, name, id, what stands in it, and its width."""
        value = self.value()
        parts = value if isinstance(value, list) else self.field.widget.decompress(value)
        return [
            {
                "label": label,
                "name": f"{self.html_name}_{place}",
                "id": f"{self.auto_id}_{place}",
                "value": part,
                "width": width,
            }
            for place, ((label, width), part) in enumerate(zip(BOXES, parts, strict=True))
        ]


class DayField(forms.MultiValueField):
    """A day; None when it is not required and all three boxes are empty."""

    widget = DayWidget

    def __init__(self, **kwargs: Any) -> None:
        boxes = [forms.CharField(required=False, max_length=10) for _ in BOXES]
        kwargs.setdefault("error_messages", {"required": NOT_A_DAY})
        super().__init__(boxes, require_all_fields=False, **kwargs)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> DayBoundField:
        return DayBoundField(form, self, field_name)

    def compress(self, data_list: list[str]) -> date | None:
        parts = [value.strip() for value in data_list]
        if not any(parts):
            return None
        if len(parts[2]) != 4 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
            raise forms.ValidationError(NOT_A_DAY)
        try:
            return date(int(parts[2]), int(parts[1]), int(parts[0]))
        except ValueError:
            raise forms.ValidationError("There is no such day in the calendar.") from None
