"""The way to the reading room: submit, return, publish, withdraw, merge, reopen, each confirmed on a page of its own."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from heritage.catalogue import closing
from heritage.catalogue import publish as door
from heritage.catalogue.release import Release
from heritage.registry import lifecycle
from heritage.registry.admin import seen
from heritage.registry.admin.differences import told as told_entries
from heritage.registry.admin.known import KnownSelect
from heritage.registry.admin.review import review_of
from heritage.registry.locking import hold_for_publication
from heritage.registry.models import Monument, Place, Relation, Term
from heritage.registry.models.sealing import refs_sealed_from
from heritage.registry.vocabulary import Stage, WithdrawalReason


def words(label, required=True, help_text=""):
    return forms.CharField(
        label=label,
        required=required,
        max_length=2000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
    )


class SubmitForm(forms.Form):
    """Nothing to fill in."""


class ReasonForm(forms.Form):
    """A reason for the journal."""

    reason = words(_("Reason"))


class PublishForm(forms.Form):
    """What is new, and the thought given to harm."""

    reason = words(_("What is new"), False, _("Readers see it in the history of the record."))
    checks = forms.MultipleChoiceField(
        label=_("What you checked"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Stays at the desk."),
    )
    harm_check = words(
        _("Harm check"), False, _("Could publication endanger people, the site or its objects? Stays at the desk.")
    )

    close_earlier = forms.BooleanField(
        label=_("Ask a second reviewer to close the earlier versions that show it"),
        required=False,
        initial=True,
        help_text=_("Until somebody has confirmed it, readers can open these versions."),
    )
    closing_class = forms.ChoiceField(
        label=_("Why they are closed, which readers see"), choices=WithdrawalReason, initial=WithdrawalReason.SAFETY
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["closing_class"].required = False
        checks = Term.objects.of("verification_check").in_use()
        self.fields["checks"].choices = [(term.code, term.label) for term in checks]


class WithdrawForm(forms.Form):
    """The class of the reason, for readers, and the reason, for the journal."""

    reason_class = forms.ChoiceField(label=_("Class of the reason, which readers see"), choices=WithdrawalReason)
    reason = words(_("Reason, for the journal"))


class MergeForm(forms.Form):
    """Into which monument, and why."""

    into = forms.ModelChoiceField(
        Monument.objects.exclude(stage=Stage.WITHDRAWN), label=_("The monument that stands"), required=True
    )
    reason = words(_("Reason"))


@dataclass(frozen=True)
class Verb:
    """One thing that can be decided about a record: in which stages, by whom, with which form."""

    title: str
    form: type
    stages: set
    reviewers_only: bool = True
    help: str = ""


VERBS = {
    "submit": Verb(_("Submit for review"), SubmitForm, {Stage.DRAFT}, False, _("A reviewer will look at it.")),
    "return": Verb(
        _("Return to the author"),
        ReasonForm,
        {Stage.IN_REVIEW, Stage.PUBLISHED},
        True,
        _("It becomes a draft again; a published record stays published."),
    ),
    "publish": Verb(_("Publish"), PublishForm, {Stage.DRAFT, Stage.IN_REVIEW, Stage.PUBLISHED}),
    "withdraw": Verb(
        _("Withdraw"),
        WithdrawForm,
        {Stage.PUBLISHED},
        True,
        _("Readers find a note in its place, with the class of the reason."),
    ),
    "merge": Verb(
        _("Merge into another"),
        MergeForm,
        {Stage.DRAFT, Stage.IN_REVIEW, Stage.PUBLISHED},
        True,
        _(
            "Its claims, names, locations and relations move to the other record; its reference leads there from now on."
        ),
    ),
    "reopen": Verb(_("Reopen"), ReasonForm, {Stage.WITHDRAWN}, True, _("It becomes a draft again.")),
}


def decisions_for(page, request, subject):
    """Return (title, address) of what this curator may decide about ``subject`` now."""
    address = f"admin:registry_{page.opts.model_name}_decide"
    return [
        (VERBS[name].title, reverse(address, args=[subject.pk, name]))
        for name in VERBS
        if is_open(page, request, subject, name)
    ]


def is_open(page, request, subject, name):
    """Tell whether this curator may do the verb ``name`` to ``subject`` as it stands."""
    verb = VERBS[name]
    if subject.stage not in verb.stages or getattr(subject, "merged_into_id", None):
        return False
    if name == "merge" and isinstance(subject, Place):
        return False
    if name == "publish" and subject.stage == Stage.DRAFT and settings.REVIEWERS_NEEDED:
        return False
    if name == "return" and subject.stage == Stage.PUBLISHED and subject.changed_at is None:
        return False
    return may(page, request, subject, verb)


def may(page, request, subject, verb):
    """Tell whether this curator has the permission that ``verb`` needs."""
    if verb.reviewers_only:
        return request.user.has_perm(f"registry.publish_{'place' if isinstance(subject, Place) else 'monument'}")
    return page.has_change_permission(request, subject)


def decide(page, request, subject, name):
    """Show the page on which ``name`` is confirmed, or do it. A refusal is told on the page and changes nothing."""
    if subject is None or name not in VERBS or (name == "merge" and isinstance(subject, Place)):
        raise Http404
    verb = VERBS[name]
    if not may(page, request, subject, verb):
        raise PermissionDenied
    form = form_for(page, verb, request.POST if request.method == "POST" else None, request.user)
    review = review_of(subject, request.user) if name == "publish" else None
    if review and not review.exposing:
        del form.fields["close_earlier"], form.fields["closing_class"]
    changed = []
    if request.method == "POST" and form.is_valid():
        last_seen = seen.read(request.POST.get("seen", ""), subject)
        try:
            told = perform_as_seen(page, name, subject, request.user, form.cleaned_data, last_seen)
        except lifecycle.Refused as refused:
            form.add_error(None, refused.reasons)
            subject.refresh_from_db()
            review = review_of(subject, request.user) if review else None
            if isinstance(refused, lifecycle.Stale) and last_seen:
                entries = seen.entries_since(last_seen, page.journal_refs(subject)).visible_to(request.user)
                changed = told_entries(entries, subject, refs_sealed_from(request.user))
        else:
            messages.success(request, told)
            return HttpResponseRedirect(page.address("change", subject))
    ready = lifecycle.readiness(subject, request.user) if name in {"submit", "publish"} else None
    context = {
        **page.admin_site.each_context(request),
        "title": verb.title,
        "opts": page.opts,
        "original": subject,
        "verb": verb,
        "form": form,
        "media": page.media + form.media,
        "readiness": ready,
        "review": review,
        "changed": changed,
        "seen": seen.mark(subject, page.journal_refs(subject), review.digest if review else ""),
        "back_url": page.address("change", subject),
        "preview_url": page.address("preview", subject),
    }
    return TemplateResponse(request, "registry/decision.html", context)


@transaction.atomic
def perform_as_seen(page, name, subject, by, given, last_seen):
    """Do the verb if the record is still as it was when the page was shown; return the sentence that says what was done.

    Raises Refused, or Stale where it is not.
    """
    hold_for_publication()
    if name == "publish":
        is_seen = last_seen is not None and last_seen.digest
    else:
        is_seen = last_seen is not None and not seen.entries_since(last_seen, page.journal_refs(subject)).exists()
    if not is_seen:
        raise lifecycle.Stale(
            [_g("The record has changed since you opened this page. Nothing was done; look at it again.")]
        )
    return perform(name, subject, by, given, last_seen.digest)


def form_for(page, verb, given, user):
    """Return the form of ``verb``, with autocomplete where it picks a monument."""
    form = verb.form(given)
    if "into" in form.fields:
        form.fields["into"].queryset = form.fields["into"].queryset.visible_to(user)
        widget = KnownSelect(Relation._meta.get_field("other"), page.admin_site)
        form.fields["into"].widget = widget
        widget.choices, widget.is_required = form.fields["into"].choices, True
    return form


def perform(name, subject, by, given, digest):
    """Do the verb; return the sentence that says what was done. ``digest``: what the reviewer saw of a publication."""
    reason = given.get("reason", "")
    if name == "submit":
        lifecycle.submit(subject, by)
        return _g("“%(record)s” is with the reviewers.") % {"record": subject}
    if name == "return":
        lifecycle.return_(subject, by, reason)
        return _g("“%(record)s” went back to its author.") % {"record": subject}
    if name == "reopen":
        lifecycle.reopen(subject, by, reason)
        return _g("“%(record)s” is a draft again.") % {"record": subject}
    if name == "withdraw":
        door.withdraw(subject, by, given["reason_class"], reason)
        return _g("“%(record)s” was withdrawn.") % {"record": subject}
    if name == "merge":
        door.merge(subject, given["into"], by, reason)
        return _g("“%(record)s” was merged into “%(other)s”.") % {"record": subject, "other": given["into"]}
    exposing = Release(subject).exposing if given.get("close_earlier") else []
    editions = door.publish([subject], by, reason, given["harm_check"], given["checks"], seen=digest)
    own = [edition.version for edition in editions if edition.ref == subject.ref]
    if own and given.get("close_earlier"):
        return published_and_asked(subject, by, own[0], given["closing_class"] or WithdrawalReason.SAFETY, exposing)
    if own:
        return _g("“%(record)s” is published as version %(version)d.") % {"record": subject, "version": own[0]}
    return _g("“%(record)s” reads as before; no new version was needed.") % {"record": subject}


def published_and_asked(subject, by, version, reason_class, exposing):
    """Ask for the closing of the versions ``exposing``; return the sentence that says what was done."""
    about = (subject._meta.concrete_model._meta.model_name, subject.ref)
    closing.request_closure(exposing, by, reason_class, _g("They show what version %d hides.") % version, about=about)
    return _g(
        "“%(record)s” is published as version %(version)d. A second reviewer has to confirm the closing of its earlier "
        "versions; until then readers can open them."
    ) % {"record": subject, "version": version}
