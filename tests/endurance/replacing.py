"""python -m tests.endurance.replacing PLACE COUNT SECTIONS: publishes versions of so many local procedures in turn.

Each takes the place of the one before it and has a word that stands in no other text. A line of JSON for each, once
it is committed: its word, its section, the word before it and the moment. The index follows in the background.
"""

import json
import sys
from random import Random
from time import sleep, time

import django

APART = 2.5  # seconds between two versions of one section, so that each can be looked for while it is in force


def main(place: int, count: int, sections: int) -> None:
    django.setup()

    from django.conf import settings
    from django.utils.timezone import localdate, now

    from procedures.editing import releasing
    from procedures.search import keeping_up
    from tests.endurance.region import a_version, people
    from tests.endurance.searcher import Complaints

    settings.SEARCH_WRITES_AT_ONCE = False
    complaints = Complaints.listening()
    (author, _), (approver, _) = people("author"), people("approver")
    chance, words, published_at = Random(place), [""] * sections, [0.0] * sections
    for number in range(count):
        turn = number % sections
        sleep(max(chance.uniform(0, 0.2), published_at[turn] + APART - time()))
        word = word_of(place * count + number)
        draft = a_version(place * sections + turn, word, author, approver)
        day = localdate()
        releasing.publish(draft, by=approver, effective_date=day, now=now(), today=day)
        published_at[turn] = time()
        keeping_up.follow()  # as after every request that wrote
        told = {"word": word, "slug": draft.version.section.slug, "before": words[turn], "at": published_at[turn]}
        print(json.dumps(told), flush=True)
        words[turn] = word
    if keeping_up._thread:
        keeping_up._thread.join(20)
    for complaint in complaints.heard:
        print(json.dumps({"error": complaint}), flush=True)


def word_of(number: int) -> str:
    """A word of letters alone that is its own stem: 12 gives “wordbczq”."""
    return "word" + "".join("abcdefghij"[int(figure)] for figure in str(number)) + "zq"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
