"""Does each verb in a process that is killed at one of its writes; run by ``manage.py shell`` on a register of its own, prints JSON."""

import hashlib
import json
import os
import signal

from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections

from heritage.catalogue import audit
from heritage.catalogue.closing import confirm_closure, request_closure
from heritage.catalogue.models import Closure, Edition
from heritage.catalogue.publish import merge, publish, withdraw
from heritage.catalogue.takedown import take_down
from heritage.registry import lifecycle
from heritage.registry.models import Monument, Source, Status
from tests.registry.make import make_citation, make_publishable_monument, make_source, make_status, make_user

WRITES = ("INSERT", "UPDATE", "DELETE")
POINTS = (1, 2, 4, 7, 11, 16, 25)  # the writes at which a process is killed


def fill():
    """Make three published records, one of them changed since, and a closing that waits for a second person."""
    reviewer, other = make_user("reviewer", username="one"), make_user("reviewer", username="two")
    for name in ("Chapel", "Bridge", "Survivor"):
        monument = make_publishable_monument(name)
        make_citation(make_status(monument, summary=f"{name} fell."), make_source(f"Survey of {name}"))
    publish(Monument.objects.all())
    for name in ("Chapel", "Bridge"):
        monument = Monument.objects.get(label=name)
        monument.content_warnings = ["human_remains"]
        lifecycle.revise(monument, None)
        publish([monument])
    claim = Status.objects.get(summary="Chapel fell.")
    claim.summary = "The chapel fell."
    lifecycle.revise(claim, None)
    past = Edition.objects.filter(ref=Monument.objects.get(label="Bridge").ref, version=1)
    request_closure(past, reviewer, "safety", "Danger.")
    return other


def verbs(other):
    """Return {name: what it does}, in an order in which each can be done after the one before."""
    return {
        "publish": lambda: publish([monument("Chapel")]),
        "confirm a closing and erase": lambda: confirm_closure(Closure.objects.get(), other, erase=True),
        "take a source off the site": lambda: take_down(
            Source.objects.get(title="Survey of Bridge"), other, "safety", "Danger.", withheld_because="safety"
        ),
        "merge": lambda: merge(monument("Bridge"), monument("Survivor"), None, "The same."),
        "return": lambda: lifecycle.return_(monument("Survivor"), other, "Look again."),
        "withdraw and erase": lambda: withdraw(monument("Chapel"), None, "safety", "Danger.", erase=True),
    }


def monument(label):
    return Monument.objects.get(label=label)


def killed(verb, at):
    """Do ``verb`` in a child process that is killed at its write number ``at``; tell whether it was."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        writes = 0

        def count(execute, sql, params, many, context):
            nonlocal writes
            writes += sql.lstrip()[:6].upper() in WRITES
            if writes == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            verb()
        os._exit(0)
    _child, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def state():
    """Return a digest of every row of the register's own tables."""
    digest = hashlib.sha256()
    for label in ("registry", "catalogue", "archive", "intake"):
        for model in apps.get_app_config(label).get_models():
            digest.update(repr(sorted(map(repr, model._base_manager.values_list()))).encode())
    return digest.hexdigest()


def try_all(verbs):
    """Kill each verb at some of its writes, then do it; return what is wrong and how often each was killed."""
    wrong, kills = [], {}
    for name, verb in verbs.items():
        before, kills[name] = state(), 0
        for at in POINTS:
            if not killed(verb, at):
                break
            kills[name] += 1
            if state() != before:
                wrong.append(f"{name}, killed at write {at}: something of it is left")
        else:
            verb()
        wrong += [f"{name}: {kind}: {sentence}" for kind, sentence in audit.faults()]
    return {"wrong": wrong, "kills": kills}


def desk():
    print(json.dumps(try_all(verbs(fill()))))


def restore(bag):
    print(json.dumps(try_all({"restore": lambda: call_command("restore_archive", bag, verbosity=0)})))
