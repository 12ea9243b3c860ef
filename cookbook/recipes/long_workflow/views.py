"""Start a workflow, ask how far it is, watch it.

>>> from django.urls import reverse
>>> from django.contrib.auth import get_user_model
>>> from django.test import Client
>>> from django_q.tasks import result
>>> ada, bob = map(get_user_model().objects.create_user, ["ada", "bob"])
>>> browser = Client(SERVER_NAME="localhost")
>>> browser.force_login(ada)
>>> wanted = {"workflow": "report", "inputs": '{"pages": 2, "seconds": 0}'}
>>> accepted = browser.post(reverse("long_workflow:start"), wanted)
>>> accepted.status_code, accepted.json()["status"]
(202, 'queued')
>>> accepted["Location"]
'/.../status/'

The browser polls that address until the run is over:

>>> result(f"workflow-{accepted.json()['id']}", wait=10_000)
'completed'
>>> run = browser.get(accepted["Location"]).json()
>>> run["status"], run["progress"], run["outputs"]
('completed', 100, {'pages': 2})

The page shows the same numbers before its script has asked for them:

>>> page = browser.get(run["page"])
>>> '<progress max="100" value="100">' in page.content.decode()
True

A request that makes no sense queues nothing, and nobody sees the runs of others:

>>> refused = browser.post(reverse("long_workflow:start"), {"workflow": "novel"})
>>> refused.status_code, sorted(refused.json())
(400, ['inputs', 'workflow'])
>>> browser.force_login(bob)
>>> browser.get(accepted["Location"]).status_code
404
"""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from .models import WorkflowRun
from .tasks import queue_workflow
from .workflows import WORKFLOWS


class StartForm(forms.Form):
    workflow = forms.ChoiceField(choices=[(name, name) for name in WORKFLOWS])
    inputs = forms.JSONField()


@login_required
@require_POST
def start(request):
    """Answer 202 at once, with the address at which to ask."""
    form = StartForm(request.POST)
    if not form.is_valid():
        return JsonResponse(form.errors, status=400)
    run = queue_workflow(request.user, **form.cleaned_data)
    address = reverse("long_workflow:status", args=[run.pk])
    return JsonResponse(described(run), status=202, headers={"Location": address})


@never_cache
@login_required
def status(request, pk):
    """Say how far a run of this user is, as JSON."""
    run = get_object_or_404(WorkflowRun, pk=pk, user=request.user)
    run.fail_if_lost()
    return JsonResponse(described(run))


@login_required
def page(request, pk):
    """Show a run; the page goes on asking `status` by itself."""
    run = get_object_or_404(WorkflowRun, pk=pk, user=request.user)
    return render(request, "long_workflow/run.html", {"run": run})


def described(run):
    shown = "id workflow status progress outputs error created started finished"
    facts = {name: getattr(run, name) for name in shown.split()}
    return facts | {"page": run.get_absolute_url()}
