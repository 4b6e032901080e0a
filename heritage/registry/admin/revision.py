"""Saving over a newer change is refused with both versions shown, unless the curator says so knowingly."""

from dataclasses import dataclass

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from heritage.registry.admin.known import is_key

SALT = "registry.revision"


@dataclass(frozen=True)
class Difference:
    """One field in which the newer version and what was typed differ, in words."""

    label: str
    theirs: str
    yours: str


def sealed(row):
    """Return the revision of ``row``, signed, for a hidden field."""
    return signing.dumps([row._meta.label_lower, row.pk, row.revision], salt=SALT)


def opened(text, row):
    """Return the revision in ``text``, or None when it was not sealed for ``row``."""
    try:
        label, pk, revision = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return revision if (label, pk) == (row._meta.label_lower, row.pk) else None


class RevisionForm(forms.Form):
    """The revision that the form started from, and the reason of the change for the journal."""

    started_from = forms.CharField(widget=forms.HiddenInput, required=False)
    save_over = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Reason for the change"), required=False, max_length=500, help_text=_("Kept in the journal.")
    )

    unsaved = ""  # why it could not be saved when it was sent before, in words

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflict = None
        self.expected_revision = getattr(self.instance, "revision", None)
        if self.is_revised():
            self.initial["started_from"] = sealed(self.instance)

    def is_revised(self):
        return self.instance.pk is not None and hasattr(self.instance, "revision")

    def clean(self):
        super().clean()
        if self.unsaved:
            raise ValidationError(self.unsaved, code="unsaved")
        if not self.is_revised():
            return
        accepted = (opened(self.data.get(name, ""), self.instance) for name in ("started_from", "save_over"))
        if self.instance.revision not in accepted:
            self.conflict = sealed(self.instance)
            raise ValidationError(
                _("Someone saved a newer version of this record since you opened it. Nothing was saved."), code="stale"
            )


def revised(form):
    """Return ``form`` with the revision that it started from."""
    return type(form.__name__, (RevisionForm, form), {"__doc__": form.__doc__})


def differences(form, formsets=()):
    """Return where the stored, newer version and what was typed differ."""
    found = list(of_form(form))
    for formset in formsets:
        for number, row in enumerate(formset.forms, 1):
            prefix = f"{capfirst(formset.model._meta.verbose_name)} {number}, "
            if row in formset.deleted_forms if formset.is_valid() else False:
                found.append(Difference(prefix.rstrip(", "), str(row.instance), gettext("(to be deleted)")))
            found += of_form(row, prefix)
    return found


def of_form(form, prefix=""):
    """Yield the differences of one form."""
    for name in form.changed_data:
        if name in ("started_from", "save_over", "reason", "DELETE"):
            continue
        bound = form[name]
        yield Difference(
            f"{prefix}{bound.label}", worded(bound.field, bound.initial), worded(bound.field, bound.value())
        )


def worded(field, value):
    """Return a form value in words."""
    if value in (None, "", []):
        return gettext("(empty)")
    values = value if isinstance(value, list | tuple) else [value]
    if isinstance(field, forms.ModelChoiceField):
        keys = [getattr(one, "pk", one) for one in values]
        known = [one for one in keys if is_key(one)]
        return ", ".join(sorted(str(row) for row in field.queryset.filter(pk__in=known)))
    if isinstance(field, forms.ChoiceField):
        labels = dict(flat(field.choices))
        return ", ".join(str(labels.get(str(one), one)) for one in values)
    if isinstance(field, forms.BooleanField):
        return gettext("yes") if value else gettext("no")
    return ", ".join(str(one) for one in values)


def flat(choices):
    """Yield (value, label) from choices that may be grouped."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from flat(label)
        else:
            yield str(value), label
