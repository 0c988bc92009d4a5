"""Nothing of another partnership's is found, shown, counted, mended to or completed, on any day.

Three partnerships, a group and three days, by words that stand in one owner's texts alone (tests.world.CANARIES). What
a viewpoint sees is its region, its groups and itself; the local texts begin on 30 September 2019.
"""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

import pytest
from django.test import Client

from partnerships.directory import read_directory
from partnerships.models import GroupMembership, Partnership
from procedures.models import FreshnessStamp, Version
from procedures.search import keeping_up
from procedures.search.answering import answer
from procedures.search.asking import Asked
from procedures.search.interface import Index, Seen, Term
from procedures.search.words import stems
from tests import world
from tests.search.conftest import TODAY, Ask

SEEN = {
    "": {"heartland"},
    "northshire": {"heartland", "northern-force", "northshire"},
    "eastvale": {"heartland", "northern-force", "eastvale"},
    "southmoor": {"heartland", "southmoor"},
    "northern-force": {"heartland", "northern-force"},
}
LOCAL_TEXTS_BEGIN = date(2019, 9, 30)
DAYS = [date(2019, 9, 29), LOCAL_TEXTS_BEGIN, TODAY]


def seen_on(partnership: str, day: date) -> set[str]:
    """Whose texts are seen from there on the day and have begun."""
    return SEEN[partnership] if day >= LOCAL_TEXTS_BEGIN else {"heartland"}


def hidden_on(partnership: str, day: date) -> list[str]:
    """The canary words of the others' texts."""
    return [word for owner, word in world.CANARIES.items() if owner not in seen_on(partnership, day)]


@pytest.fixture
def words(manual: None) -> None:
    """Of each owner a term, a synonym, a best bet, a document and a contact, all with its canary word."""
    for owner, canary in world.CANARIES.items():
        about = ("making-a-referral",)
        world.make_term(
            f"{canary}term", by=owner, meaning=f"{canary}meaning", definition=f"Gloss, {canary}.", sections=about
        )
        world.make_synonym([f"{owner} saying"], [canary], by=owner)
        world.make_best_bet([f"{owner} bet"], "consent", by=owner)
        world.make_document(f"{owner}-form", by=owner, title=f"Paperwork {canary}form")
        world.make_contact(
            Partnership.objects.get(slug=owner), name=f"Helpdesk {canary}hub", note=f"For {canary}callers."
        )


# --- What is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("partnership", SEEN)
def test_a_word_is_found_only_by_those_who_see_its_text(manual: None, ask: Ask, partnership: str) -> None:
    words = world.CANARIES.items()

    found = {
        day: {owner for owner, word in words if ask(word, partnership, on=day, as_typed=True).total} for day in DAYS
    }

    assert found == {day: seen_on(partnership, day) for day in DAYS}


@pytest.mark.parametrize("partnership", SEEN)
def test_a_word_of_anothers_text_is_neither_counted_nor_mended_to(manual: None, ask: Ask, partnership: str) -> None:
    """A word of another's that is near to one's own ("southcanary" to "northcanary") is mended to one's own."""
    typed = [(day, q) for day in DAYS for word in hidden_on(partnership, day) for q in (word, word[:-1], word[1:])]

    mended = {(day, ask(query, partnership, on=day).mended) for day, query in typed}
    found = [ask(query, partnership, on=day, as_typed=True) for day, query in typed]

    assert [(day, word) for day, word in mended if word in hidden_on(partnership, day)] == []
    assert {(one.total, tuple(one.parts), one.beside, one.meanings, one.near) for one in found} <= {(0, (), (), (), ())}


def test_what_is_counted_is_what_is_shown(manual: None, ask: Ask) -> None:
    every_canary = " ".join(world.CANARIES.values())

    counted = {partnership: (ask(every_canary, partnership).total, ask(every_canary, partnership).parts) for partnership in SEEN}  # fmt: skip  # noqa: E501

    referral_and_sharing = 3, {"1": 2, "3": 1}
    assert counted == {
        "": (2, {"1": 2}),
        "northshire": referral_and_sharing,
        "eastvale": referral_and_sharing,
        "southmoor": (4, {"1": 2, "3": 1, "4": 1}),
        "northern-force": referral_and_sharing,
    }


@pytest.mark.parametrize("partnership", SEEN)
def test_no_word_of_anothers_text_weighs_in(manual: None, ask: Ask, partnership: str) -> None:
    """The number of passages, their lengths and how many hold a word are those of what the reader sees."""
    index = opened(ask)
    terms = {owner: Term((word,), exact=True) for owner, word in world.CANARIES.items()}

    found = {day: index.evidence(seen_from(partnership, day), set(terms.values()), []) for day in DAYS}

    held = {day: {owner for owner, term in terms.items() if one.frequency.get(term, 0)} for day, one in found.items()}
    assert held == {day: seen_on(partnership, day) for day in DAYS}
    assert held == {day: {owner for owner, term in terms.items() if one.text[term]} for day, one in found.items()}


@pytest.mark.parametrize("partnership", SEEN)
def test_the_index_names_only_words_of_what_is_seen(manual: None, ask: Ask, partnership: str) -> None:
    index = opened(ask)
    canaries = set(world.CANARIES.values())
    begun = [word[:4] for word in canaries]

    held = {day: set(index.holding(seen_from(partnership, day), canaries)) for day in DAYS}
    completed = {
        day: {word for prefix in begun for word in index.beginning_with(seen_from(partnership, day), prefix, 10)}
        for day in DAYS
    }

    assert held == {day: canaries - set(hidden_on(partnership, day)) for day in DAYS}
    assert {day: words & canaries for day, words in completed.items()} == held


def seen_from(partnership: str, day: date) -> Seen:
    known = read_directory()
    scope = frozenset(known.scope(known.find(partnership) if partnership else None, day))
    return Seen(scope, day, scope)


def opened(ask: Ask) -> Index:
    """The index with everything in it."""
    ask("advice")
    return keeping_up.store().open()


@pytest.mark.parametrize(
    ("day", "is_found"),
    [(date(2018, 11, 25), True), (date(2018, 11, 26), False), (date(2017, 3, 30), False), (date(2017, 3, 31), True)],
)
def test_a_superseded_text_is_found_on_its_own_days(manual: None, ask: Ask, day: date, is_found: bool) -> None:
    assert (ask("2015", on=day).total == 1) is is_found


def test_a_version_scheduled_for_later_is_found_from_its_first_day(manual: None, ask: Ask) -> None:
    world.publish("consent", on=date(2027, 1, 1), number="2.10", title="Consent", body="Tomorrowword.")

    assert [ask("tomorrowword", on=day).total for day in (date(2026, 12, 31), date(2027, 1, 1))] == [0, 1]


def test_who_has_left_a_group_finds_its_words_only_on_the_days_before(manual: None, ask: Ask) -> None:
    GroupMembership.objects.filter(member__slug="eastvale").update(left=date(2021, 1, 1))

    found = [ask("forcewide", "eastvale", on=day).total for day in (date(2020, 12, 31), date(2021, 1, 2), TODAY)]

    assert (found, ask("forcewide", "northshire").total) == ([1, 0, 0], 1)


def test_who_may_see_nothing_finds_nothing(manual: None, ask: Ask) -> None:
    ask("advice")
    nobody = Asked("advice", read_directory(), scope=(), day=TODAY, stamp=FreshnessStamp.now())

    assert (answer(nobody).total, answer(nobody).hits) == (0, ())


def test_what_the_database_does_not_confirm_is_not_shown(
    manual: None, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the index lags behind: a text that is in force no longer is neither shown nor counted."""
    ask("advice")
    monkeypatch.setattr(keeping_up, "wake", lambda: None)
    world.publish("sharing-information", on=TODAY, number="3.1", title="Sharing", body="Now another.")

    found = ask("advice")

    assert (found.total, found.hits, found.parts, found.is_complete) == (0, (), {}, False)


# --- What the pages show ----------------------------------------------------------------------------------------------

QUERIES = ["also call hub of the harbour", "heartland bet", "northshire saying", "southmoor saying", "southmoor bet",
           "southcanry", "paperwork", "helpdesk front door", "gloss", "1", "harbor", "termm"]  # fmt: skip

Address = Callable[[str, str, str], str]


def page(**filters: str) -> Address:
    """The results page, narrowed by some filters."""

    def address(partnership: str, day: str, query: str) -> str:
        place = (f"/in/{partnership}" if partnership else "") + (f"/on/{day}" if day else "")
        return f"{place}/search/?{urlencode({'q': query} | filters)}"

    return address


def endpoint(name: str, **more: str) -> Address:
    """An endpoint of the read API."""

    def address(partnership: str, day: str, query: str) -> str:
        asked = {"q": query, "partnership": partnership, "on": day} | more
        return f"/api/v1/{name}?{urlencode({key: value for key, value in asked.items() if value})}"

    return address


ADDRESSES: dict[str, Address] = {
    "the results page": page(),
    "local text only": page(whose="local"),
    "one part, as typed": page(part="3", spelling="as-typed"),
    "the API": endpoint("search", limit="50"),
    "suggestions": endpoint("suggestions"),
}
"""Whatever answers a query, by partnership, day ("": today) and query."""


@pytest.mark.parametrize("partnership", SEEN)
def test_nothing_that_answers_a_query_shows_a_word_of_anothers(words: None, client: Client, partnership: str) -> None:
    hidden = [canary for owner, canary in world.CANARIES.items() if owner not in SEEN[partnership]]

    answers = {
        (name, query): client.get(address(partnership, "", query))
        for name, address in ADDRESSES.items()
        for query in QUERIES
    }

    assert {answer.status_code for answer in answers.values()} <= {200, 302}
    shown = {asked: _words(answer) for asked, answer in answers.items()}
    assert {asked: word for asked, text in shown.items() for word in hidden if word in text} == {}


@pytest.mark.parametrize("partnership", ["", "northshire"])
def test_on_a_day_before_the_local_texts_pages_show_none_of_their_words(
    manual: None, client: Client, partnership: str
) -> None:
    hidden = hidden_on(partnership, DAYS[0])

    pages = [
        client.get(address(partnership, "2019-09-29", query)) for address in ADDRESSES.values() for query in QUERIES
    ]

    assert [word for page in pages for word in hidden if word in _words(page)] == []


def _words(response: object) -> str:
    return response.content.decode() + response.headers.get("Location", "")  # type: ignore[attr-defined]


def test_its_own_readers_are_shown_all_of_it(words: None, client: Client) -> None:
    canary = world.CANARIES["northshire"]
    queries = [*QUERIES, f"{canary}term"]

    shown = {
        name: "".join(_words(client.get(address("northshire", "", query))) for query in queries)
        for name, address in ADDRESSES.items()
    }

    assert [name for name, text in shown.items() if canary not in text and name != "suggestions"] == []
    assert [
        w for w in (f"{canary}form", f"{canary}hub", f"{canary}meaning") if w not in shown["the results page"]
    ] == []
    assert f"{canary}meaning" in shown["suggestions"]


# --- Past searches ----------------------------------------------------------------------------------------------------


@pytest.fixture
def past(manual: None, client: Client) -> None:
    """Everybody's readers have searched for their own words, alone and beside another."""
    for _ in range(3):
        for owner, canary in world.CANARIES.items():
            for query in (canary, f"also {canary}"):
                client.get(page()("" if owner == "heartland" else owner, "", query))


@pytest.mark.parametrize("partnership", SEEN)
def test_a_past_search_is_suggested_only_to_those_who_see_its_words_and_on_a_day_when_they_do(
    past: None, client: Client, partnership: str
) -> None:
    begun = [*(word[:3] for word in world.CANARIES.values()), "also"]

    def offered(day: str) -> set[str]:
        """The words of the past searches that are suggested."""
        answers = [client.get(endpoint("suggestions")(partnership, day, query)).json() for query in begun]
        every = [one for answer in answers for one in answer["suggestions"] if one["kind"] == "search"]
        return {word for one in every for word in one["text"].split()} - {"also"}

    assert offered("") == {world.CANARIES[owner] for owner in SEEN[partnership]}
    assert offered("2019-09-29") == {"regionwide"}


# --- The words of the search ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("partnership", SEEN)
def test_a_term_expands_only_for_those_who_have_it(words: None, ask: Ask, partnership: str) -> None:
    expanded = {
        owner
        for owner, canary in world.CANARIES.items()
        for name in (f"{canary}term", f"{canary}meaning")
        if ask(name, partnership, as_typed=True).meanings
    }

    assert expanded == SEEN[partnership]


@pytest.mark.parametrize("partnership", SEEN)
def test_a_synonym_is_sought_only_for_those_who_have_it(words: None, ask: Ask, partnership: str) -> None:
    sought = {
        owner
        for owner, canary in world.CANARIES.items()
        if stems(canary) in {term.words for term in ask(f"{owner} saying", partnership).weights}
    }

    assert sought == SEEN[partnership]


@pytest.mark.parametrize("partnership", SEEN)
def test_a_best_bet_stands_first_only_for_those_who_have_it(words: None, ask: Ask, partnership: str) -> None:
    owners = {owner for owner in world.CANARIES if ask.sections(f"{owner} bet", partnership)[:1] == ["consent"]}

    assert owners == SEEN[partnership]


@pytest.mark.parametrize("partnership", SEEN)
def test_documents_and_contacts_of_others_are_not_shown(words: None, client: Client, partnership: str) -> None:
    queries = [f"{canary}form {canary}hub" for canary in world.CANARIES.values()]

    pages = [client.get(page(spelling="as-typed")(partnership, "", query)) for query in queries]

    titles = {one.title for page in pages for one in page.context["beside"]}
    seen = [world.CANARIES[owner] for owner in SEEN[partnership]]
    assert titles == {title for canary in seen for title in (f"Paperwork {canary}form", f"Helpdesk {canary}hub")}


# --- Local slots ------------------------------------------------------------------------------------------------------


def test_what_stands_in_a_slot_is_not_found_where_the_slot_is_filled(manual: None, ask: Ask) -> None:
    assert ask("switchboard", limit=1).total == 2
    assert ask("switchboard", "northshire").total == 1  # in 1.5, where nobody has filled it

    [hit] = ask("switchboard", "northshire").hits
    assert hit.section.slug == "making-a-referral"


def test_on_a_day_before_the_slot_was_filled_what_stands_in_it_is_found(manual: None, ask: Ask) -> None:
    assert ask("switchboard", "northshire", on=DAYS[0]).total == 2


def test_a_slot_that_is_filled_stays_hidden_whoever_is_sought(manual: None, ask: Ask) -> None:
    found = ask("switchboard", "northshire", whose="regional")

    assert [hit.section.slug for hit in found.hits] == ["making-a-referral"]


# --- All partnerships -------------------------------------------------------------------------------------------------


def test_all_partnerships_are_searched_when_a_reader_asks_for_it(manual: None, ask: Ask) -> None:
    totals = {owner: ask(word, "northshire", whose="everyone").total for owner, word in world.CANARIES.items()}

    assert [owner for owner, total in totals.items() if not total] == []


def test_each_result_says_whose_it_is_and_leads_to_where_it_can_be_read(manual: None, client: Client) -> None:
    shown = {
        owner: client.get(page(whose="everyone")("northshire", "", word)).context["results"][0]
        for owner, word in world.CANARIES.items()
    }

    assert {owner: (one.owner, one.owner_label, one.url) for owner, one in shown.items()} == {
        "heartland": ("heartland", "Regional text", "/in/northshire/sections/child-protection/"),
        "northern-force": ("northern-force", "Northern Force", "/in/northshire/sections/sharing-information/"),
        "northshire": ("northshire", "Northshire", "/in/northshire/sections/sharing-information/"),
        "eastvale": ("eastvale", "Eastvale", "/in/eastvale/sections/sharing-information/"),
        "southmoor": ("southmoor", "Southmoor", "/in/southmoor/sections/harbour-children/"),
    }


def test_every_link_among_all_partnerships_leads_to_a_page(words: None, client: Client) -> None:
    queries = ["southcanary", "Children of the southcanary harbour", "4.1", "southcanaryterm", "southcanaryform",
               "southmoor bet", "southcanaryhub", "switchboard"]  # fmt: skip

    shown = [
        client.get(f"/in/northshire/search/?{urlencode({'q': query, 'whose': 'everyone'})}").context
        for query in queries
    ]

    addresses = {one.url for context in shown for one in [*context["results"], *context["beside"]]}
    addresses |= {
        url for context in shown for card in context["cards"] for sense in card.senses for _, url in sense.sections
    }
    assert addresses
    assert {address for address in addresses if client.get(address).status_code != 200} == set()


def test_all_partnerships_as_at_a_day_are_searched_on_that_day(manual: None, ask: Ask) -> None:
    every = [ask(word, whose="everyone", on=DAYS[0]).total for word in world.CANARIES.values()]

    assert every == [2, 0, 0, 0, 0]


def test_a_version_is_of_the_partnership_that_its_result_names(manual: None, client: Client) -> None:
    query = urlencode({"q": " ".join(world.CANARIES.values()), "whose": "everyone"})

    results = client.get(f"/search/?{query}").context["results"]

    owners = dict(Version.objects.values_list("pk", "partnership__slug"))
    assert len(results) == 4
    assert [(one.version, one.owner) for one in results if owners[one.version] != one.owner] == []
