"""The front page of the desk: what waits for whom."""

import pytest
from django.urls import reverse

from heritage.registry import lifecycle
from heritage.registry.models import Monument, Place
from heritage.registry.worklist import piles
from tests.registry.make import make_monument, make_place, make_publishable_monument, make_user

pytestmark = pytest.mark.django_db

INDEX_QUERIES = {"contributor": 12, "reviewer": 18}  # none for what one did last, which the journal tells


def waiting(user):
    """Return the titles of what waits for ``user``, by pile, empty piles left out."""
    return {pile.name: [row.label for row in pile[:50]] for pile in piles(user) if len(pile)}


def edit(subject, user):
    type(subject).objects.filter(pk=subject.pk).update(edited_by=user)
    subject.refresh_from_db()
    return subject


def test_a_contributor_sees_own_drafts_of_every_kind_and_what_is_with_the_reviewers():
    author = make_user("contributor")
    for label, kind in (("Chapel", "monument"), ("Yard", "cemetery"), ("Mound", "site")):
        edit(make_monument(label, kind=kind), author)
    edit(make_place("Village"), author)
    make_monument("Somebody else's")
    lifecycle.submit(edit(make_monument("Handed in"), author), author)

    assert waiting(author) == {"drafts": ["Chapel", "Mound", "Village", "Yard"], "submitted": ["Handed in"]}
    [drafts] = [pile for pile in piles(author) if pile.name == "drafts"]
    assert {row.label: row.page for row in drafts[:50]} == {
        "Chapel": "admin:registry_monument_change",
        "Yard": "admin:registry_cemetery_change",
        "Mound": "admin:registry_site_change",
        "Village": "admin:registry_place_change",
    }


def test_what_was_returned_comes_first_with_the_reason_until_it_is_handed_in_again():
    author, reviewer = make_user("contributor"), make_user("reviewer")
    monument = edit(make_publishable_monument("Chapel"), author)
    lifecycle.submit(monument, author)
    lifecycle.return_(monument, reviewer, "Give the locator.")

    assert waiting(author) == {"returned": ["Chapel"]}
    assert piles(author)[0][:1][0].said == "Give the locator."
    lifecycle.submit(monument, author)
    assert waiting(author) == {"submitted": ["Chapel"]}


def test_a_reviewer_sees_what_others_handed_in_and_what_changed_since_published():
    author, reviewer = make_user("contributor"), make_user("reviewer")
    lifecycle.submit(edit(make_monument("Theirs"), author), author)
    lifecycle.submit(edit(make_monument("By nobody"), None), None)
    lifecycle.submit(edit(make_monument("Own"), reviewer), reviewer)
    published = make_publishable_monument("Published")
    lifecycle.approve(published, None)
    Monument.objects.filter(pk=published.pk).update(changed_at="2026-01-01T00:00Z", edited_by=author)

    assert waiting(reviewer) == {"review": ["By nobody", "Theirs"], "changed": ["Published"], "submitted": ["Own"]}
    assert waiting(author) == {"submitted": ["Theirs"]}


def test_a_reason_for_holding_back_is_told_beside_the_draft(contributor):
    edit(make_monument("Chapel", hold="<b>The survey is not in.</b>"), contributor.user)

    page = contributor.get(reverse("admin:index")).content.decode()

    assert "Your drafts (1)" in page
    assert "&lt;b&gt;The survey is not in.&lt;/b&gt;" in page


def test_nothing_to_do_is_said(contributor):
    assert "Nothing waits for you." in contributor.get(reverse("admin:index")).content.decode()


def test_all_of_a_long_pile_is_on_pages_of_its_own(contributor):
    for number in range(55):
        edit(make_monument(f"Chapel {number:02}"), contributor.user)

    index = contributor.get(reverse("admin:index")).content.decode()
    assert index.count("Chapel ") == 6
    address = reverse("admin:work", args=["drafts"])
    assert f'<a href="{address}">Your drafts: all 55</a>' in index
    assert contributor.get(address).content.decode().count(">Chapel ") == 50
    assert contributor.get(f"{address}?page=2").content.decode().count(">Chapel ") == 5
    assert contributor.get(reverse("admin:work", args=["review"])).status_code == 404


def test_the_tables_stand_in_groups_and_every_table_in_one(administrator):
    groups = administrator.get(reverse("admin:index")).context["app_list"]

    assert [str(group["name"]) for group in groups][:5] == [
        "The register",
        "Claims",
        "Evidence",
        "Who and in what words",
        "What was done",
    ]
    assert [model["object_name"] for model in groups[0]["models"]] == [
        "Monument",
        "Cemetery",
        "Site",
        "Collection",
        "Place",
    ]
    assert {group["app_label"] for group in groups[5:]} == {"auth", "catalogue", "intake", "archive"}


@pytest.mark.parametrize("group", ["contributor", "reviewer"])
@pytest.mark.parametrize("size", [1, 30])
def test_the_front_page_costs_the_same_however_much_waits(request, django_assert_num_queries, group, size):
    client = request.getfixturevalue(group)
    for number in range(size):
        edit(make_monument(f"Chapel {number}"), client.user)
        lifecycle.submit(edit(make_monument(f"Handed in {number}"), client.user), client.user)
        Place.objects.create(label=f"Village {number}", kind="village", stage="in_review")
        Place.objects.create(label=f"Old village {number}", stage="published", changed_at="2026-01-01T00:00Z")

    with django_assert_num_queries(INDEX_QUERIES[group]):
        client.get(reverse("admin:index"))
