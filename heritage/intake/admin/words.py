"""Words that no mapping guesses: each gets one of our codes, is said to mean nothing, or waits."""

import re
import tomllib

import tomli_w
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from heritage.intake import mapping as mappings
from heritage.intake.admin.steps import MAPPING, OPEN
from heritage.intake.admin.wording import frequent, title_of
from heritage.intake.fitting import VOCABULARIES, known_codes, picks
from heritage.intake.models import Mapping
from heritage.registry.models import Place, Term
from heritage.registry.vocabulary import VALUES_OF_ASPECT, Certainty, Kind, Probability

MOST = 200  # words on one page, the most frequent; those that are left come next
MOST_CHOICES = 20_000  # of all of them together, so that a page with thousands of places can be used
NOTHING = "-"
PLACE = re.compile(r"\[+(?P<table>\w+)\]+(?: (?P<number>\d+))? (?P<key>\w+)")


class WordsForm(forms.Form):
    """A choice for each word without a code."""

    def __init__(self, mapping, unmapped, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.places, self.user = [], user
        found = {pick.where: (rules, name, pick) for rules, name, pick in picks(mapping)}
        for place, counted in unmapped.items():
            if place in found:
                self.add_place(place, counted, *found[place])

    def add_place(self, place, counted, rules, name, pick):
        """Add the fields of one place in the mapping."""
        choices = [("", _("decide later")), (NOTHING, _("says nothing to us")), *labelled(rules, name, self.user)]
        at = len(self.places)
        listed = frequent(counted)
        most = max(min(MOST, MOST_CHOICES // len(choices)), 5)
        same = namesakes(choices) if name == "place" else {}
        fields = []
        for number, (word, times) in enumerate(listed[:most]):
            self.fields[f"word-{at}-{number}"] = forms.ChoiceField(
                label=word, choices=choices, required=False, initial=same.get(word, "")
            )
            fields.append((f"word-{at}-{number}", word, times))
        self.fields[f"rest-{at}"] = forms.ChoiceField(
            label=_g("Rows with a word that has no code"),
            choices=[("refuse", _("are refused")), ("leave_out", _("come without it; the word is told in the plan"))],
            initial=pick.unmapped,
        )
        self.places.append(
            {
                "place": place,
                "title": title_of(rules, name, pick),
                "fields": fields,
                "rest": f"rest-{at}",
                "more": max(len(listed) - most, 0),
                "is_place": name == "place",
            }
        )

    def shown(self):
        """Return the places with their bound fields."""
        return [
            {**one, "words": [(self[field], times) for field, _word, times in one["fields"]], "rest": self[one["rest"]]}
            for one in self.places
        ]

    def chosen(self):
        """Yield (place, {word: code}, [words that say nothing], what happens to the rest)."""
        for one in self.places:
            given = {
                word: self.cleaned_data[field] for field, word, _times in one["fields"] if self.cleaned_data[field]
            }
            codes = {word: code for word, code in given.items() if code != NOTHING}
            yield one["place"], codes, [word for word in given if word not in codes], self.cleaned_data[one["rest"]]


def namesakes(choices):
    """Return {name: reference} of the places that are called as nobody else, to be looked at and kept."""
    found = {}
    for ref, label in choices[2:]:
        found.setdefault(label.rpartition(" (")[0], []).append(ref)
    return {name: refs[0] for name, refs in found.items() if len(refs) == 1}


def labelled(rules, name, user):
    """Return [(code, words)] of the codes that a pick may give, by their words."""
    codes = known_codes(rules, name) or set()
    fixed = {"certainty": Certainty, "probability": Probability, "value": VALUES_OF_ASPECT.get(rules.get("aspect"))}
    if name in fixed:
        return [(code, label) for code, label in fixed[name].choices if code in codes]
    if name == "kind" and codes <= set(Kind.values):
        return Kind.choices
    if name == "place":
        places = Place.objects.visible_to(user).order_by("label").values_list("ref", "label")
        return [(ref, f"{label} ({ref})") for ref, label in places]
    terms = Term.objects.of(VOCABULARIES[name]).in_use()
    return sorted(((term.code, str(term.label)) for term in terms), key=lambda pair: pair[1].casefold())


def words_page(page, request, batch):
    """Give codes to the words that the plan found without one; then plan again."""
    if not page.may(request, "add"):
        raise PermissionDenied
    unmapped = batch.report.get("unmapped", {})
    if batch.state not in OPEN or not unmapped:
        return page.to("change", batch)
    try:
        mapping = mappings.parse(batch.mapping_text, batch.mapping_name)
    except mappings.MappingFaulty as faulty:
        messages.error(request, " ".join(faulty.faults))
        return page.to("text", batch)
    form = WordsForm(mapping, unmapped, request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        batch.mapping_text = with_words(batch.mapping_text, form.chosen())
        batch.save(update_fields=["mapping_text"])
        Mapping.objects.update_or_create(
            name=batch.mapping_name, defaults={"text": batch.mapping_text, "changed_by": request.user}
        )
        return page.plan(request, batch)
    title = _g("Words without a code in %(file)s") % {"file": batch.file_name}
    return page.show(request, batch, "words", title, MAPPING, form=form)


def with_words(text, chosen):
    """Return the mapping ``text`` with what was ``chosen`` for its words, in the layout of the program."""
    tables = tomllib.loads(text)
    for place, codes, nothing, rest in chosen:
        table, number, key = PLACE.fullmatch(place).group("table", "number", "key")
        rules = tables[table][int(number) - 1] if number else tables[table]
        pick = rules[key]
        pick["words"] = {**pick.get("words", {}), **codes}
        if nothing:
            pick["ignored"] = [*pick.get("ignored", []), *nothing]
        pick["unmapped"] = rest
    return tomli_w.dumps(tables)
