"""Work for four queues; one name is misspelt, and one task names no queue."""

from django_q.tasks import async_task

from cookbook.harness.trial import journal, wait_until


def place_order():
    async_task(write_report, task_name="report", cluster="long")
    async_task(send_receipt, task_name="receipt", cluster="high")
    async_task(print, "count", task_name="count", cluster="short")
    async_task(print, "news", task_name="news")
    async_task(print, "nobody sees this", task_name="lost", cluster="hihg")


def send_receipt():
    async_task(print, "copy", task_name="copy")  # It names no queue.


def write_report():
    """Take as long as everything else: until the file `others` is there."""
    others = journal().with_name("others")
    wait_until(others.exists, 90, lambda: "the other tasks did not end")
