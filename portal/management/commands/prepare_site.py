"""manage.py prepare_site: what `make run` does before it serves."""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from partnerships.models import Membership, Partnership
from procedures.models import Version

EDITOR = "editor@example.org"
SIGN_IN_FILE = settings.VAR_DIR / "trial-sign-in.txt"


class Command(BaseCommand):
    help = (
        "Bring the database up to date; on an empty one import content/, build the index and make an editor to try it."
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
        if not get_user_model().objects.exists():
            self._make_editor()
        for editor in get_user_model().objects.filter(email=EDITOR, emailaddress=None):  # a trial made before accounts
            EmailAddress.objects.create(user=editor, email=EDITOR, verified=True, primary=True)
        self.stdout.write(f"\nThe manual: http://localhost:{options['port']}/")
        if SIGN_IN_FILE.exists():
            address = f"http://localhost:{options['port']}/accounts/login/"
            self.stdout.write(f"To sign in as an editor at {address}: {SIGN_IN_FILE.read_text().strip()}")
        self.stdout.flush()

    def _make_editor(self) -> None:
        """An editor with every role in the region and in one local partnership, and a password made up here."""
        password = secrets.token_urlsafe(12)
        editor = get_user_model().objects.create_user(EDITOR, EDITOR, password, is_staff=True)
        own = [
            Partnership.objects.filter(kind=kind).order_by("position").first()
            for kind in (Partnership.Kind.REGION, Partnership.Kind.LOCAL)
        ]
        Membership.objects.bulk_create(
            Membership(user=editor, partnership=partnership, role=role)
            for partnership in own
            if partnership
            for role in Membership.Role.values
        )
        SIGN_IN_FILE.touch(mode=0o600)
        SIGN_IN_FILE.write_text(f"{EDITOR} / {password}\n")
