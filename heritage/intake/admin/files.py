"""The first step: a file arrives, and what was found in it is shown."""

from dataclasses import dataclass, field
from itertools import islice

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.utils.translation import gettext as _

from heritage.intake import mapping as mappings
from heritage.intake import working
from heritage.intake.admin.forms import BesideForm, ChoicesForm, UploadForm
from heritage.intake.admin.steps import FILE, OPEN
from heritage.intake.beside import lacking
from heritage.intake.file_names import why_not_plain
from heritage.intake.fitting import validate
from heritage.intake.models import Batch
from heritage.intake.planning import choices_from, choices_of
from heritage.intake.readers import Unreadable, open_table, sheets_of
from heritage.intake.uploads import discard, is_ours, keep, largest, main_file, upload_faults, why_not_beside
from heritage.registry.steps import Refused, who

FIRST_ROWS = 5
SAMPLED = 200


@dataclass
class Look:
    """What was found in a file: the columns, the first rows, or why it cannot be read."""

    columns: list = field(default_factory=list)
    found: dict = field(default_factory=dict)
    lines: list = field(default_factory=list)
    fault: Unreadable | None = None

    @property
    def table(self):
        """The first rows as lists of cells in the order of the columns."""
        return [(line.number, [line.cells.get(name, "") for name in self.columns]) for line in self.lines[:FIRST_ROWS]]

    def samples(self, column, most=3):
        """Return some different cells of a column."""
        cells = (" ".join(line.cells.get(column, "").split()) for line in self.lines)
        return list(islice(dict.fromkeys(cell for cell in cells if cell), most))


def look(path, choices):
    """Return the ``Look`` at the file ``path``."""
    try:
        table = open_table(path, choices, largest())
        return Look(table.columns, table.found, list(islice(table, SAMPLED)))
    except Unreadable as fault:
        return Look(fault=fault)


@dataclass
class Fit:
    """How a mapping fits a file: ``faults`` are sentences; ``lacking`` are the tables that must lie beside it."""

    name: str
    title: str
    faults: list
    lacking: list

    @property
    def fits(self):
        return not self.faults and not self.lacking


def fits(batch):
    """Return how each mapping fits the file of ``batch``, those that fit first."""
    looks, found = {}, []
    for name, title in mappings.names().items():
        try:
            mapping = mappings.load(name)
        except mappings.MappingFaulty as faulty:
            found.append(Fit(name, title, faulty.faults, []))
            continue
        choices = choices_of(batch, mapping)
        looked = looks[choices] = looks.get(choices) or look(main_file(batch), choices)
        faults = [str(looked.fault)] if looked.fault else validate(mapping, looked.columns)
        if faults := [*faults, *why_not_beside(batch, mapping)]:
            found.append(Fit(name, title, faults, []))
        else:
            found.append(Fit(name, title, [], lacking(main_file(batch).parent, mapping)))
    return sorted(found, key=lambda fit: (len(fit.faults), len(fit.lacking), fit.name))


def chosen_by(batch):
    """Return the ``Choices`` that somebody made about the file of ``batch``."""
    return choices_from(batch.chosen)


# Pages


def upload_page(page, request):
    """Take a file from somebody's disk."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*given)
    if request.method == "POST" and form.is_valid():
        try:
            batch = received(form.cleaned_data, request.user)
        except Refused as refused:
            form.add_error(None, refused.reasons)
        else:
            return page.to("file", batch)
    if faults := upload_faults(request):
        form.full_clean()
        form.add_error(None, faults)
    return page.show(
        request, None, "upload", _("Import a file"), FILE, form=form, largest=largest(), most=settings.IMPORT_MAX_MB
    )


def received(given, by):
    """Return a new batch that holds the uploaded files. Raises: Refused; then nothing is kept."""
    batch = Batch(file_name=given["file"].name[:255], size=given["file"].size, made_by=by, who=who(by))
    try:
        batch.path = str(keep(batch, given["file"]))
        for upload in given["beside"]:
            keep(batch, upload)
        batch.save()
    except OperationalError as fault:
        discard(batch)
        raise working.refused_by_machine(fault) from fault
    except Exception:  # whatever it was, no file stays behind; it is raised on
        discard(batch)
        raise
    return batch


def file_page(page, request, batch):
    """Show what was found in the file; choose how it is read, and by which mapping."""
    if not page.may(request, "add"):
        raise PermissionDenied
    if batch.state not in OPEN:
        return page.to("change", batch)
    asked = request.POST.get("do", "")
    form = ChoicesForm(batch, request.POST if asked == "choices" else None)
    beside = BesideForm(request.POST if asked == "beside" else None, request.FILES if asked == "beside" else None)
    if beside.is_bound and (faults := upload_faults(request)):
        beside.full_clean()
        beside.add_error("beside", faults)
    if asked == "choices" and form.is_valid():
        batch.choices = form.chosen()
        batch.save(update_fields=["choices"])
        return page.to("file", batch)
    if (
        asked == "beside"
        and is_ours(batch)
        and beside.is_valid()
        and put_beside(request, batch, beside.cleaned_data["beside"])
    ):
        return page.to("file", batch)
    if asked == "mapping":
        return take_mapping(page, request, batch)
    return page.show(
        request, batch, "file", _("The file: %(name)s") % {"name": batch.file_name}, FILE, **shown(batch, form, beside)
    )


def shown(batch, form, beside):
    """Return what the page of the file shows."""
    found, looked = fits(batch), look(main_file(batch), chosen_by(batch))
    fitting = [fit for fit in found if fit.fits]
    chosen = batch.mapping_name if batch.mapping_name in {fit.name for fit in fitting} else ""
    return {
        "form": form,
        "beside_form": beside,
        "beside": beside_of(batch),
        "is_ours": is_ours(batch),
        "look": looked,
        "sheets": sheets(batch),
        "fitting": fitting,
        "nearly": [fit for fit in found if fit.lacking and not fit.faults],
        "others": [fit for fit in found if fit.faults],
        "chosen": chosen or (fitting[0].name if fitting else ""),
    }


def beside_of(batch):
    """Return the names of the tables that were uploaded beside the file; other folders of this machine are nobody's business."""
    if not is_ours(batch):
        return []
    try:
        names = [path.name for path in main_file(batch).parent.iterdir() if path != main_file(batch)]
    except OSError:
        return []
    return sorted(name for name in names if not why_not_plain(name))


def sheets(batch):
    try:
        return sheets_of(main_file(batch)) if main_file(batch).suffix.lower() in (".xlsx", ".ods", ".xlsm") else []
    except Unreadable:
        return []


def put_beside(request, batch, uploads):
    """Store further tables; tell whether all went well."""
    try:
        for upload in uploads:
            keep(batch, upload)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return False
    return True


def take_mapping(page, request, batch):
    """Go on with the mapping that was chosen: to its plan."""
    name = request.POST.get("mapping", "")
    try:
        text = mappings.text_of(name) if name else ""
        faults = why_not_beside(batch, mappings.parse(text)) if text else []
        if faults:
            raise mappings.MappingFaulty(faults)
    except mappings.MappingFaulty as faulty:
        messages.error(request, " ".join(faulty.faults))
        return page.to("file", batch)
    if not text:
        messages.error(request, _("Choose a mapping, or make one."))
        return page.to("file", batch)
    batch.mapping_name, batch.mapping_text = name, text
    batch.save(update_fields=["mapping_name", "mapping_text"])
    return page.plan(request, batch)
