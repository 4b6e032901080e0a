"""Deposits at the desk: who may make, download, verify and offer which."""

import hashlib

import pytest

from heritage.archive import making
from heritage.archive.models import Deposit
from heritage.registry.models import Source
from tests.archive.shelf import KEEPERS, illustrate, seal_for
from tests.archive.test_making import kept_in, ordered
from tests.registry.conftest import signed_in

__all__ = ["kept_in"]
pytestmark = pytest.mark.django_db
DESK = "/admin/archive/deposit/"


@pytest.fixture(autouse=True)
def shown(demo, kept_in):
    return illustrate()


def made(ref, level="public"):
    making.do(ordered(ref, level), "make", None)
    return Deposit.objects.get(ref=ref)


def said(answer):
    return answer.content.decode()


def errors(client, **given):
    """Return the mistakes that the page tells, by field; a deposit may not be begun by it."""
    answer = client.post(f"{DESK}add/", {"ending": ".tar", **given})
    assert answer.status_code == 200
    return {name: list(some) for name, some in answer.context["form"].errors.items()}


@pytest.mark.parametrize(("group", "status"), [("administrator", 200), ("reviewer", 200), ("contributor", 403)])
def test_administrators_and_reviewers_may_make_one(group, status):
    assert signed_in(group).get(f"{DESK}add/").status_code == status


def test_only_who_may_deposit_the_whole_desk_is_asked_for_the_full_level():
    reviewer, administrator = signed_in("reviewer"), signed_in("administrator")

    assert "the whole desk" not in said(reviewer.get(f"{DESK}add/"))
    assert "the whole desk" in said(administrator.get(f"{DESK}add/"))
    assert list(errors(reviewer, level="full")) == ["level"]


def test_a_full_deposit_is_never_offered_and_adds_to_its_own_level_only():
    administrator, public = signed_in("administrator"), made("public")

    found = errors(administrator, level="full", offer="on", previous=public.pk)
    assert found == {
        "offer": ["Only a public deposit can be offered to readers."],
        "previous": ["That deposit is of the other level. Choose one of this level."],
    }


def test_where_something_is_sealed_two_custodians_are_asked_for():
    administrator = signed_in("administrator")
    Source.objects.filter(pk=Source.objects.first().pk).update(access_level="sealed")

    assert list(errors(administrator, level="full")) == ["first_custodian"]
    one, same = {"first_custodian": KEEPERS[0]}, {"second_custodian": KEEPERS[0]}
    assert list(errors(administrator, level="full", **one)) == ["second_custodian"]
    assert list(errors(administrator, level="full", **one, **same)) == ["second_custodian"]


def test_a_deposit_of_what_is_sealed_is_made_and_downloaded_by_its_custodians_alone():
    administrator, keeper = signed_in("administrator"), signed_in("administrator")
    Source.objects.filter(pk=Source.objects.first().pk).update(access_level="sealed")
    names = (keeper.user.username, KEEPERS[1])
    both = dict(zip(("first_custodian", "second_custodian"), names, strict=True))

    assert errors(keeper, level="full", **both) == {
        "second_custodian": [
            f"“{names[0]}” is not a custodian of 1 row that is sealed.",
            f"There is no active account “{names[1]}” at the desk. A custodian is named by the account.",
        ]
    }
    seal_for(names)
    assert errors(administrator, level="full", **both) == {
        "first_custodian": ["Only a custodian makes such a deposit: name your own account as one."]
    }
    making.do(ordered("whole", "full", custodians=names), "make", None)
    file = f"{DESK}{Deposit.objects.get().pk}/file/"
    assert administrator.get(file).status_code == 403
    download = keeper.get(file)
    assert (download.status_code, len(b"".join(download.streaming_content)) > 0) == (200, True)


def test_what_no_text_may_hold_is_refused_at_its_field():
    assert list(errors(signed_in("reviewer"), level="public", for_whom="State\u202earchive")) == ["for_whom"]


def test_an_order_is_refused_while_another_deposit_is_made():
    with making.background.held(making.folder_of(ordered("busy")), "busy"):
        found = errors(signed_in("reviewer"), level="public")

    assert found == {"__all__": ["Another deposit is being made or verified. Wait until that is done."]}


def test_a_deposit_is_downloaded_by_those_who_may_have_its_level(client):
    reviewer, administrator, contributor = map(signed_in, ("reviewer", "administrator", "contributor"))
    public, full = made("public"), made("full", "full")

    def status(who, deposit):
        answer = who.get(f"{DESK}{deposit.pk}/file/")
        b"".join(answer)  # which closes the file
        return answer.status_code

    assert [status(who, public) for who in (client, contributor, reviewer, administrator)] == [302, 403, 200, 200]
    assert [status(who, full) for who in (client, contributor, reviewer, administrator)] == [302, 403, 403, 200]
    answer = administrator.get(f"{DESK}{full.pk}/file/")
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == full.sha256
    making.kept(full).unlink()
    assert status(administrator, full) == 404


def test_the_page_of_a_deposit_says_how_to_check_it():
    deposit = made("public")
    page = said(signed_in("reviewer").get(f"{DESK}{deposit.pk}/change/"))

    assert f"sha256sum {deposit.name}" in page
    assert f"manage.py verify_archive {deposit.name}" in page
    assert deposit.sha256 in page
    assert deposit.ledger_head in page
    assert "Whole and unaltered when last verified" in page


def test_a_public_deposit_is_offered_and_taken_off_again(client, store):
    reviewer, deposit = signed_in("reviewer"), made("public")
    assert deposit.name not in said(client.get("/data/"))

    reviewer.post(f"{DESK}{deposit.pk}/do/offer/")
    assert deposit.name in said(client.get("/data/"))
    answer = client.get(f"/data/deposits/{deposit.ref}/")
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == deposit.sha256
    reviewer.post(f"{DESK}{deposit.pk}/do/withhold/")
    assert deposit.name not in said(client.get("/data/"))
    assert client.get(f"/data/deposits/{deposit.ref}/").status_code == 404
    assert list((store / "deposits").iterdir()) == []
    assert making.kept(deposit) is not None


def test_a_full_deposit_is_not_offered_by_any_address():
    administrator, deposit = signed_in("administrator"), made("full", "full")
    answer = administrator.post(f"{DESK}{deposit.pk}/do/offer/", follow=True)

    assert "Only a public deposit that is kept here can be offered" in said(answer)
    assert not Deposit.objects.get().file


def test_what_changes_something_is_asked_by_post_of_those_who_may():
    reviewer, administrator, contributor = map(signed_in, ("reviewer", "administrator", "contributor"))
    full, order = made("full", "full"), ordered("order", "full")
    addresses = [f"{DESK}{full.pk}/do/check/", f"{DESK}making/{order}/do/make/", f"{DESK}making/{order}/do/discard/"]

    for address in addresses:
        assert administrator.get(address).status_code == 405
        assert reviewer.post(address).status_code == 403
        assert contributor.post(address).status_code == 403
    assert administrator.post(f"{DESK}{full.pk}/do/nothing/").status_code == 404
    assert administrator.get(f"{DESK}making/nothing/").status_code == 404
    administrator.post(addresses[2])
    assert not making.folder_of(order).exists()


def test_an_order_that_was_not_made_is_listed_with_the_reason(store):
    reviewer, order = signed_in("reviewer"), ordered("order")
    making.background.Telling(making.folder_of(order), "make", "Making", None).ended(["The disk is <full>."])

    assert "order-public.tar" in said(reviewer.get(DESK))
    page = said(reviewer.get(f"{DESK}making/{order}/"))
    assert "No deposit was made" in page
    assert "The disk is &lt;full&gt;." in page
    assert reviewer.get(f"{DESK}making/{order}/progress/").json()["busy"] is False
