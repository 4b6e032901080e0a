"""Where a second process begins: it has nothing loaded yet, so this module may know nothing of the register."""

import django
from django.utils.module_loading import import_string


def call(path, *arguments):
    """Call the function at the dotted ``path`` in a process that was begun afresh."""
    django.setup()
    import_string(path)(*arguments)
