"""Who may do what, for each of the cast."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from partnerships.access import may_manage, partnerships_with_role
from partnerships.models import Membership, Partnership

Role = Membership.Role


def slugs(person: User | AnonymousUser, *roles: Role) -> list[str]:
    return sorted(partnerships_with_role(person, *roles).values_list("slug", flat=True))


@pytest.fixture
def administrator(region: dict[str, Partnership]) -> User:
    return User.objects.create_superuser("administrator")


@pytest.mark.django_db
def test_each_person_has_their_roles_and_no_others(
    northshire_author, northshire_approver, northshire_manager, southmoor_author, regional_approver
):
    table = {
        person.username: [slugs(person, role) for role in (Role.AUTHOR, Role.APPROVER, Role.MANAGER)]
        for person in (northshire_author, northshire_approver, northshire_manager, southmoor_author, regional_approver)
    }

    assert table == {
        "northshire_author": [["northshire"], [], []],
        "northshire_approver": [[], ["northshire"], []],
        "northshire_manager": [[], [], ["northshire"]],
        "southmoor_author": [["southmoor"], [], []],
        "regional_approver": [[], ["heartland"], []],
    }


@pytest.mark.django_db
def test_a_stranger_has_no_role_anywhere(region):
    assert slugs(AnonymousUser(), *Role) == []
    assert slugs(User.objects.create_user("newcomer"), *Role) == []


@pytest.mark.django_db
def test_no_role_asked_for_is_no_role_found(northshire_author):
    assert slugs(northshire_author) == []


@pytest.mark.django_db
def test_a_partnership_stands_once_however_many_roles_somebody_has_there(region, northshire_author):
    Membership.objects.create(user=northshire_author, partnership=region["northshire"], role=Role.APPROVER)
    Membership.objects.create(user=northshire_author, partnership=region["eastvale"], role=Role.APPROVER)

    assert slugs(northshire_author, Role.AUTHOR, Role.APPROVER) == ["eastvale", "northshire"]


@pytest.mark.django_db
def test_an_administrator_may_do_everything_everywhere(region, administrator):
    assert slugs(administrator, Role.AUTHOR) == sorted(region)
    assert all(may_manage(administrator, partnership) for partnership in region.values())


@pytest.mark.django_db
def test_whoever_left_may_do_nothing(region, northshire_manager, administrator):
    for person in (northshire_manager, administrator):
        person.is_active = False
        person.save()

    assert [slugs(person, *Role) for person in (northshire_manager, administrator)] == [[], []]
    assert not may_manage(northshire_manager, region["northshire"])


@pytest.mark.django_db
def test_only_its_manager_manages_a_partnership(
    region, northshire_author, northshire_approver, northshire_manager, southmoor_author, regional_approver
):
    people = [northshire_author, northshire_approver, northshire_manager, southmoor_author, regional_approver]

    allowed = {(p.username, slug) for p in [*people, AnonymousUser()] for slug in region if may_manage(p, region[slug])}

    assert allowed == {("northshire_manager", "northshire")}


@pytest.mark.django_db
def test_a_role_in_the_group_is_none_in_its_members(region):
    person = User.objects.create_user("force")
    Membership.objects.create(user=person, partnership=region["northern-force"], role=Role.MANAGER)

    assert [slug for slug in region if may_manage(person, region[slug])] == ["northern-force"]
