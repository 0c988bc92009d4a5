"""manage.py send_letters: the e-mails to editors that could not be sent at once."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from procedures.editing.letters import send_waiting
from procedures.editing.models import Letter


class Command(BaseCommand):
    help = "Send the e-mails to editors that the mail server did not take at once. Meant for every few minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        sent = send_waiting(now())
        waiting = Letter.objects.filter(sent_at__isnull=True).count()
        self.stdout.write(f"Sent: {sent}. Waiting: {waiting}.")
