"""sqs: the keywords for a session of boto3, and one for the time to wait.

Needs: boto3.

The queue is made in the region, under the name of the cluster:

>>> from cookbook.reference.q_cluster_brokers.sqs import late, new_sqs, queue, run, size
>>> with new_sqs() as there:
...     queue(there, sqs={"aws_region": "eu-central-1"})
...     queue(there, sqs={}, name="books")
'eu-central-1 shop'
'us-east-1 books'

A queue of one region is empty in another:

>>> with new_sqs() as there:
...     size(there, send=True, sqs={"aws_region": "eu-central-1"})
...     size(there, send=False, sqs={"aws_region": "eu-west-1"})
1
0

A request to an empty queue, into which a task is sent two seconds later:

>>> with new_sqs() as there:
...     late(there, sqs={})
...     late(there, sqs={"receive_message_wait_time_seconds": 20})
'nothing came'
'a task came'

A cluster runs a task:

>>> with new_sqs() as there:
...     run(there, sqs={"receive_message_wait_time_seconds": 1})
1

At the edges:

>>> from cookbook.reference.q_cluster_brokers.sqs import edges, sub_keys
>>> print(edges())
| Value | What happens |
| --- | --- |
| Time to wait: a string | `ValueError: receive_message_wait_time_seconds should ...` |
| Time to wait: 21 | `ValueError: receive_message_wait_time_seconds is invalid. ...` |
| `retry`: 1.5 | `ParamValidationError: Parameter validation failed:` |
| `bulk`: 25 | 10 of 12 tasks at once |
| `endpoint_url` | `TypeError: Session.__init__() got an unexpected keyword ...` |
| No region | `NoRegionError: You must specify a region.` |

Every sub-key:

>>> import textwrap
>>> print(textwrap.fill(", ".join(sub_keys()), 72))
aws_access_key_id, aws_account_id, aws_region, aws_secret_access_key,
aws_session_token, botocore_session, profile_name,
receive_message_wait_time_seconds, region_name
"""

import ast
from contextlib import contextmanager
from inspect import signature
from threading import Timer

from django_q.brokers import get_broker
from django_q.tasks import async_task, result

from cookbook import upstream
from cookbook.harness.trial import beside, note, sqs_server, workspace

from . import ask, code, short_table

SOURCE = upstream.SOURCE.parent / "brokers/aws_sqs.py"


@contextmanager
def new_sqs():
    """Give the environment of a new project that reaches a new, empty SQS."""
    with sqs_server() as aws, workspace({}) as project:
        yield project | aws


def address():
    broker = get_broker()
    return f"{broker.connection.region_name} {broker.queue.url.split('/')[-1]}"


def queue(there, **keys):
    """Return the region and the name of the queue that a broker uses."""
    return ask(address, project=there, **keys)


def count(send):
    if send:
        async_task(abs, -1)
    return get_broker().queue_size()


def size(there, send, **keys):
    """Send a task or none; return how many the queue holds."""
    return ask(count, send, project=there, **keys)


def receive():
    """Ask an empty queue once for a task, which is sent two seconds later."""
    broker = get_broker()
    sender = Timer(2, async_task, [abs, -1])
    sender.start()
    try:
        return "a task came" if broker.dequeue() else "nothing came"
    finally:
        sender.join()


def late(there, **keys):
    return ask(receive, project=there, **keys)


def fetch():
    """Send twelve tasks; return how many the broker takes at once."""
    broker = get_broker()  # A broker per task would be a session of boto3 per task.
    for number in range(12):
        async_task(abs, -number, broker=broker)
    return len(broker.dequeue())


def take(there, **keys):
    return ask(fetch, project=there, **keys)


def work():
    """Start a cluster, let it do a task and return its result."""
    return beside(lambda: result(async_task(abs, -1), wait=20_000))


def run(there, **keys):
    """Start a cluster with this SQS and return the result of a task."""
    note("cluster")
    return ask(work, project=there, **keys)


def sub_keys():
    """Return what boto3's Session takes, and what the broker reads beside it.

    That is each text in its source that is looked for in the dictionary.
    """
    from boto3 import Session

    own = {
        node.left.value
        for node in ast.walk(ast.parse(SOURCE.read_text()))
        if isinstance(node, ast.Compare)
        and ast.unparse(node.comparators[0]) in {"config_cloned", "sqs_config"}
    }
    return sorted(own | signature(Session).parameters.keys())


def edges():
    wait = "receive_message_wait_time_seconds"
    with new_sqs() as there:
        address = {"endpoint_url": there["AWS_ENDPOINT_URL"]}
        rows = {
            "Time to wait: a string": code(take(there, sqs={wait: "20"})),
            "Time to wait: 21": code(take(there, sqs={wait: 21})),
            "`retry`: 1.5": code(take(there, sqs={}, retry=1.5)),
            "`bulk`: 25": f"{take(there, sqs={}, bulk=25)} of 12 tasks at once",
            "`endpoint_url`": code(queue(there, sqs=address)),
        }
        del there["AWS_DEFAULT_REGION"]
        rows["No region"] = code(queue(there, sqs={}))
    return short_table(rows)
