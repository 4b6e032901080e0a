"""Signature and time stamp of a bag that was just made, as the settings want them."""

from django.conf import settings
from django.utils.translation import gettext as _

from heritage.archive import signing, stamping
from heritage.registry.private import opener
from heritage.registry.steps import Refused

SEALED = "tagmanifest-sha512.txt"  #: covers every byte of a bag but the seals


def own_key():
    """Return the register's signing key, or ``None``. Raises: Refused."""
    if not settings.ARCHIVE_KEY:
        return None
    try:
        return signing.secret_key(settings.ARCHIVE_KEY)
    except signing.KeyTrouble as trouble:
        raise Refused([str(trouble)]) from trouble


class Seal:
    """Adds the seals to a bag's folder; made before the bag, so that a key that cannot be used is told at once."""

    def __init__(self):
        self.key = own_key()
        self.service = settings.TIMESTAMP_URL

    def __call__(self, folder, comment):
        """Write signature and time stamp beside the tag manifest. Raises: Refused."""
        sealed = folder / SEALED
        if self.key:
            keep(folder / f"{SEALED}.minisig", self.key.sign(sealed, comment))
        if self.service:
            try:
                keep(folder / f"{SEALED}.tsr", stamping.stamp(sealed, self.service))
            except stamping.StampTrouble as trouble:
                raise Refused([_("The bag was not stamped: %(why)s") % {"why": trouble}]) from trouble


def keep(path, content):
    with open(path, "xb", opener=opener) as file:
        file.write(content)
