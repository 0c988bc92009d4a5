"""What managers and invited people fill in."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.utils.dateformat import format as date_format

from partnerships.audit import AuditEntry
from partnerships.models import Contact, Invitation, Membership, Partnership


class InviteForm(forms.Form):
    """An e-mail address and a role in the partnership."""

    email = forms.EmailField(
        label="E-mail address",
        help_text="We send a link to this address. It works for 14 days.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label="Role", choices=Membership.Role.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        wanted = {"role": values.get("role"), "partnership": self.partnership}
        if Membership.objects.filter(user__email__iexact=values.get("email"), **wanted).exists():
            self.add_error("email", "This person has that role already.")
        elif Invitation.objects.pending().filter(email=values.get("email"), **wanted).exists():
            self.add_error("email", "This person has been invited to that role already. Send the invitation again.")
        return values


class RolesForm(forms.Form):
    """What a member may do."""

    roles = forms.MultipleChoiceField(
        label="Roles",
        choices=Membership.Role.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role, or remove the person instead."},
    )


class SettingsForm(forms.ModelForm):
    """What a partnership decides for itself."""

    drift_grace_days = forms.IntegerField(
        label="Days to check local text against changed regional text",
        help_text="From 0 to 365. After so many days readers are told that the local text has not yet been checked. "
        "0 tells them at once.",
        min_value=0,
        max_value=365,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Enter a number of days, from 0 to 365."
        ),
    )

    class Meta:
        model = Partnership
        fields = ("requires_two_people", "requires_second_factor", "drift_grace_days", "manual_title", "notice")
        labels = {
            "requires_two_people": "Two people for every text",
            "requires_second_factor": "Second factor for everybody with a role here",
            "manual_title": "What the manual is called here",
        }
        help_texts = {
            "notice": "One or two sentences that stand on every page that is read for this partnership. "
            "Leave it empty for none.",
            "manual_title": "Leave it empty for the title that the region gives it.",
        }
        widgets = {"notice": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind == Partnership.Kind.REGION:  # its title and notice are the manual's own, in its content
            del self.fields["manual_title"], self.fields["notice"]

    def clean_notice(self) -> str:
        return _one_line(self.cleaned_data["notice"])

    def changes(self) -> list[tuple[str, str, str]]:
        """Of each field that was changed: what it is called, what it held before and what it holds now, in words."""
        return _changes(self, self.initial)


def _one_line(text: str) -> str:
    """As pages show it and content files have it."""
    return " ".join(text.split())


def _changes(form: forms.ModelForm, before: Mapping[str, object]) -> list[tuple[str, str, str]]:
    return [
        (str(field.label), was, is_now)
        for name, field in form.fields.items()
        if (was := _in_words(field, before.get(name))) != (is_now := _in_words(field, form.cleaned_data[name]))
    ]


def _in_words(field: forms.Field, value: Any) -> str:
    """A field's value as the audit log has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return date_format(value, "j F Y")
    value = getattr(value, "pk", value)
    for key, label in getattr(field, "choices", []):
        if str(key) == str(value):
            value = label
    if value in (None, ""):
        return "nothing"
    return str(value) if isinstance(value, int) else f"“{value}”"


class ContactForm(forms.ModelForm):
    """One contact of a partnership, and when somebody last made sure that it is right."""

    class Meta:
        model = Contact
        fields = (
            "service", "name", "phone", "email", "hours", "availability", "note", "checked_on", "checked_by",
        )  # fmt: skip
        labels = {
            "phone": "Telephone number",
            "email": "E-mail address",
            "hours": "Hours",
            "availability": "When it can be reached",
            "checked_on": "Last checked on",
            "checked_by": "Checked by",
        }
        help_texts = {
            "name": "What the service is called here.",
            "phone": "A contact has a telephone number, an e-mail address or both.",
            "checked_on": "The day on which somebody last made sure that all this is right.",
            "checked_by": "A role rather than a name: readers see it.",
        }
        error_messages = {"service": {"required": "Choose a service."}}
        widgets = {
            "phone": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "availability": forms.RadioSelect,
            "note": forms.Textarea(attrs={"rows": 3}),
            "checked_on": forms.DateInput(attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.before = today, dict(self.initial)
        day = self.initial.get("checked_on") or today
        self.initial["checked_on"] = day.isoformat()  # as a browser's field for days wants it
        self.fields["availability"].choices = Contact.Availability.choices  # type: ignore[attr-defined]  # none empty

    def full_clean(self) -> None:
        """The constraints too that speak of the partnership, which is no field of the form."""
        super().full_clean()
        if self.is_bound and not self.errors:
            try:
                self.instance.validate_constraints()
            except forms.ValidationError as error:
                self.add_error(None, error)

    def clean_checked_on(self) -> date:
        if self.cleaned_data["checked_on"] > self.today:
            raise forms.ValidationError("The day of the last check lies in the future.")
        return self.cleaned_data["checked_on"]

    def clean_note(self) -> str:
        return _one_line(self.cleaned_data["note"])

    def changes(self) -> list[tuple[str, str, str]]:
        """As SettingsForm.changes."""
        return _changes(self, self.before)


class AuditFilterForm(forms.Form):
    """Which entries of a partnership's log are wanted: all of them while nothing is chosen."""

    person = forms.TypedChoiceField(label="Person", required=False, coerce=int, empty_value=None)
    action = forms.ChoiceField(
        label="What was done", required=False, choices=[("", "Everything"), *AuditEntry.Action.choices]
    )
    first_day = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, people: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "Everybody"), *people.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "This day lies before the one that the period begins with.")
        return values

    def chosen(self) -> dict[str, Any]:
        """What AuditEntryQuerySet.where takes; nothing while something is wrong with the form."""
        return self.cleaned_data if self.is_valid() else {}


class NewPersonForm(forms.Form):
    """The name and the password of somebody who comes by an invitation."""

    first_name = forms.CharField(
        label="First name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label="Last name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    password = forms.CharField(
        label="Password",
        help_text="At least 12 characters. Three random words are easy to remember and hard to guess.",
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label="Password again",
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        password = values.get("password")
        if password and values.get("password_again") not in (None, password):
            self.add_error("password_again", "The two passwords are not the same.")
        if password:
            person = User(
                email=self.email, first_name=values.get("first_name", ""), last_name=values.get("last_name", "")
            )
            try:
                validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return values
