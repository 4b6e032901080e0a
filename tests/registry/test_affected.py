"""Which published records are marked when something that they mention changes."""

import pytest

from heritage.registry import lifecycle
from heritage.registry.affected import touch
from heritage.registry.models import Location, Monument, Place
from tests.registry.make import (
    make_actor,
    make_attribution,
    make_citation,
    make_count,
    make_link,
    make_media,
    make_membership,
    make_monument,
    make_name,
    make_place,
    make_protection,
    make_publishable_monument,
    make_publishable_place,
    make_relation,
    make_source,
    make_status,
    make_term,
)

pytestmark = pytest.mark.django_db


def mentioned_by_name(monument):
    return make_name(monument, source=make_source()).source


def mentioned_by_relaying(monument):
    return make_citation(make_status(monument), reported_from=make_source()).reported_from


def mentioned_by_origin(monument):
    origin = make_source()
    make_citation(make_status(monument), make_source(derives_from=origin))
    return origin


def mentioned_as_place(monument):
    return monument.locations.get().place


def mentioned_as_larger_place(monument):
    district, region = make_place(), make_place()
    make_membership(monument.locations.get().place, district)
    make_membership(district, region)
    make_membership(region, district)
    return region


def mentioned_as_agent(monument):
    return make_status(monument, agent=make_actor("Agent")).agent


def mentioned_as_authority(monument):
    return make_protection(monument).authority


def mentioned_as_broader_type(monument):
    broadest = make_term(code="building")
    monument.types.add(make_term(code="chapel", broader=make_term(code="place_of_worship", broader=broadest)))
    return broadest


def mentioned_as_effect(monument):
    return make_status(monument, effects=[make_term("effect", "looting")]).effects.get()


def mentioned_as_predicate(monument):
    return make_count(monument).predicate


def mentioned_as_kind_of_source(monument):
    kind = make_term("source_kind", "film")
    make_name(monument, source=make_source(kind=kind))
    return kind


def mentioned_as_kind_of_origin(monument):
    kind = make_term("source_kind", "film")
    make_citation(make_status(monument), make_source(derives_from=make_source(kind=kind)))
    return kind


def mentioned_as_media(monument):
    return make_citation(make_status(monument), media=make_media()).media


def mentioned_as_part(monument):
    return make_relation(make_monument(), monument).monument


def mentioned_by_link(monument):
    other = make_attribution()
    make_link(make_attribution(monument), other)
    return other.monument


def mentioned_as_linked_claim(monument):
    other = make_attribution()
    make_link(other, make_attribution(monument))
    return other


@pytest.mark.parametrize(
    "mention",
    [
        mentioned_by_name,
        mentioned_by_relaying,
        mentioned_by_origin,
        mentioned_as_place,
        mentioned_as_larger_place,
        mentioned_as_agent,
        mentioned_as_authority,
        mentioned_as_broader_type,
        mentioned_as_effect,
        mentioned_as_predicate,
        mentioned_as_kind_of_source,
        mentioned_as_kind_of_origin,
        mentioned_as_media,
        mentioned_as_part,
        mentioned_by_link,
        mentioned_as_linked_claim,
    ],
)
def test_what_mentions_it_is_marked_and_nothing_else(mention):
    monument, other = make_publishable_monument(), make_publishable_monument()
    changed = mention(monument)
    for one in (monument, other):
        lifecycle.approve(one, None)
        make_citation(make_status(other, claimant=make_actor(f"Body {one.pk}"), effects=[make_term("effect", "other")]))
    Monument.objects.update(changed_at=None)

    touch(changed)

    assert list(Monument.objects.changed_since_published()) == [monument]


def test_drafts_are_not_marked():
    touch(make_status().claimant)

    assert Monument.objects.get().changed_at is None


def test_places_are_marked_by_their_larger_place():
    village, region = make_publishable_place(), make_publishable_place()
    make_membership(village, region)
    lifecycle.approve(village, None)

    assert touch(region) == 1
    assert Place.objects.changed_since_published().get() == village


def test_the_other_side_of_a_relation_that_is_removed_is_marked():
    monument, other = make_publishable_monument(), make_publishable_monument()
    relation = make_relation(monument, other)
    for one in (monument, other):
        lifecycle.approve(one, None)
    Monument.objects.update(changed_at=None)
    monument.refresh_from_db()
    before = lifecycle.snapshot(monument)
    lifecycle.begin(monument)
    relation.delete()

    lifecycle.finish(monument, None, "", before)

    assert set(Monument.objects.changed_since_published()) == {monument, other}


def test_a_location_without_place_mentions_no_place():
    monument = make_publishable_monument()
    place = monument.locations.get().place
    Location.objects.update(place=None)
    lifecycle.approve(monument, None)

    assert touch(place) == 0
