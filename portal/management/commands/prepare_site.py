"""manage.py prepare_site: what `make run` does before it serves."""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from partnerships.models import Membership, Partnership
from procedures.models import Version

Role = Membership.Role
# Two people, because nobody approves what they have written themselves.
TRIAL = {
    "editor@example.org": ("Ellis", "Editor", [Role.AUTHOR, Role.MANAGER]),
    "approver@example.org": ("Ashley", "Approver", [Role.APPROVER]),
}
SIGN_IN_FILE = settings.VAR_DIR / "trial-sign-in.txt"


class Command(BaseCommand):
    help = (
        "Bring the database up to date; on an empty one import content/, build the index and make two people to try it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", default="8000")

    def handle(self, *args: Any, **options: Any) -> None:
        settings.VAR_DIR.mkdir(exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        if not Version.objects.exists():
            self.stdout.write("The database is empty: importing the sample manual from content/.")
            call_command("import_content", settings.BASE_DIR / "content", stdout=self.stdout)
            call_command("rebuild_search_index", stdout=self.stdout)
        if not User.objects.exists():
            self._make_people()
        self.stdout.write(f"\nThe manual: http://localhost:{options['port']}/")
        if SIGN_IN_FILE.exists():
            address = f"http://localhost:{options['port']}/accounts/login/"
            self.stdout.write(f"To try editing, sign in at {address} as\n{SIGN_IN_FILE.read_text().strip()}")
        self.stdout.flush()

    def _make_people(self) -> None:
        """An editor and an approver of the region and of one local partnership, and a password made up here."""
        password = secrets.token_urlsafe(12)
        places = [
            partnership
            for kind in (Partnership.Kind.REGION, Partnership.Kind.LOCAL)
            if (partnership := Partnership.objects.filter(kind=kind).order_by("position").first())
        ]
        for email, (first_name, last_name, roles) in TRIAL.items():
            person = User.objects.create_user(email, email, password, first_name=first_name, last_name=last_name)
            EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
            Membership.objects.bulk_create(
                Membership(user=person, partnership=place, role=role) for place in places for role in roles
            )
        SIGN_IN_FILE.touch(mode=0o600)
        SIGN_IN_FILE.write_text("".join(f"  {email} / {password}\n" for email in TRIAL))
