"""Start a workflow, ask for its progress, and show its page.

A POST returns 202, the run as JSON, and the URL of its status in the header
`Location`. In `python manage.py shell`:

>>> from django.contrib.auth import get_user_model
>>> from django.test import Client
>>> from django.urls import reverse
>>> from django_q.tasks import result
>>> ada, _ = get_user_model().objects.get_or_create(username="ada")
>>> browser = Client(SERVER_NAME="localhost")
>>> browser.force_login(ada)
>>> wanted = {"workflow": "report", "inputs": '{"pages": 2, "seconds": 0}'}
>>> answer = browser.post(reverse("long_workflow:start"), wanted)
>>> answer.status_code, answer.json()["status"]
(202, 'queued')
>>> result(f"workflow-{answer.json()['id']}", wait=10_000)
'completed'
>>> run = browser.get(answer["Location"]).json()
>>> run["status"], run["progress"], run["outputs"]
('completed', 100, {'pages': 2})
>>> page = browser.get(run["page"])
>>> '<progress max="100" value="100">' in page.text
True
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .forms import StartForm
from .models import WorkflowRun
from .tasks import queue_workflow


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return 401 where `login_required` would redirect to the login page."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return JsonResponse({"error": "sign in"}, status=401)
        return view(request, *args, **kwargs)

    return answer


def start(request: HttpRequest) -> HttpResponse:
    """Start a run (POST), or show the form that does so."""
    return queue(request) if request.method == "POST" else show_form(request)


@login_required
@require_safe
def show_form(request: HttpRequest) -> HttpResponse:
    form = StartForm(initial={"inputs": {"pages": 20}})
    return render(request, "long_workflow/start.html", {"form": form})


@signed_in
def queue(request: HttpRequest) -> HttpResponse:
    """Queue a run, and return 202 with the URL of its status; 503 without a broker."""
    form = StartForm(request.POST)
    if not form.is_valid():
        return JsonResponse(form.errors, status=400)
    run = queue_workflow(request.user, **form.cleaned_data)
    if run.error:
        return JsonResponse({"error": run.error}, status=503)
    address = reverse("long_workflow:status", args=[run.pk])
    return JsonResponse(describe(run), status=202, headers={"Location": address})


@never_cache
@signed_in
def status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return a run of this user, with its progress, as JSON."""
    run = get_object_or_404(WorkflowRun, pk=pk, user=request.user)
    run.fail_if_lost()
    return JsonResponse(describe(run))


@login_required
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the page of a run, which polls `status`."""
    run = get_object_or_404(WorkflowRun, pk=pk, user=request.user)
    return render(request, "long_workflow/run.html", {"run": run})


def describe(run: WorkflowRun) -> dict[str, Any]:
    names = "id workflow status progress outputs error created started finished"
    facts = {name: getattr(run, name) for name in names.split()}
    return facts | {"page": run.get_absolute_url()}
