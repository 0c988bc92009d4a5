"""One import in a process of its own, measured from inside: python -m tests.bench.importing FOLDER.

The command's own words and its progress bar go to standard error; standard output holds one line of JSON.
"""

import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time


@dataclass(frozen=True)
class Import:
    """How long `import_content` took, by the clock and of the processor, and the most memory that its process held."""

    seconds: float
    processor_seconds: float
    peak_megabytes: float


def import_into(url: str, folder: Path) -> Import:
    """Import a content folder into the empty database at `url`."""
    command = [sys.executable, "-m", "tests.bench.importing", str(folder)]
    environment = os.environ | {"DATABASE_URL": url}
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return Import(**json.loads(done.stdout))


def _measure(folder: str) -> Import:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    start, processor_start = perf_counter(), process_time()
    call_command("import_content", folder, stdout=sys.stderr)
    seconds, processor_seconds = perf_counter() - start, process_time() - processor_start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kilobytes on Linux, bytes on a Mac
    return Import(seconds, processor_seconds, peak / (1_000_000 if sys.platform == "darwin" else 1000))


if __name__ == "__main__":
    print(json.dumps(asdict(_measure(sys.argv[1]))))
