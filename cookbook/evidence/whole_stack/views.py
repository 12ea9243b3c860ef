"""A page that enqueues a task, and a page that shows its result."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django_q.tasks import async_task, result

from .tasks import count_words

FORM = """<!doctype html><title>Count words</title>
<form method="post">{% csrf_token %}<input name="text"><button>Count</button></form>
"""


def count(request):
    if request.method == "POST":
        return redirect("counted", async_task(count_words, request.POST["text"]))
    return HttpResponse(engines["django"].from_string(FORM).render({}, request))


def counted(request, task_id):
    words, group = result(task_id) or (None, None)
    if words is None:
        return HttpResponse("not yet", status=202)
    return HttpResponse(f"{words} words, counted in process group {group}")
