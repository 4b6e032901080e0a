"""Pages of one's own account: the second factor, a new password, and what was typed before a session ended."""

from django.contrib import admin, messages
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from heritage.accounts import passkeys
from heritage.accounts import second_factor as factor
from heritage.accounts.forms import CodeForm, EmailForm, PasskeyForm
from heritage.accounts.journal import note, note_failure
from heritage.accounts.links import send_forgotten, tokens
from heritage.accounts.sessions import HELD
from heritage.accounts.throttling import unlock

NOT_PROVED = gettext_lazy("That did not work. Try again, or use another way.")


def show(request, template, title, status=None, **context):
    shared = {**admin.site.each_context(request), "title": title, "next": request.GET.get("next", "")}
    return TemplateResponse(request, f"accounts/{template}.html", {**shared, **context}, status=status)


def wanted(request):
    """Return the address that somebody wanted to see before, on this host."""
    after = request.GET.get("next", "")
    is_safe = url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure())
    return after if is_safe else reverse("admin:index")


def onward(request):
    return HttpResponseRedirect(wanted(request))


# The second factor


def second_factor(request):
    """Show what the account has, and what can be set up."""
    app = factor.app_of(request.user)
    own = list(factor.passkeys_of(request.user))
    context = {
        "app": app,
        "passkeys": own,
        "codes_left": factor.codes_left(request.user),
        "is_required": factor.is_required(request.user),
        "is_set_up": bool(app or own),
        "may_remove": not factor.is_required(request.user) or len(own) + bool(app) > 1,
    }
    return show(request, "second_factor", _("Second factor"), **context)


def app(request):
    """Set up an authenticator app, in place of the one there may be."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = factor.confirm_app(request.user, form.cleaned_data["code"])
        if device:
            return set_up(request, device, factor.APP)
        form.add_error(
            "code", _("This is not the code that the app shows now. Check the clock of your phone and try again.")
        )
    device = factor.waiting_app(request.user)
    context = {"form": form, "secret": factor.secret_text(device), "qr_code": mark_safe(factor.qr_code(device))}  # noqa: S308 made of a secret of ours
    return show(request, "app", _("Set up an authenticator app"), **context)


def passkey(request):
    """Set up a passkey."""
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = passkeys.finish_registration(request, form.cleaned_data["answer"], form.cleaned_data["name"])
        except passkeys.Unaccepted:
            form.add_error(None, NOT_PROVED)
        else:
            note(request.user, "second_factor_set_up", after={"kind": made.name})
            return set_up(request, made, made.name)
    return show(request, "passkey", _("Set up a passkey"), form=form, options=passkeys.begin_registration(request))


def set_up(request, device, kind):
    """Go on after a device was set up: to the recovery codes where there are none yet."""
    factor.accept(request, device, kind)
    messages.success(request, _("The second factor is set up: %(kind)s.") % {"kind": kind})
    if factor.codes_left(request.user):
        return onward(request)
    return show_codes(request)


def codes(request):
    """Make new recovery codes."""
    if request.method == "POST" and factor.is_set_up(request.user):
        return show_codes(request)
    return show(request, "new_codes", _("New recovery codes"), codes_left=factor.codes_left(request.user))


def show_codes(request):
    """Show recovery codes, this once."""
    return show(request, "codes", _("Recovery codes"), codes=factor.make_codes(request.user), onward=wanted(request))


def remove_app(request):
    device = factor.app_of(request.user)
    return removal(request, device, factor.APP)


def remove_passkey(request, pk):
    device = get_object_or_404(factor.passkeys_of(request.user), pk=pk)
    return removal(request, device, device.name)


def removal(request, device, kind):
    """Ask, then take a device away; the last one stays where a second factor is required."""
    back = HttpResponseRedirect(reverse("admin:second_factor"))
    if device is None:
        return back
    others = len(factor.passkeys_of(request.user)) + (factor.app_of(request.user) is not None) - 1
    if factor.is_required(request.user) and not others:
        messages.error(request, _("Your account needs a second factor. Set up another one before you remove this one."))
        return back
    if request.method != "POST":
        return show(request, "remove", _("Remove “%(kind)s”?") % {"kind": kind}, kind=kind)
    factor.remove(request.user, device, kind)
    if request.user.otp_device == device and others:
        factor.give(request, factor.app_of(request.user) or factor.passkeys_of(request.user).first())
    factor.mark(request, request.user)
    messages.success(request, _("“%(kind)s” is removed.") % {"kind": kind})
    return back


def verify(request):
    """Ask for the second factor after the password."""
    if request.user.is_verified():
        return onward(request)
    own = factor.passkeys_of(request.user).exists()
    form = CodeForm(request.POST if "code" in request.POST else None)
    wrong = ""
    if "answer" in request.POST:
        try:
            used = passkeys.finish_authentication(request, request.POST["answer"])
            factor.accept(request, used, used.name)
            return onward(request)
        except passkeys.Unaccepted:
            wrong = NOT_PROVED
            note_failure(request.user.get_username(), "second_factor_failed")
    elif request.method == "POST" and form.is_valid():
        found = factor.matching(request.user, form.cleaned_data["code"])
        if found:
            factor.accept(request, *found)
            return onward(request)
        note_failure(request.user.get_username(), "second_factor_failed")
        form.add_error(
            "code", _("This code is not right, or was used before. After several wrong codes wait a few minutes.")
        )
    options = passkeys.begin_authentication(request) if own else None
    has_codes = bool(factor.app_of(request.user) or factor.codes_left(request.user))
    return show(request, "verify", _("Second factor"), form=form, options=options, has_codes=has_codes, wrong=wrong)


# Passwords


class SetPassword(PasswordResetConfirmView):
    """The page behind a link: a new password, chosen by nobody but the person."""

    template_name = "accounts/set_password.html"
    title = gettext_lazy("Choose a password")
    token_generator = tokens
    success_url = reverse_lazy("admin:login")

    def form_valid(self, form):
        answer = super().form_valid(form)
        note(self.user, "set_password")
        unlock(self.user)
        messages.success(self.request, _("Your password is set. Log in with it."))
        return answer

    def get_context_data(self, **context):
        found = super().get_context_data(**admin.site.each_context(self.request), **context)
        return found if self.validlink else {**found, "title": _("This link does not work")}


@never_cache
def forgotten_password(request):
    """Ask for an e-mail address; the answer is the same whoever asks."""
    form = EmailForm(request.POST or None)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent:
        send_forgotten(request, form.cleaned_data["email"])
    return show(request, "forgotten", _("Set a new password"), form=form, is_sent=is_sent)


# What was typed before a session ended


def held(request):
    """Offer what somebody had typed to be sent again, or to be forgotten."""
    posted = request.session.get(HELD)
    if posted and (posted["user"] != request.user.pk or request.method == "POST"):
        del request.session[HELD]
        posted = None
    if not posted:
        return HttpResponseRedirect(reverse("admin:index"))
    return show(request, "held", _("What you typed is still here"), held=posted)
