"""The latest changes as an Atom feed. Source: RFC 4287."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from heritage.catalogue.models import Edition
from heritage.public.answers import reader
from heritage.public.environment import register_name
from heritage.public.stamps import published

LENGTH = 50


@reader(follows=published)
def changes(request):
    home = request.build_absolute_uri(reverse("changes"))
    own = request.build_absolute_uri()
    feed = Atom1Feed(_("Changes in %s") % register_name(), home, "", language="en", feed_url=own, feed_guid=home)
    editions = Edition.objects.filter(subject="monument").defer("record").order_by("-position")
    for edition in editions[:LENGTH]:
        feed.add_item(**item(request, edition))
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def item(request, edition):
    """Return one entry of the feed: the version that was published, or the address that is no longer in use."""
    readable = edition.action == "publish" and not edition.closed_because
    name, args = ("version", [edition.ref, edition.version]) if readable else ("monument", [edition.ref])
    address = request.build_absolute_uri(reverse(name, args=args))
    return {
        "title": _("%(label)s: version %(version)s, %(action)s")
        % {"label": edition.label or edition.ref, "version": edition.version, "action": edition.get_action_display()},
        "link": address,
        "description": edition.reason,
        "unique_id": f"{address}#{edition.version}",
        "pubdate": edition.published_at,
        "updateddate": edition.published_at,
    }
