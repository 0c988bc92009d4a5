"""A process that publishes is killed (SIGKILL) at random moments, and started again."""

import os
import random
import subprocess
import sys
from dataclasses import dataclass, field
from threading import Timer

from django.conf import settings
from django.test import Client

from procedures.models import Version
from tests.endurance import record
from tests.endurance.region import SHARING


@dataclass
class Killed:
    """What came of it."""

    answered: dict[int, tuple[str, str]] = field(default_factory=dict)  # by the version's id: its word and its digest
    kills: int = 0
    unanswered: int = 0  # published by a process that was killed before it could say so
    unpublished: int = 0  # drafts that a kill left behind

    def __str__(self) -> str:
        return (
            f"{len(self.answered)} publications were answered through {self.kills} kills; {self.unanswered} more were "
            f"made and not answered, {self.unpublished} drafts were left behind."
        )


def publish_and_kill(count: int, url: str, *, most: int, seed: int) -> Killed:
    """Kill publishers until `count` publications were answered; `url` is their database, as in DATABASE_URL.

    Each is killed at a random moment of up to half a second after it has answered a random number of publications,
    from none to `most`. `check` says whether the record is whole.
    """
    moments, killed = random.Random(seed), Killed()
    while len(killed.answered) < count:
        _one_life(killed, url, moments.randint(0, most), moments.uniform(0, 0.5))
    return killed


def _one_life(killed: Killed, url: str, answers: int, seconds: float) -> None:
    environment = os.environ | {
        "DATABASE_URL": url,
        "SEARCH_URL": settings.SEARCH_URL,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-W", "ignore", "-m", "tests.endurance.publisher"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n", "The publisher did not start."
        timer, met = Timer(seconds, process.kill), 0
        if not answers:
            timer.start()
        for line in process.stdout:
            if line.endswith("\n"):
                version_id, word, digest = line.split()
                killed.answered[int(version_id)] = (word, digest)
                met += 1
                if met == answers:
                    timer.start()
    assert process.returncode == -9, f"The publisher ended by itself: {process.returncode}"
    killed.kills += 1


def check(killed: Killed) -> None:
    """AssertionError unless all that was answered is there and found, and nothing is half there."""
    published = Version.objects.published().filter(imported=False)
    stored = {version.pk: version for version in published.select_related("section")}
    for pk, (word, digest) in killed.answered.items():
        assert pk in stored, f"Version {pk} was answered as published and is not there."
        assert (stored[pk].digest, stored[pk].body.split(" ")[0]) == (digest, word), (
            f"Version {pk} is another than was told."
        )
    assert (faults := record.faults()) == [], faults
    client = Client()
    first = client.get("/in/northshire/search/?q=anything")  # brings the index up to date, whatever it is for
    assert first.status_code == 200, f"The search answered {first.status_code}."
    for version in stored.values():
        if version.section.slug != SHARING:  # of that only the last is in force
            word = version.body.split(" ")[0]
            page = client.get(f"/in/northshire/search/?q={word}").content.decode()
            assert f"/sections/{version.section.slug}/" in page, f"A search for {word} does not find {version}."
    killed.unanswered = len(stored.keys() - killed.answered.keys())
    killed.unpublished = Version.objects.filter(published_at__isnull=True).count()
