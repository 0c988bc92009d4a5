"""manage.py verify_history"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from procedures import sealing
from procedures.models import Version


class Command(BaseCommand):
    help = "Prove that no published version was changed, removed or slipped in; exits 1 and names those where it fails."

    def handle(self, *args: Any, **options: Any) -> None:
        failures = [f"The trigger {name} is missing: run migrate." for name in sealing.missing_triggers()]
        failures += [str(breach) for breach in sealing.breaches()]
        for failure in failures:
            self.stderr.write(failure)
        if failures:
            sys.exit(1)
        self.stdout.write(f"{Version.objects.published().count()} published versions, every digest holds.")
        self.stdout.write(f"Fingerprint of the whole record: {sealing.fingerprint()}")
