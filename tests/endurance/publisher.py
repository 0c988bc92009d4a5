"""python -m tests.endurance.publisher: writes, agrees and publishes one text after another until it is killed.

It prints “ready”, then for each publication, once that is committed, a line with the version's id, a word that stands
in no other text, and the digest. Some come in a release, with another version of the addition to 3.1; after some it
searches, so that the index is being written at some of the moments when it is killed.
"""

import django


def main() -> None:
    django.setup()

    from django.test import Client
    from django.test.utils import setup_test_environment

    from procedures.editing.models import Draft
    from tests.endurance.region import people

    (author, _), (approver, _) = people("author"), people("approver")
    setup_test_environment()
    print("ready", flush=True)
    while True:
        number = Draft.objects.count()  # each draft is committed alone, so no number comes twice
        for version, word in _publish(number, author, approver, is_release=number % 4 == 3):
            print(version.pk, word, version.digest, flush=True)
        if number % 5 == 0:
            found = Client().get(f"/in/northshire/search/?q={word_of(number)}")
            assert found.status_code == 200, f"The search answered {found.status_code}."


def word_of(number: int) -> str:
    """A word of letters alone: 12 gives “wordbc”."""
    return "word" + "".join("abcdefghij"[int(figure)] for figure in str(number))


def _publish(number, author, approver, *, is_release):
    from django.utils.timezone import localdate, now

    from procedures.editing import releasing
    from procedures.editing.models import Release
    from tests.endurance.region import a_section, an_addition, northshire

    how = {"by": approver, "now": now(), "today": localdate()}
    draft = a_section(number, word_of(number), author, approver)
    if not is_release:
        return [(releasing.publish(draft, effective_date=localdate(), **how), word_of(number))]
    release = Release.objects.create(
        partnership=northshire(), name="Both", note="Both.", effective_date=localdate(), made_by=author, made_at=now()
    )
    other = an_addition(word_of(number + 1), author, approver)
    release.drafts.set([draft, other])
    versions = releasing.publish_release(release, revision=1, **how)
    return [(version, version.body.split(" ")[0]) for version in versions]


if __name__ == "__main__":
    main()
