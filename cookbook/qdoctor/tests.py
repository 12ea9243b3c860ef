"""Edges and faults of qdoctor; they need no cluster."""

import json
import sys
import tempfile
import types
import unittest
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
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
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from . import explain, logs
from .cases import CASES, queue
from .files import secrets_printed
from .keys import KEYS
from .live import broker_down, look, no_wal, stale_locks, unserved
from .project import examine, read
from .report import code, printable, report
from .rules import RULES, broker, diagnose, fetch_size, longest_hold, sound
from .running import meets_zero
from .schedules import (
    no_croniter,
    schedule_arguments,
    schedule_function,
    schedule_overdue,
)
from .values import Other, describe, kind, nearest, plain

HOUR = timedelta(hours=1)
QUEUE = {"orm": "default", "workers": 1, "timeout": 9, "retry": 60}


def ids(given: dict) -> list[str]:
    return [finding["id"].partition(".")[2] for finding in diagnose(given)]


def find(rule: Callable, **settings: object) -> list[str]:
    given = {"Q_CLUSTER": QUEUE, "BASE_DIR": "."} | settings
    return [message for message, hint in rule(given)]


class RuleTests(SimpleTestCase):
    def test_every_rule_has_a_case(self):
        self.assertEqual({rule["id"][-4:] for rule in RULES}, set(CASES))

    def test_every_rule_finds_its_mistake_and_nothing_where_it_is_fixed(self):
        for one, (broken, fixed) in CASES.items():
            with self.subTest(one):
                self.assertIn(one, ids(broken))
                self.assertNotIn(one, ids(fixed))

    def find(self, one: str, given: dict) -> list[tuple[str, str]]:
        return [(f["message"], f["hint"]) for f in diagnose(given) if one in f["id"]]

    def test_sqs_wants_whole_numbers(self):
        found = self.find("E003", {"Q_CLUSTER": {"sqs": {}, "retry": 90.5}})
        self.assertEqual(found, [("retry is 90.5, a float", "Make it int.")])

    def test_an_address_of_redis_needs_a_scheme(self):
        found = self.find("E007", {"Q_CLUSTER": {"redis": "queue:6379"}})
        self.assertIn("redis is not an address", found[0][0])

    def test_hints_name_the_word_that_was_meant(self):
        for one, hint in {"W002": "Call it 'max_attempts'.", "E007": "Call it 'host'.",
                          "W019": "Call it 'reports'.",
                          "W006": "Remove 'orm' or 'redis'.",
                          "E008": "Use one of 'default'.",
                          "E011": "Set retry above 270."}.items():  # fmt: skip
            with self.subTest(one):
                self.assertEqual(self.find(one, CASES[one][0])[0][1], hint)

    def test_bulk_without_a_limit(self):
        given = queue(workers=2, timeout=60, retry=90, queue_limit=2, bulk=None)
        self.assertEqual(self.find("W012", given)[0][1], "Set bulk to 1.")

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
        with patch.dict(sys.modules, broken=module):
            return [finding["id"] for finding in examine("broken")]

    def test_settings_of_any_kind_are_read(self):
        good = {"orm": "default", "timeout": 60, "retry": 600, "workers": 2}
        odd = dict.fromkeys(("orm", "workers", "timeout", 3, None), sys)
        self.assertEqual(self.examine(Q_CLUSTER=good), ["django_q.I015"])
        self.assertEqual(self.examine(Q_CLUSTER=["orm"]), ["django_q.E001"])
        self.assertEqual(
            self.examine(Q_CLUSTER=7, CACHES="none", DATABASES=[], LOGGING=object()),
            ["django_q.E001"],
        )
        three = ["django_q.W002", "django_q.W002", "django_q.E003"]
        self.assertEqual(self.examine(Q_CLUSTER=odd)[:3], three)

    def test_a_huge_cluster_is_read_in_part(self):
        huge = {f"{n}{'a' * 10**6}": 10**5000 for n in range(1000)}
        keys = {"orm": "default", "retry": 10**5000, "timeout": 5} | huge
        self.assertEqual(len(self.examine(Q_CLUSTER=keys)), 12)

    def test_a_module_that_cannot_be_imported_is_a_finding(self):
        self.assertEqual(examine("no_such_settings")[0]["id"], "django_q.E000")

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
        def doctor(**keys: object) -> tuple:
            out, good = StringIO(), {"redis": "redis://queue", "timeout": 60}
            try:
                with override_settings(Q_CLUSTER=good | keys, DEBUG=False):
                    call_command("qdoctor", "--settings-only", stdout=out)
            except SystemExit as end:
                return out.getvalue(), end.code
            return out.getvalue(), 0

        self.assertEqual(doctor()[1], 0)
        text, status = doctor(retrys=50)
        self.assertIn("'retrys' is not a key of Q_CLUSTER and is ignored", text)
        self.assertEqual(status, 1)

    def test_checks_with_and_without_deploy(self):
        def check(deploy: bool = False, debug: bool = False, **keys: object) -> set:
            good = queue(workers=2, timeout=60, retry=600, **keys)
            with override_settings(**good, DEBUG=debug):
                found = run_checks(tags=["django_q"], include_deployment_checks=deploy)
            return {message.id for message in found}

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
            "the args of schedule 'count' are not literals: 1, name",
            "the kwargs of schedule 'count' are not literals: a=b",
        ])  # fmt: skip
        for words in ("x", "1", "**{}", "{[1]: 2}", "a) + (b", "{1: 2}"):
            with self.subTest(words):
                self.schedule("math.pow", args="()", kwargs=words)
                self.assertEqual(len(find(schedule_arguments)), 1)
        for words in ("{'q_options': {}}", "a=1"):
            self.schedule("math.pow", args="2, 3", kwargs=words)
            self.assertEqual(find(schedule_arguments), [])

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
        message = "A schedule whose arguments do not parse: could not be checked: "
        found = [f["message"] for f in findings if f["id"] == "django_q.E049"]
        self.assertEqual(len(found), 2)  # Of four rules: an error is reported once.
        self.assertIn(f"{message}AttributeError", found[0])

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
