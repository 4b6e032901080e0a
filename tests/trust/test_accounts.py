"""Who may change which account: nobody more than they have themselves, and never the own one."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import NoReverseMatch, reverse

from heritage.accounts.forms import AccountForm
from heritage.registry.models import Journal
from tests.registry.conftest import signed_in
from tests.registry.make import make_user
from tests.registry.test_admin import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return signed_in("administrator")


@pytest.fixture
def superuser():
    client = signed_in(None)
    User.objects.filter(pk=client.user.pk).update(is_superuser=True)
    client.user.refresh_from_db()
    return client


def change(client, user, **fields):
    groups = list(user.groups.values_list("pk", flat=True))
    form = {"email": user.email, "first_name": "", "last_name": "", "groups": groups, "is_active": "on"} | fields
    return client.post(
        reverse("admin:auth_user_change", args=[user.pk]), {k: v for k, v in form.items() if v is not None}
    )


def state(user):
    fresh = User.objects.get(pk=user.pk)
    return (
        fresh.username,
        fresh.email,
        fresh.is_active,
        fresh.is_staff,
        fresh.is_superuser,
        sorted(fresh.groups.values_list("name", flat=True)),
        fresh.user_permissions.count(),
        fresh.password,
    )


RAISED = {"is_superuser": "on", "is_staff": "on", "username": "other", "password": "pbkdf2_sha256$x"}


def test_an_administrator_does_not_raise_the_own_account(administrator):
    group = Group.objects.create(name="everything")
    group.permissions.set(Permission.objects.all())
    before = state(administrator.user)

    change(
        administrator,
        administrator.user,
        groups=[group.pk],
        user_permissions=list(Permission.objects.values_list("pk", flat=True)),
        is_active=None,
        **RAISED,
    )

    assert state(administrator.user) == before


def test_an_administrator_does_not_make_others_superusers_or_give_single_permissions(administrator):
    curator = make_user("contributor", is_staff=True)
    before = state(curator)

    change(administrator, curator, user_permissions=[Permission.objects.first().pk], **RAISED)

    assert state(curator) == before


def test_nobody_gives_a_group_that_may_do_more_than_they(administrator):
    group = Group.objects.create(name="everything")
    group.permissions.set(Permission.objects.all())
    curator = make_user("contributor")

    shown = administrator.get(reverse("admin:auth_user_change", args=[curator.pk]))
    answer = change(administrator, curator, groups=[group.pk])
    invited = administrator.post(reverse("admin:auth_user_add"), {"username": "jane", "groups": [group.pk]})

    assert "everything" not in str(shown.context["adminform"].form["groups"])
    assert "is not one of the available choices" in text_of(answer)
    assert "is not one of the available choices" in text_of(invited)
    assert not User.objects.filter(username="jane").exists()


def test_an_administrator_gives_the_groups_of_the_desk(administrator):
    curator = make_user("contributor")

    change(administrator, curator, groups=[Group.objects.get(name="reviewer").pk])

    assert [group.name for group in curator.groups.all()] == ["reviewer"]


@pytest.mark.parametrize("what", ["change", "link", "reset-second-factor", "unlock"])
@pytest.mark.parametrize("is_active", [True, False])
def test_an_administrator_does_nothing_to_an_account_that_may_do_more(administrator, what, is_active):
    higher = make_user(None, is_superuser=True, email="root@example.org", is_active=is_active)
    direct = make_user("contributor", is_active=is_active)
    direct.user_permissions.add(Permission.objects.get(codename="delete_user"))

    for user in (higher, direct):
        before = state(user)
        form = {"email": "mine@example.org", "reason": "Because"}
        answer = administrator.post(f"/admin/auth/user/{user.pk}/{what}/", form)
        assert answer.status_code == 403
        assert state(user) == before
    assert administrator.get(reverse("admin:auth_user_change", args=[higher.pk])).status_code == 200


def test_a_superuser_makes_another(superuser):
    curator = make_user("contributor")

    change(superuser, curator, is_superuser="on", is_staff="on")

    assert User.objects.get(pk=curator.pk).is_superuser


def test_a_superuser_does_not_lower_or_close_the_own_account_by_mistake(superuser):
    before = state(superuser.user)

    change(superuser, superuser.user, is_active=None)

    assert state(superuser.user) == before


@pytest.mark.parametrize("fields", [{"is_active": ""}, {"groups": []}], ids=["closed", "out of the group"])
def test_two_administrators_who_close_one_another_at_the_same_moment_leave_one(fields):
    one, other = make_user("administrator"), make_user("administrator")
    groups = list(one.groups.values_list("pk", flat=True))

    class Form(AccountForm):
        by = other

    def form():
        return Form({"email": "", "groups": groups, "is_active": "on"} | fields, instance=User.objects.get(pk=one.pk))

    assert form().is_valid()
    User.objects.filter(pk=other.pk).update(is_active=False)  # what one of them did meanwhile
    assert form().errors["__all__"] == [
        "This is the last account that can manage accounts. Make another administrator before you change it."
    ]


def test_two_administrators_do_not_close_one_another(administrator):
    other = signed_in("administrator")
    change(administrator, other.user, is_active=None)

    answer = change(other, administrator.user, is_active=None)

    assert answer.status_code in {302, 403}
    assert state(administrator.user)[2] is True


def test_a_name_is_not_changed_and_an_account_not_deleted_by_anybody(administrator, superuser):
    curator = make_user("contributor")

    for client in (administrator, superuser):
        change(client, curator, username="other")
        assert client.post(f"/admin/auth/user/{curator.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.get(pk=curator.pk).username == curator.username
    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_user_password_change", args=[curator.pk])


def test_a_closed_account_is_out_at_once(administrator):
    curator = signed_in("contributor")

    change(administrator, curator.user, is_active=None)

    assert curator.get("/admin/").headers["Location"] == "/admin/login/?next=/admin/"


def test_only_superusers_change_what_a_group_may_do(administrator, superuser):
    group = Group.objects.get(name="administrator")
    form = {"name": "administrator", "permissions": list(Permission.objects.values_list("pk", flat=True))}
    address = reverse("admin:auth_group_change", args=[group.pk])

    refused = administrator.post(address, form)
    number = group.permissions.count()
    allowed = superuser.post(address, form)

    assert (refused.status_code, allowed.status_code) == (403, 302)
    assert number < group.permissions.count() == Permission.objects.count()
    entry = Journal.objects.get(verb="change_group")
    assert (entry.who, entry.subject_ref) == (superuser.user.username, "administrator")


@pytest.mark.parametrize("model", ["otp_totp_totpdevice", "otp_static_staticdevice", "axes_accessattempt"])
def test_no_page_of_a_library_shows_the_secrets_of_accounts(model):
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{model}_changelist")


@pytest.mark.parametrize("group", ["contributor", "reviewer"])
def test_accounts_are_nobody_elses_business(group):
    client, other = signed_in(group), make_user("contributor")

    statuses = {
        client.get(address).status_code
        for address in (
            reverse("admin:auth_user_changelist"),
            reverse("admin:auth_user_add"),
            *(
                f"/admin/auth/user/{other.pk}/{what}/"
                for what in ("change", "link", "unlock", "reset-second-factor", "history")
            ),
        )
    }

    assert statuses == {403}


@pytest.mark.parametrize("size", [1, 30])
def test_the_list_of_accounts_costs_the_same_however_long(administrator, size, django_assert_num_queries):
    for _number in range(size):
        make_user("contributor")

    with django_assert_num_queries(9):
        administrator.get(reverse("admin:auth_user_changelist"))
