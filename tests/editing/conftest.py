"""Drafts to work on."""

import pytest
from django.contrib.auth.models import User

from procedures.editing.models import Draft
from tests.editing.editors import begin_draft


@pytest.fixture
def draft(manual: None, today: object, northshire_author: User) -> Draft:
    """Northshire's draft of its addition to 3.1, as it began."""
    return begin_draft(northshire_author)


@pytest.fixture
def regional_draft(manual: None, today: object, regional_author: User) -> Draft:
    return begin_draft(regional_author, of="heartland")
