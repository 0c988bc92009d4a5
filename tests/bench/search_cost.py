"""What searching a manual costs, measured in processes of their own on the database and index of the environment.

python -m tests.bench.search_cost building FOLDER | reading | publishing: one line of JSON, figures by their names.
Searches go through the whole site and come back as pages; nothing that was found before is kept for them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep
from urllib.parse import urlencode

from tests.bench.search_manual import HERE, queries

WARMING = 20  # searches before any that are timed
SHORT, LONG, SUGGESTED = 200, 60, 200
PUBLISHED = 7
MOST_SECONDS = 60.0

Figures = dict[str, float]


def cost_of(url: str, search_url: str, folder: Path) -> Figures:
    """The figures for the manual in `folder`, imported into the empty database at `url`."""
    environment = os.environ | {"DATABASE_URL": url, "SEARCH_URL": search_url}
    figures: Figures = {}
    for stage in (["building", str(folder)], ["reading"], ["publishing"]):
        command = [sys.executable, "-W", "ignore", "-m", "tests.bench.search_cost", *stage]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        figures |= json.loads(done.stdout)
        print(f"{search_url.partition(':')[0]}: {stage[0]} is measured.", file=sys.stderr, flush=True)
    return figures


def _building(folder: str) -> Figures:
    """The manual is imported, and its index made."""
    from django.core.management import call_command

    from procedures.search import keeping_up

    call_command("migrate", verbosity=0)
    call_command("import_content", folder, stdout=sys.stderr, verbosity=0)
    start = perf_counter()
    keeping_up.store().rebuild(progress=lambda made, total: made)
    return {"rebuild, s": perf_counter() - start}


def _reading() -> Figures:
    """One reader's pages and suggestions, and the memory that this process holds by then."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    passages = _passages()
    before = _megabytes()
    first = _timed(lambda: _page(client, "child"))
    for query in queries(WARMING, shortest=1, longest=3, seed=1):
        _page(client, query)
    short = _each(queries(SHORT, shortest=1, longest=3, seed=2), lambda query: _page(client, query))
    memory = _megabytes()
    long = _each(queries(LONG, shortest=8, longest=12, seed=3), lambda query: _page(client, query))
    beginnings = [
        query[:length] for query in queries(SUGGESTED // 4, shortest=1, longest=2, seed=4) for length in (2, 3, 5, 8)
    ]
    _suggestions(client, beginnings[0])
    suggested = _each(beginnings, lambda typed: _suggestions(client, typed))
    return {
        "passages": passages,
        "first page of a new process, ms": first * 1000,
        **_spread("short query", short),
        **_spread("long query", long),
        **_spread("suggestions", suggested),
        "memory before any search, MB": before,
        f"memory after {SHORT + WARMING} searches, MB": memory,
    }


def _publishing() -> Figures:
    """How long a publication takes, and from then until it is found; the index follows in the background."""
    from django.test import Client

    from procedures.search import keeping_up

    client = Client(SERVER_NAME="localhost")
    _page(client, "child")
    published, found = [], []
    for number in range(PUBLISHED):
        word = "newword" + "abcdefghij"[number]
        draft, by, today = _draft(number, word)
        published.append(_timed(lambda draft=draft, by=by, today=today: _publish(draft, by, today)))
        start = perf_counter()
        keeping_up.follow()  # as after any request that wrote
        while draft.section.slug not in _page(client, f"{word}&spelling=as-typed"):
            if perf_counter() - start > MOST_SECONDS:
                raise RuntimeError(f"{word} was published and is not found.")
            sleep(0.005)
        found.append(perf_counter() - start)
    return {"publication, ms": median(published) * 1000, "from there to found, ms": median(found) * 1000}


def _draft(number: int, word: str):
    from django.contrib.auth.models import User
    from django.utils.timezone import localdate

    from partnerships.models import Partnership
    from procedures.models import Section, Version

    user, _ = User.objects.get_or_create(username="bench")
    section = Section.objects.create(slug=f"new-{number}")
    owner = Partnership.objects.get(kind=Partnership.Kind.REGION)
    values = {"number": f"99.{number + 1}", "title": "Something new", "body": f"Here stands {word}.\n"}
    draft = Version(section=section, partnership=owner, change_note="New.", author=user, **values)
    draft.save()
    return draft, user, localdate()


def _publish(draft, by, today) -> None:
    from procedures.publishing import publish

    publish(draft, by=by, effective_date=today, today=today)


def _page(client, query: str) -> str:
    words, _, rest = query.partition("&")
    return _get(client, f"{HERE}/search/?{urlencode({'q': words})}&{rest}")


def _suggestions(client, typed: str) -> str:
    return _get(client, f"/api/v1/suggestions?{urlencode({'q': typed, 'partnership': HERE.removeprefix('/in/')})}")


def _get(client, url: str) -> str:
    response = client.get(url)
    if response.status_code not in (200, 302):
        raise RuntimeError(f"{url} gave {response.status_code}.")
    return response.content.decode()


def _passages() -> int:
    from procedures.search import items

    return sum(len(entries) for _item, entries in items.entries(sorted(items.seals())))


def _timed(action: Callable[[], object]) -> float:
    start = perf_counter()
    action()
    return perf_counter() - start


def _each(asked: Sequence[str], ask: Callable[[str], object]) -> list[float]:
    return [_timed(lambda one=one: ask(one)) for one in asked]


def _spread(name: str, seconds: Sequence[float]) -> Figures:
    return {f"{name}, p50, ms": median(seconds) * 1000, f"{name}, p95, ms": quantiles(seconds, n=20)[-1] * 1000}


def _megabytes() -> float:
    import psutil

    return psutil.Process().memory_info().rss / 1e6


def _main(stage: str, *arguments: str) -> None:
    import django
    from django.conf import settings

    django.setup()
    settings.SEARCH_WRITES_AT_ONCE = False  # as on a site
    stages: dict[str, Callable[..., Figures]] = {
        "building": _building,
        "reading": _reading,
        "publishing": _publishing,
    }
    print(json.dumps(stages[stage](*arguments)))


def cost_table(title: str, sizes: Sequence[Figures]) -> Iterator[str]:
    """Each figure for each size, and the ratio of every size to the smallest."""
    yield f"{title:<40}" + "".join(f"{figures['passages']:>12,.0f}" for figures in sizes) + f"{'ratio':>9}"
    for name in sizes[0]:
        if name != "passages":
            values = [figures[name] for figures in sizes]
            yield f"{name:<40}" + "".join(f"{value:>12,.1f}" for value in values) + f"{values[-1] / values[0]:>9.2f}"


if __name__ == "__main__":
    _main(*sys.argv[1:])
