"""Accounts and groups at the desk. Nobody gives more than they have, sets another's password, or deletes an account."""

from axes.models import AccessAttempt
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from heritage.accounts import second_factor, throttling
from heritage.accounts.forms import AccountForm, InvitationForm, ReasonForm, groups_to_give, may_manage
from heritage.accounts.journal import note, note_group
from heritage.accounts.links import issue

User = get_user_model()
FOR_SUPERUSERS = ["is_staff", "is_superuser", "user_permissions"]

for table in (
    User,
    Group,
    TOTPDevice,
    StaticDevice,
    AccessAttempt,
):  # Django's and the libraries' own pages, which show secrets
    if admin.site.is_registered(table):
        admin.site.unregister(table)


def told(user):
    """Return what the journal keeps of an account."""
    return {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "open": user.is_active,
        "may_log_in_to_the_desk": user.is_staff,
        "superuser": user.is_superuser,
        "groups": sorted(user.groups.values_list("name", flat=True)),
        "permissions": sorted(str(one) for one in user.user_permissions.select_related("content_type")),
    }


def changed(before, after):
    """Return (before, after) with what differs only."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


@admin.register(User)
class AccountAdmin(admin.ModelAdmin):
    """Who may log in, in which groups."""

    actions = None
    list_display = ["username", "email", "groups_text", "is_active", "has_second_factor", "last_login"]
    list_filter = ["is_active", "groups"]
    search_fields = ["=username", "username", "email", "first_name", "last_name"]
    ordering = ["username"]
    change_form_template = "accounts/account.html"

    class Media:
        css = {"all": ["registry/desk.css", "accounts/accounts.css"]}

    def get_queryset(self, request):
        return second_factor.told_of(super().get_queryset(request)).prefetch_related("groups")

    @admin.display(description=_("groups"))
    def groups_text(self, user):
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description=_("second factor"), boolean=True)
    def has_second_factor(self, user):
        return user.has_second_factor

    # Who may

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.pk == request.user.pk or may_manage(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        return False

    def lookup_allowed(self, lookup, value, request=None):
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    # The form

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs["form"] = AccountForm if change else InvitationForm
        form = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["username", "email", "groups"]
        more = FOR_SUPERUSERS if request.user.is_superuser else []
        reason = ["reason"] if self.has_change_permission(request, obj) else []
        return ["username", "email", "first_name", "last_name", "groups", "is_active", *more, "last_login", *reason]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        fixed = ["username", "last_login"]
        if obj.pk == request.user.pk:  # nobody raises or closes the own account
            fixed += ["groups", "is_active", *FOR_SUPERUSERS]
        return fixed

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs["queryset"] = groups_to_give(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        if change:
            form.before = told(User.objects.get(pk=obj.pk))
        else:
            obj.is_staff = True
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change:
            before, after = changed(form.before, told(form.instance))
            if after:
                reason = form.cleaned_data.get("reason", "")
                note(form.instance, "change_account", request.user, reason=reason, before=before, after=after)
        else:
            note(form.instance, "make_account", request.user, after=told(form.instance))

    def response_add(self, request, obj, post_url_continue=None):
        return self.link_page(request, obj, "invite")

    def render_change_form(self, request, context, *args, **kwargs):
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        user = self.get_object(request, object_id)
        if user is not None and self.has_view_permission(request, user):
            extra_context = {**self.state_of(request, user), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra_context)

    def state_of(self, request, user):
        """Return what the page of an account tells, and which of its buttons there are."""
        is_own = user.pk == request.user.pk
        may = not is_own and self.has_change_permission(request, user)
        return {
            "is_own": is_own,
            "is_higher": not is_own and not may,
            "has_second_factor": second_factor.is_set_up(user),
            "has_password": user.has_usable_password(),
            "may_send_link": may and user.is_active,
            "may_reset": may and second_factor.is_set_up(user),
            "may_unlock": may and throttling.is_locked(user),
        }

    # What is done to an account

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/link/", view(self.send_link), name="auth_user_link"),
            path("<int:pk>/reset-second-factor/", view(self.reset_second_factor), name="auth_user_reset"),
            path("<int:pk>/unlock/", view(self.unlock), name="auth_user_unlock"),
            *super().get_urls(),
        ]

    def send_link(self, request, pk):
        user = self.of_another(request, pk)
        if not user.is_active:
            messages.error(request, _g("This account is closed. Open it before you send a link."))
            return self.back_to(user)
        form, reason = self.asked(request)
        if reason is None:
            return self.ask(request, user, form, _g("Send a link to set a new password"), "link")
        return self.link_page(request, user, "send_link", reason)

    def reset_second_factor(self, request, pk):
        user = self.of_another(request, pk)
        form, reason = self.asked(request)
        if reason is None:
            return self.ask(request, user, form, _g("Reset the second factor"), "reset")
        second_factor.reset(user, request.user, reason)
        messages.success(request, _g("The second factor of %(user)s is reset.") % {"user": user})
        return self.back_to(user)

    def unlock(self, request, pk):
        user = self.of_another(request, pk)
        form, reason = self.asked(request)
        if reason is None:
            return self.ask(request, user, form, _g("Unlock the account"), "unlock")
        throttling.unlock(user)
        note(user, "unlock", request.user, reason=reason)
        messages.success(request, _g("%(user)s can try to log in again.") % {"user": user})
        return self.back_to(user)

    def of_another(self, request, pk):
        """Return the account ``pk``, which is another one that this administrator may change. Raises: PermissionDenied."""
        user = self.get_object(request, str(pk))
        if user is None or user.pk == request.user.pk or not self.has_change_permission(request, user):
            raise PermissionDenied
        return user

    @staticmethod
    def asked(request):
        form = ReasonForm(request.POST or None)
        return form, form.cleaned_data["reason"] if request.method == "POST" and form.is_valid() else None

    def ask(self, request, user, form, title, what):
        return self.show(request, user, "accounts/ask.html", title, form=form, what=what)

    def link_page(self, request, user, verb, reason=""):
        """Show a new link, this once."""
        link, is_mailed = issue(request, user, verb, reason)
        return self.show(request, user, "accounts/link.html", _g("Hand this link over"), link=link, is_mailed=is_mailed)

    def show(self, request, user, template, title, **context):
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "original": user, "title": title}
        return TemplateResponse(request, template, {**shared, "media": self.media, **context})

    @staticmethod
    def back_to(user):
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[user.pk]))

    def history_view(self, request, object_id, extra_context=None):
        user = self.get_object(request, object_id)
        if user is None or not self.has_view_permission(request, user):
            raise PermissionDenied
        asked = urlencode({"subject_kind": "account", "q": user.get_username()})
        return HttpResponseRedirect(f"{reverse('admin:registry_journal_changelist')}?{asked}")


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin):
    """What each group may do. Only superusers change that."""

    actions = None
    list_display = ["name", "accounts"]
    search_fields = ["name"]
    ordering = ["name"]
    filter_horizontal = ["permissions"]

    @admin.display(description=_("open accounts"))
    def accounts(self, group):
        return group.user_set.filter(is_active=True).count()

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.queryset = field.queryset.select_related("content_type")
        return field

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser and (obj is None or not obj.user_set.exists())

    def save_model(self, request, obj, form, change):
        form.before = self.told(Group.objects.get(pk=obj.pk)) if change else None
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        before, after = changed(form.before or {}, self.told(form.instance))
        if after:
            note_group(
                form.instance, "change_group" if change else "make_group", request.user, "", before or None, after
            )

    def delete_model(self, request, obj):
        note_group(obj, "delete_group", request.user, before=self.told(obj))
        super().delete_model(request, obj)

    @staticmethod
    def told(group):
        names = group.permissions.select_related("content_type")
        return {"name": group.name, "permissions": sorted(str(one) for one in names)}
