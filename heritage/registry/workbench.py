"""The front of the desk: work to do first, then the tables in the order in which curators think of them."""

from functools import wraps

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from heritage.registry.worklist import piles

SHORT, LONG = 6, 50
#: Titles of the groups of tables, each with the names of its models.
GROUPS = [
    (_("The register"), ["Monument", "Cemetery", "Site", "Collection", "Place"]),
    (_("Claims"), ["Status", "Attribution", "Protection", "Count"]),
    (_("Evidence"), ["Source", "Media"]),
    (_("Who and in what words"), ["Actor", "Term"]),
    (_("What was done"), ["Journal", "Review"]),
]


#: Lookups that a list may not be asked with in its address: some texts after them take for ever.
COSTLY_LOOKUPS = ("__regex", "__iregex")


def checked(view):
    """Return ``view``, asked only with what the database can compare. Raises: BadRequest."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        for name, values in request.GET.lists():
            if any("\0" in text for text in (name, *values)):
                raise BadRequest("The address has a NUL character.")
            if name.endswith(COSTLY_LOOKUPS):
                raise BadRequest(f"Lists cannot be asked with {name}.")
        return view(request, *args, **kwargs)

    return asked


class Autocomplete(AutocompleteJsonView):
    """Django's, which takes any name of a relation for that of a field."""

    def process_request(self, request):
        found = super().process_request(request)
        if not hasattr(found[2], "get_limit_choices_to"):  # it leads here from another table: nothing is picked by it
            raise PermissionDenied
        return found


class Workbench(admin.AdminSite):
    """The site of the desk.

    Other applications add to it: to ``more_piles``, which are called with the curator, piles of the work list; to ``origins``
    functions of (request, subject) that return [(words, address)] of where a record came from.
    """

    index_template = "registry/index.html"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.more_piles, self.origins = [], []

    def admin_view(self, view, cacheable=False):
        return super().admin_view(checked(view), cacheable)

    def autocomplete_view(self, request):
        return Autocomplete.as_view(admin_site=self)(request)

    def piles(self, user):
        """Return what waits for ``user``, the most pressing first."""
        return [*piles(user), *(pile(user) for pile in self.more_piles)]

    def get_app_list(self, request, app_label=None):
        """Return the tables of the desk in groups, then those of other applications."""
        listed = super().get_app_list(request, app_label)
        own = [part for app in listed if app["app_label"] == "registry" for part in grouped(app)]
        return [*own, *(app for app in listed if app["app_label"] != "registry")]

    def get_urls(self):
        return [path("work/<slug:name>/", self.admin_view(self.work), name="work"), *super().get_urls()]

    def index(self, request, extra_context=None):
        found = [(pile, len(pile), pile[:SHORT]) for pile in self.piles(request.user)]
        waiting = [{"pile": pile, "total": total, "rows": rows} for pile, total, rows in found if total]
        return super().index(request, {"waiting": waiting, **(extra_context or {})})

    def work(self, request, name):
        """Show all of one pile."""
        pile = next((one for one in self.piles(request.user) if one.name == name), None)
        if pile is None:
            raise Http404
        page = Paginator(pile, LONG).get_page(request.GET.get("page"))
        context = {**self.each_context(request), "title": pile.title, "page": page}
        return TemplateResponse(request, "registry/work.html", context)


def grouped(app):
    """Return the entry of the desk's application as one entry for each group that has tables for this curator."""
    by_name = {model["object_name"]: model for model in app["models"]}
    parts = [
        app | {"name": title, "models": [by_name[one] for one in names if one in by_name]} for title, names in GROUPS
    ]
    grouped_names = {name for _title, names in GROUPS for name in names}
    rest = [model for model in app["models"] if model["object_name"] not in grouped_names]
    return [part for part in [*parts, app | {"models": rest}] if part["models"]]
