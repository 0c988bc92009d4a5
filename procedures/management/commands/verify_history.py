"""manage.py verify_history [--digests-only]"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from partnerships import audit
from partnerships.models import AuditEntry
from procedures import proof, sealing
from procedures.models import Version


class Command(BaseCommand):
    help = (
        "Prove that no published version and no entry of an audit log was changed, removed or slipped in; "
        "exits 1 and names those where it fails."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        text = "Leave out whether kept HTML is what texts make and files are what was uploaded, which takes longest."
        parser.add_argument("--digests-only", action="store_true", help=text)

    def handle(self, *args: Any, **options: Any) -> None:
        failures = [f"The trigger {name} is missing or altered: run migrate." for name in sealing.missing_triggers()]
        failures += [str(breach) for breach in sealing.breaches()]
        failures += audit.breaches()
        if not options["digests_only"]:
            failures += proof.altered_pages()
            failures += proof.altered_files()
        for failure in failures:
            self.stderr.write(failure)
        if failures:
            sys.exit(1)
        self.stdout.write(f"{Version.objects.published().count()} published versions, every digest holds.")
        self.stdout.write(f"Fingerprint of the whole record: {sealing.fingerprint()}")
        self.stdout.write(f"{AuditEntry.objects.count()} entries in the audit logs, every digest holds.")
        self.stdout.write(f"Fingerprint of the audit logs: {audit.fingerprint()}")
