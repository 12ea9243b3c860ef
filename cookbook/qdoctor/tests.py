"""Test edge cases and faults of qdoctor. No cluster is needed."""

import json
import runpy
import sys
import tempfile
import types
import unittest
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from datetime import timedelta
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import SimpleTestCase, TransactionTestCase, override_settings
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule, Task
from django_q.tasks import async_task

from . import explain, logs, project
from .cases import CASES, queue, sqlite
from .classes import broker_base
from .files import secrets_printed
from .keys import KEYS
from .live import broker_down, look, no_wal, stale_locks, unserved
from .project import examine, importable, read
from .report import code, printable, report
from .rules import RULES, broker, diagnose, fetch_size, longest_hold, sound
from .running import meets_zero
from .schedules import (
    every_minute,
    no_croniter,
    no_next_run,
    same_name,
    schedule_arguments,
    schedule_async,
    schedule_call,
    schedule_function,
    schedule_hook,
    schedule_keywords,
    schedule_overdue,
)
from .values import Other, describe, kind, nearest, plain

HOUR = timedelta(hours=1)
QUEUE = {"orm": "default", "workers": 1, "timeout": 9, "retry": 60}


def ids(configuration: dict) -> list[str]:
    return [finding["id"].partition(".")[2] for finding in diagnose(configuration)]


def errors(configuration: dict) -> list[str]:
    return [one for one in ids(configuration) if one.startswith("E")]


def find(rule: Callable, **settings: object) -> list[str]:
    configuration = {"Q_CLUSTER": QUEUE, "BASE_DIR": "."} | settings
    return [message for message, hint in rule(configuration)]


class RuleTests(SimpleTestCase):
    def test_every_rule_has_a_case(self):
        self.assertEqual({rule["id"][-4:] for rule in RULES}, set(CASES))

    def test_every_rule_finds_its_mistake_and_nothing_where_it_is_fixed(self):
        for one, (broken, fixed) in CASES.items():
            with self.subTest(one):
                self.assertIn(one, ids(broken))
                self.assertNotIn(one, ids(fixed))

    def find(self, one: str, configuration: dict) -> list[tuple[str, str]]:
        return [
            (f["message"], f["hint"]) for f in diagnose(configuration) if one in f["id"]
        ]

    def test_sqs_wants_whole_numbers(self):
        matches = self.find("E003", {"Q_CLUSTER": {"sqs": {}, "retry": 90.5}})
        self.assertEqual(matches, [("retry is 90.5, a float", "Make it int.")])

    def test_an_address_of_redis_needs_a_scheme(self):
        matches = self.find("E007", {"Q_CLUSTER": {"redis": "queue:6379"}})
        self.assertIn("redis is not an address", matches[0][0])

    def test_hints_name_what_was_meant_and_values_that_work(self):
        for one, hint in {"W002": "Call it 'max_attempts'.", "E007": "Call it 'host'.",
                          "W019": "Call it 'reports'.",
                          "W006": "Remove 'orm' or 'redis'.",
                          "E008": "Use one of 'default'.",
                          "W011": "Set retry above 270.",
                          "W012": "Set queue_limit to 2 and retry above 180.",
                          }.items():  # fmt: skip
            with self.subTest(one):
                self.assertEqual(self.find(one, CASES[one][0])[0][1], hint)
        cured = queue(workers=2, timeout=60, queue_limit=2, retry=181)
        self.assertEqual(ids(cured), ["I033"])

    def test_a_key_of_another_name_is_understood(self):
        meanings = {"max_retries": "max_attempts", "max_retires": "max_attempts",
                    "retries": "max_attempts", "redis_url": "redis",
                    "broker": "redis", "catchup": "catch_up"}  # fmt: skip
        for word, key in meanings.items():
            hint = self.find("W002", queue(**{word: 1}))[0][1]
            self.assertEqual(hint, f"Call it '{key}'.", word)

    def test_keys_of_a_broker_that_is_not_used_are_no_errors(self):
        for value in (None, "", {"host": "x", "charset": "utf-8"}, False):
            self.assertEqual(errors(queue(redis=value)), [], value)
        self.assertEqual(errors({"Q_CLUSTER": {"redis": None}}), ["E003"])
        hint = self.find("E003", {"Q_CLUSTER": {"redis": None}})[0][1]
        self.assertIn('"orm": "default"', hint)

    def test_log_level_counts_only_without_a_handler(self):
        info = queue(log_level="info")
        self.assertEqual(errors(info), ["E004"])
        for logging in ({"root": {"handlers": ["console"]}},
                        {"loggers": {"django-q": {"handlers": ["console"]}}},
                        {"loggers": {"": {"handlers": ["console"]}}}):  # fmt: skip
            self.assertEqual(errors(info | {"LOGGING": logging}), [])
        alone = {"loggers": {"django-q": {"propagate": False}},
                 "root": {"handlers": ["console"]}}  # fmt: skip
        self.assertEqual(errors(info | {"LOGGING": alone}), ["E004"])
        self.assertEqual(errors(info | {"HANDLERS": True}), [])

    def test_values_with_which_django_q2_runs_are_no_errors(self):
        for keys in ({"label": None}, {"recycle": "500"}, {"ALT_CLUSTERS": ["mail"]},
                     {"workers": ""}, {"cluster_name": 5}, {"cpu_affinity": 1e9},
                     {"save_limit_per": "queue"}, {"timeout": -3}):  # fmt: skip
            self.assertEqual(errors(queue(**keys)), [], keys)
        for whole in ("orm", None, 7):
            self.assertEqual(ids({"Q_CLUSTER": whole}), ["W039"])

    def test_an_entry_of_alt_clusters_is_merged(self):
        configuration = queue(timeout=60, retry=600, workers=1, ALT_CLUSTERS={
            "long": {"timeout": "3600", "workers": "2", "retry": None}})  # fmt: skip
        self.assertEqual(errors(configuration), [])
        here = configuration | {"Q_CLUSTER_NAME": "long"}
        self.assertEqual(errors(here), ["E003"] * 3)

    def test_a_place_of_redis(self):
        for redis, matches in (({"host": "redis://queue:6399/0"}, 1),
                             ({"host": "queue:6399"}, 1), ({"port": None}, 1),
                             ({"host": 5, "port": "x"}, 2), ({"port": "6379"}, 0),
                             ({"unix_socket_path": "/q", "host": 5}, 0)):  # fmt: skip
            configuration = {"Q_CLUSTER": {"redis": redis}}
            self.assertEqual(len(self.find("E007", configuration)), matches, redis)

    def test_a_class_counts_as_the_broker_that_it_extends(self):
        own = queue(broker_class="x.Queue", timeout=9, retry=5, workers=1)
        self.assertNotIn("W011", ids(own))
        self.assertIn("W011", ids(own | {"BROKER_BASE": "orm"}))
        direct = queue(broker_class="django_q.brokers.orm.ORM", timeout=9, retry=5)
        self.assertIn("W011", ids(direct))

    def test_the_class_is_read_and_not_imported(self):
        with tempfile.TemporaryDirectory() as folder, patch("sys.path", [folder]):
            Path(folder, "portal.py").write_text(
                "from django_q.brokers.orm import ORM\n"
                "from .near import Far\nimport a.b as c\nVALUE = 1\n"
                "class Safe(ORM): pass\nclass Safer(Safe): pass\n"
                "class Own(c.Queue): pass\nclass Endless(Endless): pass\n"
                "from django_q.brokers.redis_broker import Redis\n"
                "class Quick(Redis): VALUE = 1\n"
                "class Certain(Quick):\n    def acknowledge(self): pass\n"
            )
            Path(folder, "bad.py").write_text("class")
            matches = {
                name: broker_base(f"portal.{name}")
                for name in ("Safer", "Quick", "Own", "Endless", "Far", "VALUE", "no",
                             "Certain")
            }  # fmt: skip
            self.assertEqual(matches.pop("Safer"), "orm")
            self.assertEqual(matches.pop("Quick"), "redis")
            self.assertEqual(set(matches.values()), {""})
            self.assertEqual(broker_base("bad.Queue"), "")

    def test_packages_and_reporters_that_are_missing(self):
        without = {"FOUND": {"redis": False, "shop": False, "django_redis": False}}
        self.assertEqual(errors({"Q_CLUSTER": {"redis": {}}} | without), ["E038"])
        shop = queue(broker_class="shop.Queue") | without
        self.assertEqual(errors(shop), ["E038"])
        self.assertEqual(errors(queue(broker_class="nodot")), ["E004"])
        for value, number in (({}, 0), ("key", 1), (None, 1)):
            mail = queue(error_reporter={"mail": value}) | {"REPORTERS": ["mail"]}
            self.assertEqual(errors(mail), ["E003"] * number)
        cache = {"Q_CLUSTER": {"django_redis": "q"}, "FOUND": {"django_redis": False}}
        self.assertEqual(ids(cache)[0], "W005")
        self.assertIn("W039", ids(cache))

    def test_sync_is_quiet(self):
        keys = {"orm": "default", "sync": True, "retry": 5, "timeout": 60}
        configuration = sqlite() | {"Q_CLUSTER": keys, "DEBUG": False}
        self.assertEqual(ids(configuration), ["W025"])
        self.assertEqual(ids(configuration | {"TESTS": True}), [])

    def test_a_module_without_q_cluster(self):
        matches = self.find("W005", {"NO_Q_CLUSTER": True})
        self.assertEqual(matches[0][0], "this module sets no Q_CLUSTER")

    def test_bulk_without_a_limit(self):
        configuration = queue(workers=2, timeout=60, retry=90, queue_limit=2, bulk=None)
        hint = "Set bulk to 1 and retry above 180."
        self.assertEqual(self.find("W012", configuration)[0][1], hint)

    def test_a_value_of_a_wrong_type_counts_as_the_default(self):
        values = sound(queue(workers=3, timeout="60") | {"CPUS": 8})
        three = values["workers"], values["queue_limit"], values["timeout"]
        self.assertEqual(three, (3, 9, None))

    def test_the_first_broker_with_a_value_decides(self):
        self.assertEqual(broker(queue(redis={"host": "queue"})), "orm")
        self.assertEqual(broker(queue(sqs={})), "sqs")  # It may be empty.
        self.assertEqual(broker({}), "")

    def test_the_size_of_a_fetch(self):
        sizes = [fetch_size({"bulk": 50}, one) for one in ("orm", "redis", "sqs")]
        self.assertEqual(sizes, [50, 1, 10])

    def test_the_longest_hold(self):
        values = {"workers": 4, "timeout": 30, "queue_limit": 16, "bulk": 5}
        self.assertEqual(longest_hold(values, "orm"), 210)
        self.assertEqual(longest_hold(values, "redis"), 180)
        self.assertEqual(longest_hold(values | {"timeout": 0}, "redis"), 18)
        self.assertEqual(longest_hold(values | {"timeout": None}, "orm"), 0)

    def test_a_guard_cycle_can_skip_zero(self):
        self.assertTrue(meets_zero(60, 0.5))
        self.assertFalse(meets_zero(60, 0.3))


class ValueTests(SimpleTestCase):
    def test_what_is_not_plain_is_other_and_never_asked(self):
        class Lazy:
            __class__ = property(lambda self: 1 / 0)

        class Table(dict):
            get = items = __iter__ = None

        self.assertIs(plain({"a": object()})["a"], Other)
        self.assertEqual(plain({"b": (1, {2: [3]})}), {"b": [1, {2: [3]}]})
        self.assertIs(plain(Lazy()), Other)
        self.assertEqual(plain({(1, 2): 3}), {Other: 3})
        self.assertEqual(plain(Table(orm="default")), {"orm": "default"})

    def test_what_is_endless_or_huge_is_cut(self):
        endless = {}
        endless["again"] = endless
        self.assertEqual(str(plain(endless)).count("again"), 5)
        self.assertEqual(len(plain(list(range(100_000)))), 2000)

    def test_the_names_of_types(self):
        values = (True, 1, 1.5, "a", None, [], {}, Other)
        names = "bool int float str None list dict other"
        self.assertEqual(" ".join(map(kind, values)), names)

    def test_values_in_words(self):
        values = ("a", None, 60.0, {}, 10**5000, Other)
        words = ["'a'", "None", "60.0", "a dict", "a huge number", "an object"]
        self.assertEqual([describe(value) for value in values], words)

    def test_misspellings(self):
        for word, meant in {"max_attempt": "max_attempts", "ORM": "orm",
                            "colour": ""}.items():  # fmt: skip
            self.assertEqual(nearest(word, KEYS), meant)


class ProjectTests(SimpleTestCase):
    def examine(self, **settings: object) -> list[str]:
        module = types.ModuleType("broken")
        vars(module).update(settings)
        # The package of the broker may not be installed where this runs.
        there = {"importable": lambda name: True, "arguments": lambda named: {}}
        here = patch.multiple(project, **there)
        with patch.dict(sys.modules, broken=module), here:
            return [finding["id"] for finding in examine("broken")]

    def test_settings_of_any_kind_are_read(self):
        good = {"orm": "default", "timeout": 60, "retry": 600, "workers": 2}
        odd = dict.fromkeys(("orm", "workers", "timeout", 3, None), sys)
        self.assertEqual(
            self.examine(Q_CLUSTER=good), ["django_q.I015", "django_q.I033"]
        )
        self.assertEqual(self.examine(Q_CLUSTER=["orm"]), ["django_q.E001"])
        self.assertEqual(
            self.examine(Q_CLUSTER=7, CACHES="none", DATABASES=[], LOGGING=object()),
            ["django_q.W039"],
        )
        three = ["django_q.W002", "django_q.W002", "django_q.E003"]
        self.assertEqual(self.examine(Q_CLUSTER=odd)[:3], three)

    def test_a_huge_cluster_is_read_in_part(self):
        huge = {f"{n}{'a' * 10**6}": 10**5000 for n in range(1000)}
        keys = {"orm": "default", "retry": 10**5000, "timeout": 5} | huge
        self.assertGreater(len(self.examine(Q_CLUSTER=keys)), 1000)

    def test_a_module_that_cannot_be_imported_is_a_finding(self):
        self.assertEqual(examine("no_such_settings")[0]["id"], "django_q.E000")

    def test_kinds_of_q_cluster(self):
        self.assertEqual(self.examine(), ["django_q.W005"])
        self.assertEqual(self.examine(Q_CLUSTER=("orm",)), ["django_q.W039"])
        self.assertEqual(self.examine(Q_CLUSTER={1}), ["django_q.E001"])
        self.assertEqual(self.examine(Q_CLUSTER=object()), ["django_q.W039"])

    def test_a_module_of_django_configurations(self):
        with patch.dict(sys.modules, configurations=types.ModuleType("c")):
            self.assertIn("manage.py qdoctor", examine("no_such_settings")[0]["hint"])

    def test_a_driver_that_cannot_be_imported(self):
        self.addCleanup(project.arguments.cache_clear)
        for named in ("redis", "sqs", "mongo", "iron_mq"):
            project.arguments.cache_clear()
            with patch("importlib.import_module", side_effect=ImportError):
                self.assertEqual(project.arguments(named), {})

    def test_a_reporter_needs_its_package(self):
        self.addCleanup(project.reporters.cache_clear)
        project.reporters.cache_clear()
        pairs = {"sentry": "no_such_module:Sentry", "mail": "json.decoder:Decoder"}
        group = "djangoq.errorreporters"
        entries = [EntryPoint(name, value, group) for name, value in pairs.items()]
        with patch.object(project, "entry_points", return_value=entries):
            self.assertEqual(project.reporters(), ["mail"])

    def test_a_package_that_has_no_specification(self):
        self.assertFalse(importable(""))
        self.assertFalse(importable("no_such_module"))
        self.assertFalse(importable("no_such_module.part"))
        with patch.object(project, "importable", return_value=False):
            self.assertEqual(read(object())["ARGUMENTS"], {})

    def test_unset_settings_are_those_of_django(self):
        self.assertIn("LocMemCache", read(object())["CACHES"]["default"]["BACKEND"])


class ReportTests(SimpleTestCase):
    FINDING = {"id": "django_q.W013", "message": "One attempt", "hint": "Choose."}

    def test_json(self):
        text = report([self.FINDING], "json")
        self.assertEqual(json.loads(text)["findings"], [self.FINDING])

    def test_the_exit_code_depends_on_the_level(self):
        levels = ("note", "warning", "error")
        codes = [code([self.FINDING], level) for level in levels]
        self.assertEqual(codes, [1, 1, 0])
        self.assertEqual(code([], "note"), 0)

    def test_what_a_terminal_cannot_show_is_replaced(self):
        self.assertEqual(printable("a\x1b[2J\n\udc80"), "a?[2J??")

    def test_the_command(self):
        def doctor(level: str, **keys: object) -> tuple:
            out, good = StringIO(), {"orm": "default", "timeout": 60, "retry": 900}
            options = ("--settings-only", f"--fail-level={level}")
            try:
                with override_settings(Q_CLUSTER=good | keys, DEBUG=False):
                    call_command("qdoctor", *options, stdout=out)
            except SystemExit as end:
                return out.getvalue(), end.code
            return out.getvalue(), 0

        self.assertEqual(doctor("error")[1], 0)
        text, status = doctor("warning", retrys=50)
        self.assertIn("'retrys' is not a key of Q_CLUSTER and is ignored", text)
        self.assertEqual(status, 1)

    def test_checks_with_and_without_deploy(self):
        def check(deploy: bool = False, debug: bool = False, **keys: object) -> set:
            good = queue(workers=2, timeout=60, retry=600, **keys)
            with override_settings(**good, DEBUG=debug):
                matches = run_checks(
                    tags=["django_q"], include_deployment_checks=deploy
                )
            return {message.id for message in matches}

        self.assertEqual(check(worker=4) - check(), {"django_q.W002"})
        self.assertEqual(check(worker=4) - check(worker=4, deploy=True), set())
        self.assertEqual(check(debug=True) - check(), set())
        self.assertEqual(check(debug=True, deploy=True) - check(), {"django_q.W026"})


class LogTests(SimpleTestCase):
    DEATH = "10:02 [Q] CRITICAL reincarnated worker Process-1 after death"
    AFTER = explain.Entry("reincarnated worker {name} after death", "w", 3, "M.", "F.")
    ROUTINE = explain.Entry("recycled worker {name}", "w", 0, "Means.", "Fix.")

    def setUp(self):
        both = [self.ROUTINE, self.AFTER]
        self.enterContext(patch.object(explain, "entries", lambda: both))

    def unknown(self, log: str) -> dict[str, int]:
        return json.loads(logs.report(log, "json"))["unknown"]

    def test_the_worst_comes_first(self):
        text = logs.report(f"recycled worker a\n{self.DEATH}\n{self.DEATH}\n")
        self.assertIn(f"{self.DEATH} (2 lines)\n  M.\n  Fix: F.\n\n1 routine", text)
        self.assertEqual(logs.report("nothing"), logs.NOTHING)

    def test_the_module_explains_a_file(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(self.DEATH)
            file.flush()
            out, line = StringIO(), ["qdoctor", "--explain", file.name]
            with (
                patch.object(sys, "argv", line),
                redirect_stdout(out),
                self.assertRaises(SystemExit),
            ):
                runpy.run_module(f"{__package__}.__main__")
        self.assertIn(self.DEATH, out.getvalue())

    def test_a_message_that_only_begins_another_one(self):
        longer = explain.Entry("recycled worker {name} now", "w", 1, "", "")
        with patch.object(explain, "entries", lambda: [self.ROUTINE, longer]):
            expected = explain.explain("recycled worker a now")
        self.assertEqual([match.entry for match in expected], [longer])

    def test_a_message_without_letters_is_in_no_line(self):
        empty = [explain.Entry(text, "w", 1, "", "") for text in ("{}", "{a}: {b}", "")]
        with patch.object(explain, "entries", lambda: empty):
            self.assertEqual(explain.explain("a: b\n{}\n\n"), [])

    def test_a_message_whose_pieces_stand_in_another_order(self):
        self.assertEqual(explain.explain("after death reincarnated worker "), [])
        self.assertEqual(explain.explain(" after death"), [])

    def test_the_last_line_of_a_traceback_is_unknown(self):
        for before in ("", "web_1  | ", "Nov 29 10:00:01 web python[7]: "):
            lines = f"{logs.TRACEBACK}:\n  File a.py\n\n    send()\nshop.Bad: 7"
            log = "".join(f"{before}{line}\n" for line in lines.split("\n"))
            expected = [{"line": f"{before}shop.Bad: 7", "count": 1}]
            self.assertEqual(self.unknown(log), expected)
        log = f"10:00 [Q] {logs.TRACEBACK}\n  File a.py\n{self.DEATH}\nshop.Bad"
        self.assertEqual(self.unknown(log), [])

    def test_lines_that_differ_in_numbers_count_as_one(self):
        expected = [{"line": "ERROR 9", "count": 3}]
        self.assertEqual(self.unknown("ERROR 9\nERROR 10\nERROR 1\nerror"), expected)

    def test_many_unknown_lines_are_cut(self):
        log = "".join(f"ERROR {'x' * n}\n" for n in range(22))
        self.assertTrue(logs.report(log).endswith("\n  and 2 more"))

    def test_a_huge_log(self):
        log = f"{self.DEATH}\n" + "x" * explain.MOST + "\nERROR " + "y" * 10**5
        self.assertTrue(logs.report(log).startswith(logs.SHORTENED))
        self.assertEqual(len(self.unknown(log)[0]["line"]), explain.WIDTH)

    def test_what_a_terminal_cannot_show_is_replaced(self):
        self.assertIn("?[2J ERROR <b>?", logs.report("\x1b[2J ERROR <b>\x00"))

    def test_the_command_explains_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "a.log").write_bytes(f"{self.DEATH} \xff".encode("latin-1"))
            out = StringIO()
            call_command("qdoctor", f"--explain={folder}/a.log", stdout=out)
            with self.assertRaisesRegex(CommandError, "No such file"):
                call_command("qdoctor", f"--explain={folder}/b.log")
        self.assertIn("Fix it now", out.getvalue())

    def test_the_standard_input(self):
        lines = TextIOWrapper(BytesIO(b"ERROR a"))
        with patch.object(sys, "stdin", lines):
            self.assertEqual(logs.read_log("-"), "ERROR a")


class LiveTests(TransactionTestCase):
    def lock(self, seconds: float) -> None:
        until = timezone.now() + timedelta(seconds=seconds)
        OrmQ.objects.update_or_create(key="reports", defaults={"lock": until})

    def schedule(self, func: str, **fields: object) -> None:
        Schedule.objects.all().delete()
        fields = {"next_run": timezone.now() + HOUR} | fields
        Schedule.objects.bulk_create([Schedule(name="count", func=func, **fields)])

    def test_the_command_looks_at_the_queue(self):
        self.lock(-3600)
        out = StringIO()
        with suppress(SystemExit):
            call_command("qdoctor", stdout=out)
        self.assertIn("queue 'reports' has 1 task waiting", out.getvalue())

    def test_a_queue_that_no_cluster_serves(self):
        self.assertEqual(find(unserved), [])
        self.lock(-3600)
        message = "queue 'reports' has 1 task waiting, and no cluster fetches any"
        self.assertEqual(find(unserved), [message])
        OrmQ.objects.create(key="reports", lock=timezone.now() + HOUR)
        self.assertEqual(find(unserved), [])  # A cluster has fetched one.

    def test_locks_that_nobody_acknowledges(self):
        with patch.object(Conf, "RETRY", 60):
            self.lock(3600)
            message = "queue 'reports' has 1 task locked for longer than retry"
            self.assertEqual(find(stale_locks), [message])
            self.lock(20)  # Fetched 40 seconds ago.
            longer = "longer than any task can run"
            self.assertRegex(find(stale_locks)[0], longer)
            self.lock(55)
            self.assertEqual(find(stale_locks), [])
            unlimited = QUEUE | {"timeout": None}
            self.lock(20)
            self.assertEqual(find(stale_locks, Q_CLUSTER=unlimited), [])

    def test_arguments_that_are_not_literals(self):
        self.schedule("no.such.function", args="1, name", kwargs="a=b")
        self.assertEqual(find(schedule_arguments), [
            "the args of schedule 'count' stop the scheduler: 1, name",
        ])  # fmt: skip
        self.assertEqual(find(schedule_keywords), [])  # Nothing runs.
        for words in ("1", "**{}", "{[1]: 2}", "a) + (b", "{1: 2}", "q_options=5",
                      "func=1"):  # fmt: skip
            with self.subTest(words):
                self.schedule("math.pow", args="()", kwargs=words)
                self.assertEqual(len(find(schedule_arguments)), 1)
                self.assertEqual(find(schedule_call), [])
        for words in ("{'q_options': {}}", "a=1"):
            self.schedule("math.pow", args="2, 3", kwargs=words)
            self.assertEqual(find(schedule_arguments), [])
            self.assertEqual(find(schedule_keywords), [])

    def test_keywords_that_the_scheduler_leaves_out(self):
        for words in ("x", "a=b", "x, a=1", "a b"):
            self.schedule("math.pow", args="2, 3", kwargs=words)
            self.assertEqual(find(schedule_arguments), [])
            message = f"kwargs of schedule 'count' are left out: {words}"
            self.assertEqual(find(schedule_keywords), [message])

    def test_a_broker_in_the_keywords(self):
        elsewhere = "broker=5, q_options={'cluster': 'reports'}"
        self.schedule("math.pow", kwargs=elsewhere)
        self.assertEqual(len(find(schedule_arguments)), 1)
        for fields in ({"kwargs": "broker=5"}, {"kwargs": elsewhere, "cluster": "a"},
                       {"kwargs": "q_options={'cluster': 'reports'}"}):  # fmt: skip
            self.schedule("math.pow", **fields)
            self.assertEqual(find(schedule_arguments), [])

    def test_a_schedule_that_has_ended_is_not_judged(self):
        wrong = {"args": "x", "schedule_type": Schedule.CRON, "cron": "x"}
        for end in ({"repeats": 0}, {"next_run": None}):
            self.schedule("no.such", hook="no.such", **wrong, **end)
            for rule in (schedule_arguments, schedule_function, schedule_hook,
                         schedule_call, no_next_run, no_croniter):  # fmt: skip
                self.assertEqual(find(rule), [])

    def test_functions_that_cannot_be_imported(self):
        message = "the function of schedule 'count' cannot be imported: "
        self.schedule("no.such.function")
        self.assertEqual(find(schedule_function), [message + "no.such.function"])
        self.schedule("math.pow")
        self.assertEqual(find(schedule_function), [])
        with patch("pydoc.locate", side_effect=SyntaxError):
            self.assertEqual(find(schedule_function), [message + "math.pow"])

    def test_schedules_that_no_cluster_runs(self):
        past = timezone.now() - HOUR
        self.schedule("math.pow")
        self.assertEqual(find(schedule_overdue), [])
        self.schedule("math.pow", cluster="reports", next_run=past)
        message = "schedule 'count' is overdue, so no cluster 'reports' runs it"
        self.assertEqual(find(schedule_overdue), [message])
        self.schedule("math.pow", repeats=0, next_run=past)
        self.assertEqual(find(schedule_overdue), [])

    def test_an_overdue_schedule_that_catches_up_or_is_stopped(self):
        now = timezone.now()
        late = {"next_run": now - HOUR, "task": "a" * 32}
        self.schedule("math.pow", **late)
        self.assertEqual(len(find(schedule_overdue)), 1)
        Task.objects.create(id="a" * 32, name="a", func="a", started=now, stopped=now)
        self.assertEqual(find(schedule_overdue), [])
        self.schedule("math.pow", args="1, name", next_run=now - HOUR)
        [(_, hint)] = schedule_overdue({})
        self.assertIn("E044", hint)

    @unittest.skipUnless(find_spec("croniter"), "croniter is not installed")
    def test_a_cron_that_cannot_be_read(self):
        for cron, number in (("61 * * * *", 1), (None, 1), ("0 8 * * 1", 0)):
            self.schedule("math.pow", schedule_type=Schedule.CRON, cron=cron)
            self.assertEqual(len(find(no_next_run)), number, cron)
        with patch("django_q.models.croniter", None):
            self.assertEqual(find(no_next_run), [])

    def test_a_next_run_that_cannot_be_computed(self):
        self.schedule("math.pow", schedule_type="X")
        self.assertEqual(len(find(no_next_run)), 1)
        with patch.object(Conf, "TIME_ZONE", "Mars"):
            self.schedule("math.pow", schedule_type=Schedule.DAILY)
            self.assertEqual(len(find(no_next_run)), 1)
        self.assertEqual(find(no_next_run), [])

    def test_a_hook_that_cannot_be_imported(self):
        for hook, number in (("nowhere.hook", 1), ("math.pow", 0), ("", 0), (None, 0),
                             ("print", 1), ("shop", 1)):  # fmt: skip
            self.schedule("math.pow", hook=hook)
            self.assertEqual(len(find(schedule_hook)), number, hook)
        for words in ("hook='no.such'", "q_options={'hook': 'no.such'}", "hook=5"):
            self.schedule("math.pow", kwargs=words)
            self.assertEqual(len(find(schedule_hook)), 1, words)

    def test_arguments_that_do_not_fit(self):
        for fields, number in (({"kwargs": "{'args': [5]}", "args": "2, 3"}, 1),
                               ({"args": "2"}, 1), ({"args": "2, 3"}, 0),
                               ({"args": "2, 3", "kwargs": "{'timeout': 5}"}, 0),
                               ({"args": "2, 3", "kwargs": "{'group': 'a'}"}, 1),
                               ({"args": "2, x"}, 0),
                               ({"args": "2, 3", "intended_date_kwarg": "day"}, 1),
                               ):  # fmt: skip
            self.schedule("math.pow", **fields)
            self.assertEqual(len(find(schedule_call)), number, fields)
        for func in ("no.such", "builtins.dict"):  # The last says not what it takes.
            self.schedule(func)
            self.assertEqual(find(schedule_call), [])
        with patch.object(json.dumps, "__signature__", 5, create=True):
            self.schedule("json.dumps")
            self.assertEqual(find(schedule_call), [])

    def test_functions_whose_results_cannot_be_pickled(self):
        self.schedule("asyncio.sleep", args="1")
        self.assertEqual(find(schedule_async), [
            "schedule 'count' calls asyncio.sleep, whose result cannot be pickled"
        ])  # fmt: skip
        for func, number in (("ast.walk", 1), ("math.pow", 0), ("no.such", 0)):
            self.schedule(func)
            self.assertEqual(len(find(schedule_async)), number, func)

    def test_minutes_and_names(self):
        self.schedule("math.pow", schedule_type=Schedule.MINUTES)
        self.assertEqual(len(find(every_minute)), 1)
        self.assertEqual(find(same_name), [])
        Schedule.objects.bulk_create([Schedule(name="count", func="math.pow")])
        self.assertEqual(find(same_name), ["2 schedules are named 'count'"])

    def test_cron_schedules_need_croniter(self):
        self.schedule("math.pow", schedule_type=Schedule.CRON, cron="0 8 * * 1")
        with patch.dict(sys.modules, croniter=None):
            self.assertIn("1 schedule of the type Cron", *find(no_croniter))
        with patch.dict(sys.modules, croniter=types.ModuleType("croniter")):
            self.assertEqual(find(no_croniter), [])
        self.schedule("math.pow")
        with patch.dict(sys.modules, croniter=None):
            self.assertEqual(find(no_croniter), [])

    def test_files_that_print_secrets(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "run.sh").write_text("./manage.py qcluster")
            self.assertEqual(find(secrets_printed, BASE_DIR=folder), [])
            for name in ("Procfile", "readme.md"):
                Path(folder, name).write_text("info: ./manage.py qinfo --config\n")
            message = "Procfile runs `qinfo --config`, which prints SECRET_KEY"
            self.assertEqual(find(secrets_printed, BASE_DIR=folder), [message])

    def test_a_broker_that_is_not_there(self):
        self.assertEqual(find(broker_down), [])
        with patch.object(Conf, "BROKER_CLASS", "no.Broker"):
            self.assertIn("No module named 'no'", *find(broker_down))

    def test_a_rule_that_fails_is_a_finding(self):
        with patch.object(Schedule, "objects", None):
            findings = look({"BASE_DIR": "/nowhere"})
        message = "A schedule of which no task can be made: could not be checked: "
        matches = [f["message"] for f in findings if f["id"] == "django_q.E049"]
        self.assertEqual(len(matches), 1)  # Of ten rules: an error is reported once.
        self.assertIn(f"{message}AttributeError", matches[0])

    def test_it_writes_nothing(self):
        async_task("math.sqrt", 4)
        look({"BASE_DIR": "/nowhere"})
        self.assertEqual(get_broker().queue_size(), 1)


class OtherDatabaseTests(unittest.TestCase):
    """Django's classes forbid a database that the settings do not name."""

    def test_a_queue_in_another_database(self):
        engine = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}
        folder = self.enterContext(tempfile.TemporaryDirectory())
        connections.settings["old"] = connections.settings["default"] | engine
        old = connections["old"]
        old.settings_dict["NAME"] = str(Path(folder, "old.sqlite3"))
        self.addCleanup(connections.settings.pop, "old")
        self.addCleanup(old.close)
        with patch.object(Conf, "ORM", "old"), patch.object(Conf, "RETRY", 60):
            message = "the journal mode of 'old' is delete"
            self.assertEqual(find(no_wal), [message])
            old.cursor().execute("PRAGMA journal_mode = WAL")
            self.assertEqual(find(no_wal), [])
            self.assertIn("no such table: django_q_ormq", *find(broker_down))
            with old.schema_editor() as editor:
                editor.create_model(OrmQ)
            rows = OrmQ.objects.using("old")
            rows.create(key="mail", payload="", lock=timezone.now() - HOUR)
            self.assertIn("queue 'mail' has 1 task waiting", *find(unserved))
            rows.create(key="mail", payload="", lock=timezone.now() + HOUR)
            self.assertEqual(find(broker_down), [])
            self.assertEqual(find(unserved), [])
            self.assertIn("queue 'mail' has 1 task locked", *find(stale_locks))
