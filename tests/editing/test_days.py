"""A day in a form: three boxes, and what they refuse."""

from datetime import date

import pytest
from django import forms

from procedures.editing.days import DayField

IN_NUMBERS = "Enter a day, a month and a year in numbers, such as 5 4 2027."
NO_SUCH_DAY = "There is no such day in the calendar."


class Form(forms.Form):
    day = DayField(label="Day", required=False)


class Demanding(forms.Form):
    day = DayField(label="Day")


def sent(*parts: str, form: type[forms.Form] = Form) -> forms.Form:
    return form({f"day_{place}": part for place, part in enumerate(parts)})


@pytest.mark.parametrize(
    ("parts", "day"),
    [
        (("5", "4", "2027"), date(2027, 4, 5)),
        (("05", "04", "2027"), date(2027, 4, 5)),
        ((" 29 ", "2", "2028"), date(2028, 2, 29)),
        (("31", "12", "9999"), date(9999, 12, 31)),
        (("", "", ""), None),
        ((" ", " ", " "), None),
    ],
)
def test_a_day_in_three_boxes_is_read(parts, day):
    form = sent(*parts)

    assert (form.is_valid(), form.cleaned_data["day"]) == (True, day)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (("29", "2", "2027"), NO_SUCH_DAY),
        (("31", "4", "2027"), NO_SUCH_DAY),
        (("0", "4", "2027"), NO_SUCH_DAY),
        (("5", "13", "2027"), NO_SUCH_DAY),
        (("5", "4", "0000"), NO_SUCH_DAY),
        (("5", "4", "27"), IN_NUMBERS),
        (("5", "4", "02027"), IN_NUMBERS),
        (("5", "April", "2027"), IN_NUMBERS),
        (("-5", "4", "2027"), IN_NUMBERS),
        (("٥", "4", "2027"), IN_NUMBERS),
        (("²", "4", "2027"), IN_NUMBERS),
        (("5", "4", ""), IN_NUMBERS),
        (("", "", "2027"), IN_NUMBERS),
        (("5", "4"), IN_NUMBERS),
    ],
)
def test_what_is_no_day_is_refused_with_a_sentence(parts, message):
    assert sent(*parts).errors == {"day": [message]}


def test_an_empty_day_is_refused_where_one_is_needed():
    assert sent("", "", "", form=Demanding).errors == {"day": [IN_NUMBERS]}


def test_the_boxes_show_what_was_sent_or_what_is_there():
    def shown(form: forms.Form) -> list[tuple[str, str, object]]:
        return [(box["label"], box["name"], box["value"]) for box in form["day"].boxes]

    empty, kept = Form(), Form(initial={"day": date(2027, 4, 5)})
    assert shown(sent("5", "x", "2027")) == [("Day", "day_0", "5"), ("Month", "day_1", "x"), ("Year", "day_2", "2027")]
    assert [value for *_, value in shown(kept)] == [5, 4, 2027]
    assert [value for *_, value in shown(empty)] == ["", "", ""]


def test_the_label_leads_to_the_first_box():
    form = Form()

    assert (form["day"].id_for_label, [box["id"] for box in form["day"].boxes]) == (
        "id_day_0", ["id_day_0", "id_day_1", "id_day_2"],
    )  # fmt: skip
