"""python -m tests.endurance.trial at-once|killing|searching COUNT: one trial on the empty database of DATABASE_URL."""

import random
import sys
from time import perf_counter

import django


def main() -> None:
    trial, count = sys.argv[1], int(sys.argv[2])
    django.setup()

    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment

    from tests.endurance import region

    setup_test_environment()
    call_command("migrate", verbosity=0)
    region.make()
    began = perf_counter()
    said = {"at-once": at_once, "killing": killing, "searching": searching}[trial](count)
    name = "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"
    print(f"{name}: {said} ({perf_counter() - began:.0f} s)", flush=True)


def at_once(rounds: int) -> str:
    from tests.endurance.at_once import publish_at_once

    told = publish_at_once(rounds)
    sentences = "".join(f"\n  {times} times: {sentence}" for sentence, times in told.items())
    return f"two published at once, {rounds} times; each time one was published and the other was told:{sentences}\n "


def killing(count: int) -> str:
    from tests.endurance.killing import check, publish_and_kill
    from tests.endurance.region import url_of_this_database

    seed = random.randrange(10**6)
    print(f"Killing at random, seed {seed}.", file=sys.stderr, flush=True)
    killed = publish_and_kill(count, url_of_this_database(), most=8, seed=seed)
    check(killed)
    return f"{killed} All that was answered is there and found by its word, nothing is half there, every digest holds."


def searching(count: int) -> str:
    from django.conf import settings

    from procedures.search import keeping_up
    from tests.endurance.region import url_of_this_database
    from tests.endurance.searching import check, publish_and_search

    keeping_up.catch_up()
    searched = publish_and_search(count, url_of_this_database(), settings.SEARCH_URL)
    try:
        check(searched, versions=count, within=1.0)
    except AssertionError:
        print(searched, file=sys.stderr)
        raise
    return f"with {settings.SEARCH_URL.partition(':')[0].capitalize()}, {searched}"


if __name__ == "__main__":
    main()
