"""The results page: /search/?q="""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from partnerships.models import Partnership
from procedures.publishing import publish_imported
from procedures.search import keeping_up, past, views
from tests import world
from tests.reader import Page, Reader, has
from tests.search.conftest import Ask


def results(client: Client, query: str, place: str = "", **filters: str) -> list:
    """The rows of the results page."""
    return client.get(f"{place}/search/", {"q": query} | filters).context["results"]


# --- A result ---------------------------------------------------------------------------------------------------------


def test_a_result_leads_to_its_passage_and_says_whose_it_is(manual: None, client: Client) -> None:
    [result] = results(client, "northcanary also", "/in/northshire")

    assert (result.number, result.title, result.heading) == ("3.1", "Sharing information", "Here")
    assert (result.owner, result.owner_label) == ("northshire", "Northshire")
    assert result.snippet == "<mark>Also</mark> <mark>northcanary</mark>."
    assert result.url == "/in/northshire/sections/sharing-information/"
    assert result.passage_url.startswith("/in/northshire/sections/sharing-information/#northshire-here")


def test_the_link_to_a_passage_marks_the_words_found_there(manual: None, client: Client) -> None:
    [result] = results(client, "advice")

    assert result.passage_url == ("/sections/sharing-information/#the-rules:~:text=Follow%20the-,advice,-of%20May")


def test_the_words_of_a_link_are_encoded(region: dict, client: Client) -> None:
    world.publish("s1", number="1.1", title="One", body='## Here\n\nA "multi-agency" & co-working, <b> bruise-scan.')

    [result] = results(client, "co working bruise")

    fragment = result.passage_url.partition(":~:")[2]
    assert fragment.isascii()
    assert set(fragment) & set(' "<>') == set()
    assert fragment.startswith("text=")


@pytest.mark.parametrize(
    ("place", "query", "owner"),
    [("", "advice", "Regional text"), ("/in/northshire", "forcewide", "Northern Force")],
)
def test_a_result_is_labelled_with_its_owner(manual: None, client: Client, place: str, query: str, owner: str) -> None:
    [result] = results(client, query, place)

    assert (result.number, result.owner_label) == ("3.1", owner)


def test_a_local_procedure_is_found_by_its_own_partnership(manual: None, client: Client) -> None:
    [result] = results(client, "harbour", "/in/southmoor")

    assert (result.number, result.title) == ("4.1", "Children of the southcanary harbour")
    assert results(client, "harbour") == []


def test_results_keep_the_partnership_and_the_day(manual: None, client: Client) -> None:
    [result] = results(client, "2015", "/in/southmoor/on/2018-01-01")

    assert result.url == "/in/southmoor/on/2018-01-01/sections/sharing-information/"


def test_every_result_of_every_search_leads_to_a_page(manual: None, client: Client) -> None:
    found = results(client, " ".join([*world.CANARIES.values(), "consent"]), "/in/southmoor")

    assert len(found) == 5
    assert {client.get(result.passage_url.partition("#")[0]).status_code for result in found} == {200}


def test_a_section_that_only_an_editor_names_has_no_snippet(manual: None, client: Client) -> None:
    world.make_best_bet(["zebra"], "consent")

    [result] = results(client, "zebra")

    assert (result.number, result.title, result.snippet, result.heading) == ("2.10", "Consent", "", "")
    assert (result.chosen, result.url) == (True, "/sections/consent/")


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_says_how_many_and_from_where(manual: None, today: object, reader: Reader) -> None:
    counted = {
        address: [
            text.split(" Documents")[0] for text in reader.read(address).texts(f"//main//p[{has('found__count')}]")
        ]
        for address in (
            "/search/?q=advice",
            "/in/northshire/search/?q=advice+hub+switchboard",
            "/in/northshire/on/2019-06-01/search/?q=advice+switchboard",
            "/in/northshire/search/?q=northcanary&whose=local&part=3",
            "/in/northshire/search/?q=advice&whose=regional",
            "/search/?q=southcanary&whose=everyone",
        )
    }

    assert list(counted.values()) == [
        ["1 section in the regional text"],
        ["2 sections in the regional text and Northshire’s"],
        ["2 sections in the regional text and Northshire’s, as at 1 June 2019"],
        ["1 section of Part 3 in Northshire’s own text and its groups’"],
        ["1 section in the regional text"],
        ["2 sections in the texts of all partnerships"],
    ]


def test_the_page_shows_each_section_once_under_a_heading_with_number_and_title(
    manual: None, today: object, reader: Reader
) -> None:
    page = reader.read("/in/northshire/search/?q=switchboard+advice")

    assert page.heading == "Results for “switchboard advice”"
    assert sorted(page.texts("//main//ol//h2")) == ["1.5 Making a referral", "3.1 Sharing information"]


def test_the_title_of_the_page_has_the_query_and_the_page(region: dict, reader: Reader) -> None:
    many_sections()

    assert reader.read("/search/?q=words&page=2").title.startswith("Search: words, page 2")
    assert reader.read("/search/?q=words").title.startswith("Search: words")
    assert reader.read("/search/").title.startswith("Search")


def test_search_engines_are_told_not_to_keep_it(manual: None, reader: Reader) -> None:
    assert reader.read("/search/?q=advice").robots == ["noindex"]


def test_before_the_first_version_nothing_is_found(manual: None, client: Client) -> None:
    page = client.get("/on/2016-01-01/search/?q=advice")

    assert page.context["results"] == []
    assert page.context["message"] == "Nothing was found. Try other words for it, or fewer."


@pytest.mark.parametrize("address", ["/search/", "/search/?q=", "/search/?q=+%00+", "/search/?page=1"])
def test_without_a_query_the_page_says_what_to_type(manual: None, client: Client, address: str) -> None:
    page = client.get(address)

    assert page.context["message"] == "Type one or more words, or the number of a section such as 3.1."
    assert page.context["results"] == []


def test_a_query_without_a_word_is_told_so(manual: None, client: Client) -> None:
    page = client.get("/search/", {"q": "<!>"})

    assert page.context["message"] == f"There is no word in “<!>” that could be searched for. {views.HELP}"
    assert "“&lt;!&gt;”" in page.content.decode()


def test_a_query_that_is_too_long_is_cut(manual: None, client: Client) -> None:
    page = client.get("/search/", {"q": "advice " * 40})

    assert page.context["query"] == ("advice " * 40)[:200].rstrip()
    assert page.context["message"] == "Your search was longer than 200 characters: only its beginning was used."
    assert page.context["found"].total == 1


def test_quotation_marks_that_were_dropped_are_told(manual: None, client: Client) -> None:
    page = client.get("/search/", {"q": '"needed advice"'})

    assert page.context["message"] == (
        "No text has exactly the words in quotation marks. These results have some of them."
    )
    assert page.context["found"].total == 1


def test_where_nothing_was_found_the_page_offers_other_ways(manual: None, today: object, reader: Reader) -> None:
    page = reader.read("/in/southmoor/search/?q=zzzqq")

    assert page.links("//main//ul[last()]") == [
        ("Contents of the manual", "/in/southmoor/contents/"),
        ("Glossary, A to Z", "/in/southmoor/glossary/"),
        ("Whom to call", "/in/southmoor/contacts/"),
    ]


def test_where_nothing_was_found_near_terms_are_offered(manual: None, today: object, reader: Reader) -> None:
    world.make_term("Zephyrhub", definition="Wind.")

    page = reader.read("/in/northshire/search/?q=zephyrrub&spelling=as-typed")

    assert ("Zephyrhub", "/in/northshire/glossary/#zephyrhub") in page.links("//main")


# --- Typing errors ----------------------------------------------------------------------------------------------------


def test_the_page_says_what_it_searched_for_instead(manual: None, today: object, reader: Reader) -> None:
    page = reader.read("/in/northshire/search/?q=Confidentialty+now&part=2")

    assert "Showing results for confidentiality now. Search instead for “Confidentialty now”" in page.main
    [(_, address)] = [link for link in page.links("//main") if link[0].startswith("Search instead")]
    asked = urlsplit(address)
    assert asked.path == "/in/northshire/search/"
    assert parse_qs(asked.query) == {"q": ["Confidentialty now"], "part": ["2"], "spelling": ["as-typed"]}


def test_who_wants_it_as_typed_gets_it_as_typed(manual: None, today: object, reader: Reader) -> None:
    page = reader.read("/search/?q=confidentialty&spelling=as-typed")

    assert "Showing results for" not in page.main
    assert "Nothing was found." in page.main


# --- Terms of the glossary --------------------------------------------------------------------------------------------


def cards(page: Page) -> list[str]:
    return page.texts(f"//main//section[{has('term-card')}]")


def test_a_term_is_explained_above_the_results(manual: None, today: object, reader: Reader) -> None:
    world.make_term(
        "MASH", meaning="multi-agency safeguarding hub", definition="Where worries go.", sections=("consent",)
    )

    page = reader.read("/in/northshire/search/?q=mash")

    assert cards(page) == ["MASH in the glossary multi-agency safeguarding hub: Where worries go. 2.10 Consent"]
    assert page.links(f"//section[{has('term-card')}]") == [
        ("MASH", "/in/northshire/glossary/#mash"),
        ("2.10 Consent", "/in/northshire/sections/consent/"),
    ]


def test_a_term_with_several_senses_shows_them_all_and_lets_one_be_chosen(
    manual: None, today: object, reader: Reader
) -> None:
    world.make_term("ICO", meaning="interim care order", definition="An order.")
    world.make_term("ICO", meaning="Information Commissioner’s Office", definition="A regulator.")

    page = reader.read("/search/?q=ICO")

    assert "ICO has 2 meanings" in cards(page)[0]
    assert [link for link in page.links(f"//section[{has('term-card')}]") if link[0].startswith("Search only")] == [
        ("Search only for interim care order", "/search/?q=%22interim+care+order%22"),
        (
            "Search only for Information Commissioner’s Office",
            "/search/?q=%22Information+Commissioner%E2%80%99s+Office%22",
        ),
    ]


def test_a_retired_word_says_since_when_and_what_replaced_it(manual: None, today: object, reader: Reader) -> None:
    world.make_term(
        "SCR",
        meaning="serious case review",
        is_retired=True,
        retired_note="since September 2019",
        replaced_by=["local child safeguarding practice review", "LCSPR"],
    )

    page = reader.read("/search/?q=SCR")

    assert (
        "“Serious case review” is no longer used, since September 2019. Results for “local child safeguarding practice "
        "review” or “LCSPR” are shown as well."
    ) in cards(page)[0]


def test_terms_are_explained_on_the_first_page_alone(region: dict, client: Client) -> None:
    many_sections()
    world.make_term("words")

    shown = [len(client.get(f"/search/?q=words&page={number}").context["cards"]) for number in (1, 2)]

    assert shown == [1, 0]


# --- Documents and contacts -------------------------------------------------------------------------------------------


def test_documents_and_contacts_are_shown_with_whose_they_are(manual: None, client: Client) -> None:
    world.make_document("form", by="northshire", title="Referral form")
    world.make_contact(Partnership.objects.get(slug="heartland"), name="Referral line")

    beside = client.get("/in/northshire/search/?q=referral").context["beside"]

    assert {(one.kind, one.title, one.url, one.detail, one.owner_label) for one in beside} == {
        ("Document", "Referral form", "/in/northshire/documents/form/", "", "Northshire"),
        ("Contact", "Referral line", "/in/northshire/contacts/#front-door", "01632 960001", "Regional"),
    }


# --- Narrowed ---------------------------------------------------------------------------------------------------------


def test_the_page_offers_to_narrow_and_keeps_the_rest(manual: None, today: object, reader: Reader) -> None:
    page = reader.read("/in/northshire/search/?q=switchboard+advice&whose=regional")

    links = page.links(f"//nav[{has('filters')}]")
    asked = {"q": "switchboard advice"}
    assert [(label, address) for label, address in links] == [
        (label, f"/in/northshire/search/?{urlencode(asked | more)}")
        for label, more in (
            ("Everything you read", {}),
            ("Regional text only", {"whose": "regional"}),
            ("Local text only", {"whose": "local"}),
            ("All partnerships", {"whose": "everyone"}),
            ("All parts", {"whose": "regional"}),
            ("Part 1 Child protection 1 section", {"part": "1", "whose": "regional"}),
            ("Part 3 Working together 1 section", {"part": "3", "whose": "regional"}),
        )
    ]
    assert page.texts("//nav//a[@aria-current='true']") == ["Regional text only", "All parts"]


def test_without_a_partnership_there_is_no_local_text_to_choose(manual: None, today: object, reader: Reader) -> None:
    page = reader.read("/search/?q=switchboard")

    assert [name for name, _ in page.links(f"//nav[{has('filters')}]//ul[1]")][:2] == [
        "Everything you read",
        "All partnerships",
    ]


@pytest.mark.parametrize("narrowed", ["part=x", "part=٣", "part=99999", "whose=nobody", "whose=", "spelling=x"])
def test_what_no_filter_knows_narrows_nothing(manual: None, client: Client, narrowed: str) -> None:
    assert client.get(f"/in/northshire/search/?q=advice&{narrowed}").context["found"].total == 1


def test_a_search_that_is_narrowed_to_nothing_can_be_widened(manual: None, today: object, reader: Reader) -> None:
    page = reader.read("/in/northshire/search/?q=advice&part=1")

    assert "Nothing was found." in page.main
    assert ("All parts", "/in/northshire/search/?q=advice") in page.links("//main")


def test_a_number_in_a_narrowed_search_finds_and_does_not_lead_away(manual: None, client: Client) -> None:
    page = client.get("/in/northshire/search/?q=3.1&whose=everyone")

    assert (page.status_code, page.context["results"][0].slug) == (200, "sharing-information")


# --- Numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["3.1", "section 3.1", " Section  3.1. ", "3.1.2", "3.1\x00", "§3.1", "para 3.1.4", "s 3.1"]
)
def test_a_section_number_leads_straight_there(manual: None, client: Client, query: str) -> None:
    page = client.get("/in/northshire/on/2018-01-01/search/", {"q": query})

    assert (page.status_code, page.headers["Location"]) == (
        302,
        "/in/northshire/on/2018-01-01/sections/sharing-information/",
    )


def test_the_number_of_a_local_procedure_leads_there_only_from_its_partnership(manual: None, client: Client) -> None:
    assert client.get("/in/southmoor/search/?q=4.1").status_code == 302
    assert client.get("/search/?q=4.1").status_code == 200


def test_a_former_number_leads_to_the_page_that_says_so(manual: None, client: Client) -> None:
    world.publish("making-a-referral", on=world.date(2024, 6, 4), number="1.7", title="Making a referral", body="Call.")

    page = client.get("/in/northshire/search/?q=1.5")

    assert (page.status_code, page.headers.get("Location")) == (302, "/in/northshire/1.5")


@pytest.mark.parametrize("query", ["section 47", "9.99", "0.1", "1." * 99 + "1", "3.1 to 3.4"])
def test_what_is_no_sections_number_is_searched_for(manual: None, client: Client, query: str) -> None:
    assert client.get("/search/", {"q": query}).status_code == 200


# --- Page after page --------------------------------------------------------------------------------------------------


def many_sections() -> None:
    made = [
        world.make_version(f"s{place}", number=f"1.{place}", title=f"Place {place}", body="The same words in each.")
        for place in range(1, 26)
    ]
    publish_imported(made)


def test_results_come_ten_to_a_page(region: dict, client: Client) -> None:
    many_sections()

    pages = [client.get(f"/search/?q=words&page={number}").context for number in (1, 2, 3)]

    assert [len(page["results"]) for page in pages] == [10, 10, 5]
    assert [page["pages"]["previous_url"] for page in pages] == ["", "/search/?q=words", "/search/?q=words&page=2"]
    assert [page["pages"]["next_url"] for page in pages] == ["/search/?q=words&page=2", "/search/?q=words&page=3", ""]


def test_pages_keep_what_narrows_the_search(region: dict, client: Client) -> None:
    many_sections()

    pages = client.get("/in/northshire/search/?q=words&page=2&part=1&whose=regional&spelling=as-typed").context["pages"]

    kept = "q=words&part=1&whose=regional&spelling=as-typed"
    assert (pages["previous_url"], pages["next_url"]) == (
        f"/in/northshire/search/?{kept}",
        f"/in/northshire/search/?{kept}&page=3",
    )


def test_results_are_numbered_on_from_page_to_page(region: dict, reader: Reader) -> None:
    many_sections()

    assert reader.read("/search/?q=words&page=2").elements("//main//ol/@start") == ["11"]


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1.5", "²", "٣", "9" * 5000])
def test_what_is_no_page_number_is_not_found(manual: None, client: Client, page: str) -> None:
    found = client.get("/search/", {"q": "advice", "page": page})

    assert found.status_code == 404
    assert "Pages of results are numbered 1, 2, 3 and so on" in found.content.decode()


def test_a_page_beyond_the_last_is_not_found(region: dict, client: Client) -> None:
    many_sections()

    found = client.get("/search/?q=words&page=4")

    assert found.status_code == 404
    assert "These results have 3 pages, so there is no page 4." in found.content.decode()


# --- Caches, and what it costs ----------------------------------------------------------------------------------------


def test_the_page_sets_no_cookie_is_for_nobody_elses_cache_and_has_an_etag(manual: None, client: Client) -> None:
    client.get("/search/?q=advice")
    page = client.get("/search/?q=advice")

    assert not page.cookies
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert client.get("/search/?q=advice", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


def test_a_page_that_may_lack_results_is_kept_by_nobody(
    manual: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/search/?q=advice")
    world.publish("new", number="1.6", body="A newword.")
    monkeypatch.setattr(keeping_up, "wake", lambda: None)

    page = client.get("/search/?q=advice")

    assert page.context["message"] == views.INCOMPLETE
    assert "ETag" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"


def test_the_cost_does_not_grow_with_the_results(
    region: dict, client: Client, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the index itself asks of a database is left out: in a folder it asks nothing."""
    if "postgres" in keeping_up.settings.SEARCH_URL:
        pytest.skip("The index is in the database.")
    monkeypatch.setattr(past, "note", lambda *args, **kwargs: None)
    many_sections()
    client.get("/search/?q=words")

    with django_assert_num_queries(1):  # the freshness stamp
        client.get("/search/?q=words&page=2")


# --- Hostile texts ----------------------------------------------------------------------------------------------------


def test_a_snippet_marks_the_words_found_and_escapes_the_rest(region: dict, client: Client) -> None:
    world.publish("risky", number="1.1", title="Risky", body="A `<script>alert(1)</script>` & a bruise <b>here</b>.")

    [result] = results(client, "bruising script")

    assert result.snippet == (
        "A &lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; &amp; a <mark>bruise</mark> "
        "&lt;b&gt;here&lt;/b&gt;."
    )


def test_titles_headings_terms_and_queries_are_escaped(region: dict, client: Client) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    world.publish("risky", number="1.1", title=f"Risky {hostile}", body="## Heading `<i>` here\n\nA bruise.")
    world.make_term(f"bruise {hostile}", meaning=hostile, definition=hostile, replaced_by=[hostile], is_retired=True)
    world.make_document("form", title=f"bruise {hostile}")

    queries = ["bruise", hostile, f"bruise {hostile}", f"bruize {hostile}"]

    pages = [client.get("/search/", {"q": query}).content.decode() for query in queries]

    assert [page for page in pages if "<img src=x" in page or "<i>" in page] == []
    assert "&lt;img src=x onerror=alert(1)&gt;" in pages[0]


def test_a_snippet_shows_the_stretch_with_most_of_the_words(region: dict, client: Client) -> None:
    padding = "Nothing that matters here at all. " * 20
    world.publish("long", number="1.1", title="Long", body=f"A bruise. {padding}A bruise on a baby. {padding}")

    [result] = results(client, "bruised baby")

    assert result.snippet.startswith("… ")
    assert "A <mark>bruise</mark> on a <mark>baby</mark>." in result.snippet
    assert result.snippet.endswith(" …")
    assert len(result.snippet) < 300


def test_a_snippet_of_a_very_long_word_is_cut(region: dict, client: Client) -> None:
    world.publish("long", number="1.1", title="Endless", body="x" * 5000)

    [result] = results(client, "endless")

    assert result.snippet == "x" * 240 + " …"


def test_syntax_of_query_languages_means_nothing(manual: None, ask: Ask) -> None:
    plain = ask("advice").total

    totals = {query: ask(query, as_typed=True).total for query in ("text:advice", "advice AND zebra", "advice~2", "(advice)^4", "[a TO z] advice")}  # fmt: skip  # noqa: E501

    assert set(totals.values()) == {plain}
    assert ask("adv*", as_typed=True).total == 0


def test_cards_stand_below_the_results_when_more_than_their_name_was_typed(manual: None, client: Client) -> None:
    world.make_term("MASH", meaning="multi-agency safeguarding hub", sections=("consent",))
    world.make_term("advice line", is_retired=True, retired_note="since 2020", replaced_by=["MASH"])

    alone, together = (Page(client.get(f"/search/?q={query}")) for query in ("advice+line", "advice+line+rules"))

    told = "“Advice line” is no longer used, since 2020. Results for “MASH” are shown as well."
    assert alone.texts("//p[@class='search-retired']") == []
    assert together.texts("//p[@class='search-retired']") == [told]
    first = [page.elements("//*[@class='term-card' or @class='results']")[0].get("class") for page in (alone, together)]
    assert first == ["term-card", "results"]
