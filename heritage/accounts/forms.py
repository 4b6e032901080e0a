"""Forms of the accounts."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from heritage.registry.models import Journal
from heritage.registry.models.base import plain_text
from heritage.registry.models.journal import ACCOUNT
from heritage.registry.refs import is_well_formed

MANAGES = "change_user"


class LogInForm(AdminAuthenticationForm):
    """Name and password. A name that is longer than any account's is not looked up, nor kept as an attempt."""

    def clean_username(self):
        username = self.cleaned_data["username"]
        if len(username) > self.username_field.max_length:
            raise self.get_invalid_login_error()
        return username


class CodeForm(forms.Form):
    """A code of an app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )


class PasskeyForm(forms.Form):
    """A name for a passkey, and what the browser answers."""

    name = forms.CharField(
        label=_("Name"),
        max_length=64,
        initial=_("My passkey"),
        validators=[plain_text],
        help_text=_("For example the device it is kept on, so that you know it again."),
    )
    answer = forms.CharField(
        widget=forms.HiddenInput,
        max_length=100_000,
        error_messages={"required": _("The browser made no passkey. This page needs JavaScript for it.")},
    )


class EmailForm(forms.Form):
    """The address of somebody who has forgotten the password."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True})
    )


def permissions_of(user):
    """Return the names of what ``user`` may do, also if the account is closed."""
    if user.is_superuser:
        return named(Permission.objects.all())
    return named(Permission.objects.filter(Q(user=user) | Q(group__user=user)))


def named(permissions):
    return {f"{app}.{code}" for app, code in permissions.values_list("content_type__app_label", "codename")}


def may_manage(by, user):
    """Tell whether ``by`` may change the account ``user``: nobody changes one that may do more."""
    return by.is_superuser or (not user.is_superuser and permissions_of(user) <= permissions_of(by))


def groups_to_give(by):
    """Return the groups that ``by`` may put others into: those that can do nothing that ``by`` cannot."""
    if by.is_superuser:
        return Group.objects.all()
    own = permissions_of(by)
    given = [one.pk for one in Group.objects.all() if named(one.permissions.all()) <= own]
    return Group.objects.filter(pk__in=given)


class Groups:
    """A form whose ``groups`` are those that ``by`` may give. ``by`` is set by the page."""

    by = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "groups" in self.fields:
            self.fields["groups"].queryset = groups_to_give(self.by)
            self.fields["groups"].widget = forms.CheckboxSelectMultiple(choices=self.fields["groups"].choices)
            self.fields["groups"].help_text = ""


class InvitationForm(Groups, forms.ModelForm):
    """A new account. It has no password until its link was used."""

    class Meta:
        model = get_user_model()
        fields = ["username", "email", "groups"]
        help_texts = {
            "username": _("It cannot be changed later: the journal keeps it. Letters, digits and @ . + - _ only."),
            "email": _("The link to choose a password is sent there, where the register can send mail."),
        }

    def clean_username(self):
        """Refuse a name that stands for somebody else in the journal, or for a record."""
        username = self.cleaned_data["username"]
        users = get_user_model().objects
        if users.filter(username__iexact=username).exists():
            raise ValidationError(_g("There is an account with this name. Capitals make no difference."))
        was = Journal.objects.filter(Q(who__iexact=username) | Q(subject_kind=ACCOUNT, subject_ref__iexact=username))
        if is_well_formed(username) or was.exclude(verb__in=["log_in_failed", "lock_out"]).exists():
            raise ValidationError(_g("The journal has this name already, for somebody else. Choose another one."))
        return username


class AccountForm(Groups, forms.ModelForm):
    """An account that is there."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False, validators=[plain_text])

    class Meta:
        model = get_user_model()
        fields = ["email", "first_name", "last_name", "groups", "is_active"]
        labels = {"is_active": _("Open")}
        help_texts = {
            "username": _("It cannot be changed: the journal keeps it."),
            "groups": "",
            "is_active": _("Close an account instead of deleting it: who did what must stay known."),
        }

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.keeps_managing() and not others_manage(self.instance):
            raise ValidationError(
                _g(
                    "This is the last account that can manage accounts. Make another administrator before you change it."
                )
            )
        return cleaned

    def keeps_managing(self):
        """Tell whether the account manages accounts after the change, or did not before."""
        user = self.instance
        if not managers().filter(pk=user.pk).exists():
            return True
        told = {
            name: self.cleaned_data.get(name, getattr(user, name)) for name in ("is_active", "is_superuser", "is_staff")
        }
        groups = self.cleaned_data.get("groups")
        groups = user.groups.all() if groups is None else groups
        direct = self.cleaned_data.get("user_permissions")
        direct = user.user_permissions.all() if direct is None else direct
        manages = any(one.codename == MANAGES for one in direct) or any(
            group.permissions.filter(codename=MANAGES).exists() for group in groups
        )
        return told["is_active"] and told["is_staff"] and (told["is_superuser"] or manages)


def managers():
    """Return the open accounts that manage accounts."""
    manages = Q(user_permissions__codename=MANAGES) | Q(groups__permissions__codename=MANAGES) | Q(is_superuser=True)
    return get_user_model().objects.filter(manages, is_active=True, is_staff=True).distinct()


def others_manage(user):
    """Tell whether another account than ``user`` manages accounts; none of them changes until the transaction ends."""
    keys = sorted(managers().values_list("pk", flat=True))
    list(get_user_model().objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    return managers().exclude(pk=user.pk).exists()


class ReasonForm(forms.Form):
    """Why something is done to another person's account."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        validators=[plain_text],
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("It stands in the journal."),
    )
