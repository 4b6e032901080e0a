"""Where the catalogue is read: from a replica, if ``DATABASE_REPLICA_URL`` names one; everything else from the primary."""

from django.db import transaction


class Router:
    """Send reads of the catalogue to the replica, except inside a transaction, which must see what it has written itself."""

    def db_for_read(self, model, **hints):
        reads_catalogue = model._meta.app_label == "catalogue"
        return "replica" if reads_catalogue and not transaction.get_connection().in_atomic_block else None

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db == "default"
