"""What is sealed from whom: the one rule that every list, page, picker, search and export of the desk asks.

A row is sealed if its own access level says so, or if what it belongs to is sealed (``sealed_with`` of its table). Only its
custodians may know of it, whatever permissions others have. The conditions are made of keys of sealed rows, which are few
and found by an index of their own, so that a large table costs what it would without them.
"""

from functools import cache

from django.apps import apps
from django.db.models import Q

from heritage.registry.vocabulary import AccessLevel

SEALED = AccessLevel.SEALED.value  # the same word as that of sources
MERGERS = 3  #: how far a merged record is looked after: it is as sealed as the record that stands for it
WITH_LEVEL = ("monument", "place", "source", "media", "claim")


def kept_by(user):
    """Return the references of which ``user`` is a custodian."""
    return apps.get_model("registry", "custodian").objects.filter(user=user.pk).values("sealed_ref")


def table_of(model):
    """Return the table that holds the reference and the access level of ``model``: itself or the base it is derived from."""
    parents = model._meta.get_parent_list()
    return (parents[-1] if parents else model)._meta.concrete_model


@cache
def has_level(model):
    return any(field.name == "access_level" for field in model._meta.concrete_fields)


@cache
def can_be_sealed(model):
    """Tell whether there can be rows of ``model`` that somebody may not know of."""
    return has_level(model) or bool(belonging(model))


def belonging(model):
    """Return the names of the foreign keys to what rows of ``model`` belong to."""
    return getattr(model, "sealed_with", ())


def closed(user, model):
    """Return the rows of ``model`` whose own level seals them from ``user``; with ``user`` None, from anyone."""
    rows = table_of(model)._base_manager.filter(access_level=SEALED)
    return rows if user is None else rows.exclude(ref__in=kept_by(user))


def sealed_rows(user, model):
    """Return querysets which together are the rows of ``model`` that are sealed from ``user``."""
    table = table_of(model)
    found = [closed(user, table)] if has_level(table) else []
    for name in belonging(table):
        other = table._meta.get_field(name).related_model
        if other is table:  # a merged record, as sealed as what it was merged into
            for _step in range(MERGERS):
                found.append(table._base_manager.filter(**{f"{name}__in": found[-1].values("pk")}))
        else:
            found += [
                table._base_manager.filter(**{f"{name}__in": rows.values("pk")}) for rows in sealed_rows(user, other)
            ]
    return found


def sealed_keys(user, model):
    """Return the keys of all rows of ``model`` that are sealed from ``user``, as one query."""
    return model._base_manager.filter(sealed_from(user, model)).values("pk")


def sealed_from(user, model):
    """Return the condition of the rows of ``model`` that are sealed from ``user``.

    It asks for keys alone, so that rows can go on being counted by an index that covers them.
    """
    condition = Q(pk__in=[])
    for rows in sealed_rows(user, model):
        condition |= Q(pk__in=rows.values("pk"))
    return condition


def ref_sealed_from(user, column):
    """Return the condition that the reference in ``column`` is that of something sealed from ``user``, deleted or not."""
    custodians = apps.get_model("registry", "custodian").objects
    mine = custodians.filter(user=user.pk).values("sealed_ref")
    condition = Q(**{f"{column}__in": custodians.exclude(sealed_ref__in=mine).values("sealed_ref")})
    for name in WITH_LEVEL:
        for rows in sealed_rows(user, apps.get_model("registry", name)):
            condition |= Q(**{f"{column}__in": rows.values("ref")})
    return condition


def refs_sealed_from(user):
    """Return the set of references of all that is sealed from ``user``, deleted or not."""
    custodians = apps.get_model("registry", "custodian").objects
    mine = custodians.filter(user=user.pk).values("sealed_ref")
    parts = [custodians.exclude(sealed_ref__in=mine).order_by().values_list("sealed_ref")]
    parts += [
        rows.order_by().values_list("ref")
        for name in WITH_LEVEL
        for rows in sealed_rows(user, apps.get_model("registry", name))
    ]
    return {ref for (ref,) in parts[0].union(*parts[1:])}


def is_open(row):
    """Tell whether the rows in hand say already that ``row`` is not sealed."""
    if getattr(row, "access_level", None) == SEALED:
        return False
    for name in belonging(type(row)):
        other = row._state.fields_cache.get(name)
        if getattr(row, f"{name}_id") is not None and not (other is not None and is_open(other)):
            return False
    return True


def may_see(user, row):
    """Tell whether ``user`` may know of ``row``; without a query where nothing that it has in hand may be sealed."""
    if is_open(row):
        return True
    return not type(row)._base_manager.filter(sealed_from(user, type(row)), pk=row.pk).exists()
