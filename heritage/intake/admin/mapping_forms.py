"""The form by which a mapping is made column by column; as text see ``saved_forms``."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from heritage.intake.admin.saved_forms import SavedForm, words
from heritage.intake.date_words import SIGNS
from heritage.intake.drafting import CLAIMING, DATED, LEANS_ON, MANY, NAMES, PLAIN, ROLES, parts, text_of
from heritage.registry.models.name import LANGUAGE_TAG
from heritage.registry.vocabulary import ActorKind, Kind, Precision

ROLE_WORDS = dict(ROLES)
LINE_BREAK = "\\n"  # as it is written in the box for the sign between values


class MappingForm(SavedForm):
    """The mapping by columns: see ``drafting``."""

    title = words(_("What the mapping is for"), help_text=_("Such as “Lviv region: protected natural areas”."))
    supplier = words(
        _("Who made the list"),
        True,
        help_text=_("A body, never a private person. All that the list says becomes its claim."),
    )
    supplier_kind = forms.ChoiceField(label=_("What kind of body that is"), choices=[("", "–"), *ActorKind.choices])
    source = words(_("Title of the list"), True, help_text=_("Every claim cites it as its source."))
    licence = words(_("Licence"), True, size=30, help_text=_("Under which the list may be used, such as CC BY 4.0."))
    attribution = words(_("Whom the licence asks to name"), True)
    language = words(_("Language of the list"), size=12, help_text=_("A tag such as fr, uk or ar."))
    url = words(_("Where it is published"))
    list_date = words(
        _("Date of the list"),
        size=16,
        help_text=_("Such as 2014-10 or 2014, as EDTF. What it says without a date of its own was so then or before."),
    )
    scheme = words(
        _("Name of the numbering"),
        True,
        help_text=_("What its numbers are called. By them the next file finds its records again."),
    )
    repeated = forms.ChoiceField(
        label=_("A number in several rows"),
        required=False,
        choices=[
            ("", _("is refused where the rows differ")),
            ("join", _("is one record over several rows")),
        ],
    )
    label = words(
        _("Working title"),
        help_text=_("Columns in braces, such as {Name} ({Town}). Without it the column that is the name."),
    )
    record_kind = forms.ChoiceField(label=_("All its records are"), required=False, choices=Kind.choices)
    precision = forms.ChoiceField(
        label=_("How exactly readers see positions"), choices=Precision.choices, initial=Precision.KM1,
        help_text=_("Looting follows published coordinates; exact only where they are public already."),
    )  # fmt: skip
    empty = words(_("Words that mean nothing is said"), size=30, help_text=_("With a bar between: NULL|n/a|-"))
    date_languages = words(_("Languages of words in dates"), size=20, help_text=_("Such as fr, en; for “vers 1760”."))
    date_order = forms.ChoiceField(
        label=_("03/04/1975 is"),
        required=False,
        choices=[("", _("not in the list; refuse it")), ("dmy", _("3 April")), ("mdy", _("March 4"))],
    )
    window = words(_("Years of two digits lie in"), size=12, help_text=_("Such as 1930-2029; empty: refuse them."))
    geometry = forms.BooleanField(label=_("The geometry of each feature is its position"), required=False)

    def __init__(self, batch, looked, draft, *args, **kwargs):
        super().__init__(batch, looked, *args, **kwargs)
        self.draft = draft
        is_fresh = not batch.mapping_text
        self.initial |= {name: draft[name] for name in PLAIN if name in self.fields and (draft[name] or not is_fresh)}
        self.initial["record_kind"] = draft["record_kind"] or Kind.MONUMENT.value
        if looked.found.get("format") != "GeoJSON":
            del self.fields["geometry"]
        elif is_fresh:
            self.initial["geometry"] = True
        known = [one for one in draft["columns"] if one["column"] in looked.columns]
        for number, one in enumerate(known):
            self.add_column(number, one)
        self.columns = known

    def add_column(self, number, one):
        column = {"column": one["column"]}
        self.fields[f"role-{number}"] = forms.ChoiceField(
            label=_g("What “%(column)s” is") % column, choices=ROLES, required=False, initial=one["role"]
        )
        self.fields[f"language-{number}"] = words(
            _g("Language of “%(column)s”, or the list whose numbers it has") % column,
            size=8,
            initial=one["language"],
            max_length=80,
        )
        self.fields[f"separator-{number}"] = words(
            _g("Sign between several values in “%(column)s”") % column,
            size=3,
            initial=one["separator"].replace("\n", LINE_BREAK),
            max_length=10,
            strip=False,
        )

    def rows(self):
        """Yield what the table of columns shows."""
        for number, one in enumerate(self.columns):
            parts = [self[f"{name}-{number}"] for name in ("role", "language", "separator")]
            yield {
                "column": one["column"],
                "why": why(one),
                "samples": self.looked.samples(one["column"]),
                "parts": parts,
            }

    def about(self, *names):
        return [self[name] for name in names if name in self.fields]

    def about_supplier(self):
        return self.about(
            "supplier", "supplier_kind", "source", "licence", "attribution", "language", "url", "list_date"
        )

    def about_records(self):
        return self.about("scheme", "repeated", "label", "record_kind", "precision", "geometry")

    def about_reading(self):
        return self.about("empty", "date_languages", "date_order", "window")

    def about_saving(self):
        return self.about("title", "name", "replace")

    # What was said

    def chosen_columns(self):
        return [
            {
                "column": one["column"],
                **{name: self.cleaned_data.get(f"{name}-{number}", "") for name in ("role", "language")},
                "separator": self.cleaned_data.get(f"separator-{number}", "").replace(LINE_BREAK, "\n"),
            }
            for number, one in enumerate(self.columns)
        ]

    def clean_date_languages(self):
        given = self.cleaned_data["date_languages"]
        if unknown := [one for one in parts(given, ",") if one not in SIGNS]:
            told = {"unknown": ", ".join(unknown), "known": ", ".join(sorted(SIGNS))}
            raise ValidationError(_g("The words of %(known)s are known, those of %(unknown)s are not."), params=told)
        return given

    def clean_window(self):
        given = self.cleaned_data["window"].replace("–", "-").strip()
        years = given.split("-") if given else []
        if years and (len(years) != 2 or not all(year.strip().isdecimal() and len(year.strip()) < 5 for year in years)):
            raise ValidationError(_g("Give two years, such as 1930-2029."))
        return given

    def clean(self):
        columns = self.chosen_columns()
        undated = [] if self.cleaned_data.get("list_date") else without_date(columns)
        for fault in [*roles_amiss(columns), *undated]:
            self.add_error(None, fault)
        for number, one in enumerate(columns):
            if one["role"] in NAMES and one["language"] and not LANGUAGE_TAG.match(one["language"]):
                self.add_error(
                    f"language-{number}", _g("Write the language as a tag, such as “fr”, “hy” or “az-Cyrl”.")
                )
        if not self.cleaned_data.get("label"):
            named = next((one["column"] for role in NAMES for one in columns if one["role"] == role), "")
            if named:
                self.cleaned_data["label"] = f"{{{named}}}"
            else:
                self.add_error("label", _g("No column is the name. Say which columns make the working title."))
        return super().clean()

    def written(self):
        return text_of(self.as_draft())

    def as_draft(self):
        """Return the draft that was filled in; what is not asked here is as it was."""
        given = {name: self.cleaned_data[name] for name in PLAIN if name in self.cleaned_data}
        chosen = {name: str(value) for name, value in self.batch.chosen.items()}
        choices = {
            "form": self.draft["form"],
            **{name: chosen.get(name, self.draft[name]) for name in ("encoding", "delimiter", "sheet", "header")},
        }
        if given.get("record_kind") == Kind.MONUMENT:
            given["record_kind"] = ""
        return {**self.draft, **choices, **given, "columns": self.chosen_columns()}


def without_date(columns):
    """Yield a sentence for each role that has no date; to be asked where the list has none either."""
    given = {one["role"] for one in columns}
    for role, date in DATED.items():
        if role in given and date not in given:
            told = {"role": ROLE_WORDS[role], "date": ROLE_WORDS[date]}
            yield _g("“%(role)s” needs a date: say the date of the list, or which column is “%(date)s”.") % told


def why(one):
    """Return in words why a role is suggested for a column; nothing where none is."""
    told = one.get("why", "")
    return _g("its name") if told.startswith("its name") else told


def roles_amiss(columns):
    """Yield a sentence for each role that is missing, given twice, or says nothing without another."""
    given = [one["role"] for one in columns]
    if "identifier" not in given:
        yield _g("Say which column is the number or key: by it the next file finds its records again.")
    for role in dict.fromkeys(given):
        if role not in MANY and given.count(role) > 1:
            both = ", ".join(f"“{one['column']}”" for one in columns if one["role"] == role)
            yield _g("Only one column can be “%(role)s”; now it is %(columns)s.") % {
                "role": ROLE_WORDS[role],
                "columns": both,
            }
        if role in LEANS_ON and LEANS_ON[role] not in given:
            told = {"role": ROLE_WORDS[role], "other": ROLE_WORDS[LEANS_ON[role]]}
            yield _g("“%(role)s” says nothing without a column that is “%(other)s”.") % told
    if "reference" in given and not CLAIMING & set(given):
        yield _g(
            "“%(role)s” is cited by what the list says of condition, use, legal state or building; no column is any of these."
        ) % {"role": ROLE_WORDS["reference"]}
