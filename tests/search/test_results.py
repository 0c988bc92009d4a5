"""The results page: /search/?q="""

from html.parser import HTMLParser

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from procedures.models import Version
from procedures.search import views, writing
from procedures.search.index import Found
from tests import world


def test_a_result_leads_to_its_passage_and_says_whose_it_is(manual: None, client: Client) -> None:
    response = client.get("/in/northshire/search/?q=northcanary+also")

    [result] = response.context["results"]
    assert result | {"url": ""} == {
        "number": "3.1",
        "title": "Sharing information",
        "url": "",
        "heading": "Here",
        "owner_label": "Northshire",
        "snippet": "<mark>Also</mark> <mark>northcanary</mark>.",
    }
    assert result["url"] == "/in/northshire/sections/sharing-information/#northshire-here"
    assert "<mark>northcanary</mark>" in response.text


@pytest.mark.parametrize(
    ("address", "owner"),
    [("/search/?q=advice", "Regional text"), ("/in/northshire/search/?q=forcewide", "Northern Force")],
)
def test_a_result_is_labelled_with_its_owner(manual: None, client: Client, address: str, owner: str) -> None:
    [result] = client.get(address).context["results"]

    assert (result["number"], result["owner_label"]) == ("3.1", owner)


def test_a_local_procedure_is_found_by_its_own_partnership(manual: None, client: Client) -> None:
    [result] = client.get("/in/southmoor/search/?q=harbour").context["results"]

    assert (result["number"], result["title"]) == ("4.1", "Children of the southcanary harbour")
    assert client.get("/search/?q=harbour").context["results"] == []


def test_results_keep_the_partnership_and_the_day(manual: None, client: Client) -> None:
    [result] = client.get("/in/southmoor/on/2018-01-01/search/?q=2015").context["results"]

    assert result["url"] == "/in/southmoor/on/2018-01-01/sections/sharing-information/#the-rules"


def test_before_the_first_version_nothing_is_found(manual: None, client: Client) -> None:
    response = client.get("/on/2016-01-01/search/?q=advice")

    assert response.context["results"] == []
    assert response.context["message"] == "Nothing was found. Try other words for it, or fewer."


def test_a_hit_that_the_database_does_not_confirm_is_not_shown(
    manual: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = frozenset(Version.objects.values_list("pk", flat=True))
    monkeypatch.setattr(views, "_in_force", lambda viewpoint: everything)

    response = client.get("/search/?q=southcanary+harbour+advice+northcanary")

    assert {result["owner_label"] for result in response.context["results"]} <= {"Regional text"}
    assert "southcanary" not in "".join(result["snippet"] for result in response.context["results"])


@pytest.mark.parametrize("query", ["3.1", "section 3.1", " Section  3.1. ", "3.1.2", "3.1\x00"])
def test_a_section_number_leads_straight_there(manual: None, client: Client, query: str) -> None:
    response = client.get("/in/northshire/on/2018-01-01/search/", {"q": query})

    assert (response.status_code, response.headers["Location"]) == (
        302,
        "/in/northshire/on/2018-01-01/sections/sharing-information/",
    )


def test_the_number_of_a_local_procedure_leads_there_only_from_its_partnership(manual: None, client: Client) -> None:
    assert client.get("/in/southmoor/search/?q=4.1").status_code == 302
    assert client.get("/search/?q=4.1").status_code == 200


@pytest.mark.parametrize("query", ["s 3.1", "section 47", "9.99", "0.1", "1." * 99 + "1", "3.1 to 3.4"])
def test_what_is_no_sections_number_is_searched_for(manual: None, client: Client, query: str) -> None:
    assert client.get("/search/", {"q": query}).status_code == 200


@pytest.mark.parametrize("address", ["/search/", "/search/?q=", "/search/?q=+%00+", "/search/?page=1"])
def test_without_a_query_the_page_says_what_to_type(manual: None, client: Client, address: str) -> None:
    response = client.get(address)

    assert response.context["message"] == "Type one or more words, or the number of a section such as 3.1."
    assert response.context["results"] == []


def test_a_query_without_a_word_is_told_so(manual: None, client: Client) -> None:
    response = client.get("/search/", {"q": "<!>"})

    assert response.context["message"] == f"There is no word in “<!>” that could be searched for. {views.HELP}"
    assert "“&lt;!&gt;”" in response.text


def test_a_query_that_is_too_long_is_cut(manual: None, client: Client) -> None:
    response = client.get("/search/", {"q": "advice " * 40})

    assert response.context["query"] == ("advice " * 40)[:200].rstrip()
    assert response.context["message"] == "Your search was longer than 200 characters: only its beginning was used."
    assert response.context["total"] == 1


@pytest.fixture
def many_sections(region: dict) -> None:
    for place in range(1, 26):
        world.publish(f"s{place}", number=f"1.{place}", title=f"Place {place}", body="The same words in each.")


def test_results_come_ten_to_a_page(many_sections: None, client: Client) -> None:
    pages = [client.get(f"/search/?q=words&page={number}").context for number in (1, 2, 3)]

    assert [len(page["results"]) for page in pages] == [10, 10, 5]
    assert [page["pages"]["previous_url"] for page in pages] == ["", "/search/?q=words", "/search/?q=words&page=2"]
    assert [page["pages"]["next_url"] for page in pages] == ["/search/?q=words&page=2", "/search/?q=words&page=3", ""]


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1.5", "²", "٣", "9" * 5000])
def test_what_is_no_page_number_is_not_found(manual: None, client: Client, page: str) -> None:
    response = client.get("/search/", {"q": "advice", "page": page})

    assert response.status_code == 404
    assert "Pages of results are numbered 1, 2, 3 and so on" in response.text


def test_a_page_beyond_the_last_is_not_found(many_sections: None, client: Client) -> None:
    response = client.get("/search/?q=words&page=4")

    assert response.status_code == 404
    assert "These results have 3 pages, so there is no page 4." in response.text


def test_the_page_sets_no_cookie_is_for_nobody_elses_cache_and_has_an_etag(manual: None, client: Client) -> None:
    client.get("/search/?q=advice")
    response = client.get("/search/?q=advice")

    assert not response.cookies
    assert response.headers["Cache-Control"] == "private, no-cache"
    again = client.get("/search/?q=advice", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_a_page_that_lacks_results_cannot_be_asked_for_by_etag(
    manual: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "AT_MOST", 1)

    response = client.get("/search/?q=advice")

    assert views.INCOMPLETE in response.context["message"]
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_the_cost_does_not_grow_with_the_results(
    many_sections: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/search/?q=words")

    with django_assert_num_queries(4):
        client.get("/search/?q=words&page=2")


# --- Whatever is typed ------------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """The tags inside a snippet."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.add(tag)


hostile = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="*?\"'()[]{}^~:+-&|\\/<>%_.,;!#\x00\n ", max_size=80),
    st.lists(
        st.sampled_from(
            [
                "AND",
                "OR",
                "NOT",
                "text:*",
                "version:1",
                "[a TO z]",
                '"advice"~2',
                "adv*",
                "<script>",
                "' OR 1=1 --",
                "🜁",
            ]
        )
    ).map(" ".join),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(query=hostile)
def test_whatever_is_typed_the_page_is_a_page(manual: None, client: Client, query: str) -> None:
    response = client.get("/search/", {"q": query.encode("utf-8", "replace")})

    assert response.status_code in (200, 302)
    if response.status_code == 200:
        for result in response.context["results"]:
            assert Tags(result["snippet"]).found <= {"mark"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(query=st.text(alphabet=st.characters(), max_size=250), offset=st.integers(0, 50))
def test_whatever_is_searched_for_there_is_an_answer(manual: None, ask, query: str, offset: int) -> None:
    assert isinstance(ask(query, "northshire", offset=offset), Found)


def test_syntax_of_query_languages_means_nothing(manual: None, client: Client) -> None:
    plain = client.get("/search/?q=advice").context["total"]

    for query in ("adv*", "text:advice -advice", "NOT advice", '"advice" AND zebra'):
        found = client.get("/search/", {"q": query}).context["total"]
        assert found == (0 if query == "adv*" else plain)


def test_where_nothing_was_found_the_page_offers_the_contents_and_whom_to_call(manual, today, reader):
    page = reader.read("/in/southmoor/search/?q=zzzqq")

    assert page.links("//main") == [
        ("Contents of the manual", "/in/southmoor/contents/"),
        ("Whom to call", "/in/southmoor/contacts/"),
    ]
