"""The reading pages. They stand behind every viewpoint prefix: see portal.urls."""

from django.urls import path, re_path

from procedures.reading import (
    authorities,
    compare,
    contacts,
    contents,
    documents,
    glossary,
    history,
    numbers,
    section,
    updates,
)
from procedures.search import views as search

app_name = "reading"

urlpatterns = [
    path("", contents.home, name="home"),
    path("contents/", contents.contents, name="contents"),
    path("sections/<slug:slug>/", section.section, name="section"),
    path("sections/<slug:slug>/history/", history.history, name="history"),
    path("sections/<slug:slug>/compare/", compare.choose, name="choose_comparison"),
    path("sections/<slug:slug>/compare/<int:before>...<int:after>/", compare.compare, name="compare"),
    path("search/", search.results, name="search"),
    path("updates/", updates.updates, name="updates"),
    path("updates/feed/", updates.feed, name="feed"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("authorities/", authorities.authorities, name="authorities"),
    path("authorities/<slug:slug>/", authorities.authority, name="authority"),
    path("documents/", documents.documents, name="documents"),
    path("documents/<slug:slug>/", documents.document, name="document"),
    path("documents/<slug:slug>/file/", documents.file_of_day, name="document_file"),
    re_path(r"^(?P<number>[0-9][0-9.]*)/?$", numbers.by_number, name="number"),
]
