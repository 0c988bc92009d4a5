"""manage.py daily: what must happen once a day. Running it twice does no harm."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.timezone import localdate

from procedures.search import past


class Command(BaseCommand):
    help = (
        "Forget sessions that have ended and searches not made for 90 days, and send the e-mails that wait. "
        "Running it twice does no harm."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("clearsessions", stdout=self.stdout)
        past.forget_old(today=localdate())
        call_command("send_letters", stdout=self.stdout)
