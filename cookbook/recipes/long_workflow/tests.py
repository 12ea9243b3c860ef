"""Test faults, races and bad input. No cluster is needed."""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.test import Client, TransactionTestCase
from django.urls import reverse
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.exceptions import TimeoutException
from django_q.signing import SignedPackage

from .models import WorkflowRun
from .tasks import execute_workflow, queue_workflow
from .workflows import JSON, WORKFLOWS, Progress

Status = WorkflowRun.Status


async def date(inputs: JSON, progress: Progress) -> JSON:
    return {"at": datetime.now()}


async def ratio(inputs: JSON, progress: Progress) -> JSON:
    return {"ratio": float("nan")}


async def nul(inputs: JSON, progress: Progress) -> JSON:
    raise ValueError("a \0 and a \ud800")


async def hang(inputs: JSON, progress: Progress) -> JSON:
    raise TimeoutException("Task exceeded maximum timeout value (1 seconds)")


class Workflows(TransactionTestCase):
    def setUp(self):
        self.enterContext(patch.dict(WORKFLOWS, {w.__name__: w for w in FAULTS}))
        self.ada = get_user_model().objects.create_user("ada")

    def run_of(self, workflow: str = "report", **facts: object) -> WorkflowRun:
        inputs = {"pages": 1, "seconds": 0}
        facts = {"user": self.ada, "inputs": inputs} | facts
        return WorkflowRun.objects.create(workflow=workflow, **facts)


FAULTS = (date, ratio, nul, hang)


class ExecuteTests(Workflows):
    def test_each_fault_fails_the_run_and_the_task_and_is_logged(self):
        for fault in FAULTS:
            run = self.run_of(fault.__name__)
            with (
                self.subTest(fault.__name__),
                self.assertLogs(execute_workflow.__module__, "ERROR") as logs,
                self.assertRaises(BaseException) as caught,
            ):
                execute_workflow(run.pk)
            run.refresh_from_db()
            self.assertEqual(run.status, Status.FAILED)
            self.assertIn(type(caught.exception).__name__, run.error)
            self.assertIsNone(run.outputs)
            # The same text for each run, so that error trackers can group them.
            self.assertEqual(
                logs.records[0].getMessage(), f"Workflow {fault.__name__} failed"
            )
            self.assertIs(logs.records[0].exc_info[1], caught.exception)

    def test_what_no_database_stores_is_taken_out_of_the_error(self):
        run = self.run_of("nul")
        with self.assertLogs(), self.assertRaises(ValueError):
            execute_workflow(run.pk)
        run.refresh_from_db()
        self.assertEqual(run.error, "ValueError: a  and a ?")

    def test_a_workflow_that_is_gone_fails_its_run(self):
        run = self.run_of("gone")
        with self.assertLogs(), self.assertRaises(KeyError):
            execute_workflow(run.pk)
        run.refresh_from_db()
        self.assertEqual(run.error, "KeyError: 'gone'")

    def test_a_second_delivery_leaves_a_run_alone(self):
        run = self.run_of()
        self.assertEqual(execute_workflow(run.pk), "completed")
        self.assertEqual(execute_workflow(run.pk), "completed")
        run.refresh_from_db()
        self.assertEqual((run.deliveries, run.progress), (2, 100))

    def test_a_second_delivery_of_a_run_that_runs_does_not_start_it(self):
        run = self.run_of(status=Status.RUNNING, started=timezone.now())
        self.assertEqual(execute_workflow(run.pk), "running")

    def test_a_second_delivery_fails_a_run_whose_worker_died(self):
        started = timezone.now() - timedelta(hours=1)
        run = self.run_of(status=Status.RUNNING, started=started)
        self.assertEqual(execute_workflow(run.pk), "failed")

    def test_the_first_end_counts(self):
        run = self.run_of(status=Status.RUNNING, started=timezone.now())
        other = WorkflowRun.objects.get(pk=run.pk)
        other.finish(Status.COMPLETED, outputs={"pages": 1})
        run.finish(Status.FAILED, error="late")
        self.assertEqual((run.status, run.outputs), (Status.COMPLETED, {"pages": 1}))


class QueueTests(Workflows):
    def test_the_timeout_of_the_cluster_is_the_default_and_the_most(self):
        with patch.object(Conf, "TIMEOUT", 30):
            self.assertEqual(queue_workflow(self.ada, "report", {}).timeout, 30)
            for seconds in (31, 0, -1):
                with self.assertRaisesMessage(ValueError, "is 1 to 30 s, not"):
                    queue_workflow(self.ada, "report", {}, timeout=seconds)

    def test_a_cluster_without_a_timeout(self):
        with patch.object(Conf, "TIMEOUT", None):
            self.assertEqual(queue_workflow(self.ada, "report", {}).timeout, 600)

    def test_a_timeout_of_a_day_can_be_stored(self):
        with patch.object(Conf, "TIMEOUT", 86_400):
            self.assertEqual(queue_workflow(self.ada, "report", {}).timeout, 86_400)


class ViewTests(Workflows):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.ada)

    def start(self, inputs: str, workflow: str = "report"):
        wanted = {"workflow": workflow, "inputs": inputs}
        return self.client.post(reverse("long_workflow:start"), wanted)

    def test_inputs_that_cannot_be_stored_are_refused(self):
        for inputs in (
            '{"a": "\\u0000"}', '{"a": 1e400}', '{"a": NaN}', '{"a": "\\ud800"}',
            '{"a": ' + "9" * 5000 + "}", "[" * 100_000, "[" * 2000 + "]" * 2000,
            '{"a": ' + "[" * 100 + "]" * 100 + "}", "{", "[1]", '"abc"', "7",
        ):  # fmt: skip
            with self.subTest(inputs[:20]):
                answer = self.start(inputs)
                self.assertEqual((answer.status_code, list(answer.json())),
                                 (400, ["inputs"]))  # fmt: skip
        self.assertEqual(get_broker().queue_size(), 0)

    def test_inputs_that_can_be_stored_are_stored(self):
        deep = '{"a": ' + "[" * 99 + "]" * 99 + "}"
        for inputs in (
            '{"a": "\\\\u0000"}', '{"a": "\\ud83d\\ude00"}', deep, "{}", "",
        ):  # fmt: skip
            with self.subTest(inputs):
                answer = self.start(inputs)
                self.assertEqual(answer.status_code, 202)
                run = WorkflowRun.objects.get(pk=answer.json()["id"])
                self.assertEqual(run.inputs, json.loads(inputs or "{}"))

    def test_a_run_that_the_broker_did_not_take_has_failed(self):
        down = patch.object(
            type(get_broker()), "enqueue", side_effect=OSError("a secret address")
        )
        with down, self.assertLogs(execute_workflow.__module__, "ERROR"):
            answer = self.start("{}")
        reason = "it was not queued: OSError"
        self.assertEqual((answer.status_code, answer.json()), (503, {"error": reason}))
        run = WorkflowRun.objects.get()
        self.assertEqual((run.status, run.error), (Status.FAILED, reason))
        self.assertEqual(execute_workflow(run.pk), "failed")

    def test_an_unknown_workflow_is_refused(self):
        self.assertEqual(list(self.start("{}", "novel").json()), ["workflow"])

    def test_a_short_timeout_of_the_cluster_is_no_error(self):
        with patch.object(Conf, "TIMEOUT", 30):
            self.assertEqual(self.start("{}").status_code, 202)

    def test_the_form_starts_a_run_and_sends_a_csrf_token(self):
        browser, address = (
            Client(enforce_csrf_checks=True),
            reverse("long_workflow:start"),
        )
        browser.force_login(self.ada)
        page = browser.get(address)
        self.assertContains(page, "csrfmiddlewaretoken")
        self.assertContains(page, "{&quot;pages&quot;: 20}")
        wanted = {"workflow": "report", "inputs": '{"pages": 20}'}
        self.assertEqual(browser.post(address, wanted).status_code, 403)
        wanted["csrfmiddlewaretoken"] = browser.cookies["csrftoken"].value
        answer = browser.post(address, wanted)
        self.assertEqual(answer.status_code, 202)
        self.assertEqual(browser.get(answer.json()["page"]).status_code, 200)
        self.assertEqual(browser.put(address).status_code, 403)
        self.assertEqual(self.client.put(address).status_code, 405)

    def test_a_failed_run_leaves_the_queue_whatever_the_cluster_says(self):
        with patch.object(Conf, "ACK_FAILURES", False):
            self.start("{}")
        broker = get_broker()
        package = broker.dequeue()[0][1]
        self.assertIs(SignedPackage.loads(package)["ack_failure"], True)

    def test_without_a_session_the_answer_is_401_and_the_page_asks_to_sign_in(self):
        run, stranger = self.run_of(), Client()
        status = reverse("long_workflow:status", args=[run.pk])
        self.assertEqual(stranger.get(status).status_code, 401)
        self.assertEqual(stranger.post(reverse("long_workflow:start")).status_code, 401)
        self.assertEqual(stranger.get(run.get_absolute_url()).status_code, 302)
        self.assertEqual(stranger.get(reverse("long_workflow:start")).status_code, 302)

    def test_nobody_sees_the_runs_of_others(self):
        run = self.run_of(user=get_user_model().objects.create_user("bob"))
        status = reverse("long_workflow:status", args=[run.pk])
        self.assertEqual(self.client.get(status).status_code, 404)
        self.assertEqual(self.client.get(run.get_absolute_url()).status_code, 404)

    def test_the_status_of_a_lost_run_is_failed(self):
        run = self.run_of(
            status=Status.RUNNING, started=timezone.now() - timedelta(hours=1)
        )
        status = self.client.get(reverse("long_workflow:status", args=[run.pk]))
        self.assertEqual(status.json()["status"], "failed")


class AdminTests(Workflows):
    def setUp(self):
        super().setUp()
        self.client.force_login(get_user_model().objects.create_superuser("root"))
        place = f"admin:{WorkflowRun._meta.app_label}_workflowrun_changelist"
        self.url = reverse(place)

    def run_again(self, run: WorkflowRun):
        chosen = {"action": "run_again", "_selected_action": run.pk}
        return self.client.post(self.url, chosen, follow=True)

    def test_a_run_runs_again_as_a_new_one(self):
        run = self.run_of(timeout=1)
        with suppress(BaseException):
            execute_workflow(run.pk)
        self.assertContains(self.run_again(run), "queued again")
        again = WorkflowRun.objects.exclude(pk=run.pk).get()
        self.assertEqual((again.inputs, again.status), (run.inputs, Status.QUEUED))

    def test_a_timeout_that_is_too_long_by_now_is_said(self):
        with patch.object(Conf, "TIMEOUT", 30):
            self.assertContains(self.run_again(self.run_of()), "is 1 to 30 s, not 600")
        self.assertEqual(WorkflowRun.objects.count(), 1)

    def test_nobody_adds_a_run_by_hand(self):
        self.assertEqual(self.client.get(f"{self.url}add/").status_code, 403)
