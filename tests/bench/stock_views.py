"""What an ordinary Django project would serve from the same tables: generic views, OFFSET, COUNT, GROUP BY, icontains.

It is spared much: lists read the register's own index table with its indexes, without labels of places or types; a search
looks at names only, in the script they are stored in.
"""

from django.db.models import Count, Q
from django.urls import path
from django.views.generic import DetailView, ListView

from heritage.catalogue.models import Entry
from heritage.registry.models import Monument, Status

COLUMNS = ("kind", "condition")
TERMS = ("type", "place")


class MonumentList(ListView):
    """The list, filtered by columns and terms."""

    template_name = "stock/list.html"
    paginate_by = 50

    def get_queryset(self):
        rows = Entry.objects.filter(replaced_at__isnull=True).order_by("sort_label", "ref").prefetch_related("terms")
        for name in COLUMNS:
            if values := self.request.GET.getlist(name):
                rows = rows.filter(**{f"{name}__in": values})
        for name in TERMS:
            if values := self.request.GET.getlist(name):
                rows = rows.filter(terms__facet=name, terms__code__in=values)
        return rows


class FacetedList(MonumentList):
    """The list with a count beside each choice, under the filters in use."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(facets=list(self.facets()), **kwargs)

    def facets(self):
        rows = self.object_list.prefetch_related(None).order_by()
        for name in COLUMNS:
            yield name, rows.values_list(name).annotate(number=Count("pk")).order_by("-number")
        for name in TERMS:
            found = rows.filter(terms__facet=name).values_list("terms__code")
            yield name, found.annotate(number=Count("pk")).order_by("-number")[:12]


class Search(ListView):
    """What has the words in its label or in one of its names."""

    template_name = "stock/search.html"
    paginate_by = 50

    def get_queryset(self):
        words = self.request.GET["q"]
        named = Q(label__icontains=words) | Q(names__text__icontains=words)
        return Monument.objects.filter(named, stage="published").distinct().prefetch_related("names", "types")


class MonumentDetail(DetailView):
    """One monument with everything said of it."""

    template_name = "stock/detail.html"
    slug_field = slug_url_kwarg = "ref"
    queryset = Monument.objects.filter(stage="published").prefetch_related(
        "types", "names__source", "locations__place__memberships__parent", "locations__source"
    )

    def get_context_data(self, **kwargs):
        claims = Status.objects.filter(monument=self.object).select_related("claimant", "cause", "agent")
        claims = claims.prefetch_related("effects", "citations__source__kind", "citations__evidence").order_by("hi")
        return super().get_context_data(claims=claims, **kwargs)


class Home(ListView):
    """The latest monuments and how many there are."""

    template_name = "stock/home.html"
    queryset = Entry.objects.filter(replaced_at__isnull=True).order_by("-published_at")[:7]

    def get_context_data(self, **kwargs):
        kinds = Entry.objects.filter(replaced_at__isnull=True).values_list("kind").annotate(number=Count("pk"))
        return super().get_context_data(kinds=kinds.order_by("-number"), **kwargs)


urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("monuments/", MonumentList.as_view(), name="monuments"),
    path("facets/", FacetedList.as_view(), name="facets"),
    path("search/", Search.as_view(), name="search"),
    path("monuments/<slug:ref>/", MonumentDetail.as_view(), name="monument"),
]
