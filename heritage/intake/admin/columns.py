"""The second step: a mapping, made from what the columns are, or written as text."""

import tomli_w
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from heritage.intake import schema
from heritage.intake.admin.files import chosen_by, look
from heritage.intake.admin.mapping_forms import MappingForm
from heritage.intake.admin.saved_forms import TextForm
from heritage.intake.admin.steps import MAPPING, OPEN
from heritage.intake.admin.wording import slots_in_words
from heritage.intake.beside import Beside
from heritage.intake.composing import Composer
from heritage.intake.drafting import PLAIN, SIGN, tables_of
from heritage.intake.mapping import MappingFaulty, parse
from heritage.intake.planning import choices_of
from heritage.intake.readers import Unreadable
from heritage.intake.rereading import draft_of
from heritage.intake.suggesting import suggest
from heritage.intake.uploads import main_file
from heritage.registry.models import Name, Place
from heritage.registry.vocabulary import AccessLevel

PREVIEWED = 5


def mapping_page(page, request, batch):
    """Ask what each column is; show what the first rows would become; save and plan."""
    if not page.may(request, "add"):
        raise PermissionDenied
    if batch.state not in OPEN:
        return page.to("change", batch)
    looked = look_of(batch)
    try:
        if looked.fault:
            raise looked.fault
        draft, says_all = draft_for(batch, looked, fresh=request.GET.get("fresh") == "1")
    except Unreadable as fault:
        messages.error(request, str(fault))
        return page.to("file", batch)
    if not says_all and batch.mapping_text and request.GET.get("fresh") != "1":
        return page.to("text", batch)
    form = MappingForm(batch, looked, draft, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and request.POST.get("do") == "plan":
        return planned(page, request, batch, form.store(request.user), form.text)
    return answer(page, request, batch, form, looked, "mapping", says_all=says_all, draft=draft)


def text_page(page, request, batch):
    """Edit the mapping as text."""
    if not page.may(request, "add"):
        raise PermissionDenied
    if batch.state not in OPEN:
        return page.to("change", batch)
    looked = look_of(batch)
    try:
        text = first_text(batch, looked)
    except Unreadable as fault:
        messages.error(request, str(fault))
        return page.to("file", batch)
    form = TextForm(batch, looked, text, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and request.POST.get("do") == "plan":
        return planned(page, request, batch, form.store(request.user), form.text)
    return answer(page, request, batch, form, looked, "text")


def answer(page, request, batch, form, looked, template, **more):
    """Show the page, with what the first rows would become where the mapping could be read."""
    shown = preview(form.text, batch, looked) if form.is_bound and form.is_valid() else None
    title = _("The mapping for %(file)s") % {"file": batch.file_name}
    return page.show(request, batch, template, title, MAPPING, form=form, look=looked, preview=shown, **more)


def planned(page, request, batch, name, text):
    """Plan ``batch`` by the mapping ``text``, saved as ``name``."""
    batch.mapping_name, batch.mapping_text = name, text
    batch.save(update_fields=["mapping_name", "mapping_text"])
    return page.plan(request, batch)


def look_of(batch):
    """Look at the file as the mapping that was chosen says, or else as a person chose."""
    try:
        choices = choices_of(batch, parse(batch.mapping_text)) if batch.mapping_text else chosen_by(batch)
    except MappingFaulty:
        choices = chosen_by(batch)
    return look(main_file(batch), choices)


def draft_for(batch, looked, fresh):
    """Return (draft, whether it says all that the mapping says) for the mapping chosen, or for a suggestion by the columns."""
    try:
        if batch.mapping_text and not fresh:
            return draft_of(batch.mapping_text, looked.columns)
    except MappingFaulty:
        return suggested(batch), False
    return suggested(batch), True


def suggested(batch):
    """Return the draft that the columns and the first rows of the file suggest."""
    known = Place.objects.exclude(
        access_level=AccessLevel.SEALED
    )  # whoever looks: a suggestion is no place to find them
    names = Name.objects.filter(place__in=known).words().values_list("text", flat=True)
    places = {*known.values_list("label", flat=True), *names}
    found = suggest(main_file(batch), chosen_by(batch), places)
    more = {
        "empty": SIGN.join(found["empty"]),
        "date_languages": ", ".join(found["date_languages"]),
        "geometry": found["geometry"],
        "label": found["label"],
        "columns": found["columns"],
    }
    return {**dict.fromkeys(PLAIN, ""), "words": {}, **more}


def first_text(batch, looked):
    """Return the text that the editor begins with: the mapping chosen, or what is suggested, with what must be said left empty."""
    if batch.mapping_text or looked.fault:
        return batch.mapping_text
    tables = tables_of(suggested(batch))
    for name in schema.NEEDED:
        needed = {key: "" for key, rules in schema.TABLES[name].items() if rules.needed}
        tables[name] = needed | tables.get(name, {})
    return tomli_w.dumps(tables)


def preview(text, batch, looked):
    """Return what the first rows would become, [{"number", "label", "slots", "faults", "remarks"}], or why that cannot be told."""
    mapping = parse(text)
    try:
        beside = Beside(mapping, main_file(batch).parent) if mapping.lookup or mapping.media or mapping.join else None
        composer = Composer(mapping, beside)
        return [row_preview(composer, line) for line in looked.lines[:PREVIEWED]]
    except Unreadable as fault:
        return [{"number": "", "label": "", "slots": [], "faults": [{"reason": str(fault)}], "remarks": []}]


def row_preview(composer, line):
    composed = composer.compose([line])
    record = composed.wanted.get("record", {})
    return {
        "number": line.number,
        "identifier": composed.identifier,
        "label": record.get("label", ""),
        "slots": slots_in_words(composed.wanted),
        "faults": composed.faults,
        "remarks": composed.remarks,
    }
