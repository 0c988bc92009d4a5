"""What managers and invited people fill in."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password

from partnerships.models import Invitation, Membership, Partnership


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


class SecondFactorForm(forms.Form):
    required = forms.BooleanField(label="Everybody with a role here must use a second factor", required=False)


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
