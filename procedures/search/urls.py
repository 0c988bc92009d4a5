"""The search room's pages of the workspace. Its reading pages stand in procedures.urls."""

from django.urls import path

from procedures.search.explaining import explain

urlpatterns = [
    path("workspace/<slug:slug>/search/", explain, name="explain_search"),
]
