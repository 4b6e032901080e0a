"""What is asked of whoever makes a deposit."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from heritage.archive import making, withheld
from heritage.archive.exporting import named_custodians
from heritage.archive.models import Deposit
from heritage.registry.models.base import plain_text
from heritage.registry.steps import Refused

LEVELS = [
    ("public", _("Public: what readers see, and nothing else")),
    ("full", _("Full: the whole desk, with drafts, exact positions and the journal")),
]
CUSTODIAN = {"required": False, "validators": [plain_text, MaxLengthValidator(150)]}


class DepositForm(forms.ModelForm):
    """A deposit to be made. ``may_full``: whoever fills it in may deposit the whole desk."""

    level = forms.ChoiceField(label=_("Level"), widget=forms.RadioSelect, initial="public")
    media = forms.BooleanField(label=_("With held files"), required=False, initial=True)
    site = forms.BooleanField(
        label=_("With all public pages"),
        required=False,
        initial=True,
        help_text=_("To be read from a disk, without a server. On a large register they take most of the time."),
    )
    ending = forms.ChoiceField(
        label=_("As one file"), choices=[(".tar", _("tar")), (".zip", _("zip"))], help_text=_("Nothing is compressed.")
    )
    offer = forms.BooleanField(
        label=_("Offer it to readers"),
        required=False,
        help_text=_("On the page “Data and licence”; public deposits only."),
    )
    first_custodian = forms.CharField(
        label=_("First custodian"),
        help_text=_(
            "Only where the desk holds what is sealed: the names of two accounts that are custodians of all of it, one of "
            "them yours. They keep the deposit."
        ),
        **CUSTODIAN,
    )
    second_custodian = forms.CharField(label=_("Second custodian"), **CUSTODIAN)

    class Meta:
        model = Deposit
        fields = ["level", "for_whom", "previous"]
        labels = {"for_whom": _("For whom"), "previous": _("Only what is new since")}
        help_texts = {
            "for_whom": _("The archive that it is made for."),
            "previous": _(
                "Left empty: the whole register. A deposit that adds to another is read together with that one."
            ),
        }

    field_order = [
        "level", "for_whom", "previous", "media", "site", "ending", "offer", "first_custodian", "second_custodian"
    ]  # fmt: skip

    def __init__(self, *args, may_full=False, by=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["level"].choices = LEVELS if may_full else LEVELS[:1]
        self.fields["previous"].queryset = self.addable(may_full)
        self.fields["previous"].empty_label = _("– nothing: the whole –")
        if not may_full:
            del self.fields["first_custodian"], self.fields["second_custodian"]

    @staticmethod
    def addable(may_full):
        """Return the whole deposits that are kept here, to which another may add."""
        found = Deposit.objects.filter(previous=None, level__in=["public", "full"] if may_full else ["public"])
        return found.filter(pk__in=[made.pk for made in found if making.kept(made)])

    def clean(self):
        given = super().clean()
        level, previous = given.get("level"), given.get("previous")
        if given.get("offer") and level != "public":
            self.add_error("offer", _("Only a public deposit can be offered to readers."))
        if previous and previous.level != level:
            self.add_error("previous", _("That deposit is of the other level. Choose one of this level."))
        if level == "full":
            self.clean_custodians(given)
        return given

    def clean_custodians(self, given):
        names = [given.get(name, "") for name in ("first_custodian", "second_custodian")]
        try:
            given["custodians"] = named_custodians(names if any(names) else [])
        except Refused as refused:
            self.add_error("second_custodian", refused.reasons[0])
            return
        if not any(withheld.sealed()):
            return
        if not given["custodians"]:
            told = _("The desk holds what is sealed. A full deposit of it is kept by two custodians: name both.")
            self.add_error("first_custodian", told)
        elif wrong := list(withheld.not_kept_by(given["custodians"])):
            self.add_error("second_custodian", wrong)
        elif self.by is not None and self.by.get_username() not in given["custodians"]:
            self.add_error("first_custodian", _("Only a custodian makes such a deposit: name your own account as one."))

    def choices(self):
        """Return what is ordered, as ``making.order`` takes it."""
        given = self.cleaned_data
        plain = {name: given[name] for name in ("level", "ending", "for_whom", "media", "site", "offer")}
        previous = given["previous"].ref if given["previous"] else ""
        return plain | {"previous": previous, "custodians": list(given.get("custodians", ()))}
