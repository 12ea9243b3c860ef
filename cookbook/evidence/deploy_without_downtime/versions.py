"""Run two releases side by side on one queue, then on a queue each.

>>> from cookbook.evidence.deploy_without_downtime.versions import side_by_side
>>> what = side_by_side()

The careful release still sends what both accept, and each takes some of the tasks:

>>> sorted(what["sent as before"])
['charged', 'charged in EUR']

It begins to send what only it accepts, while the old release is still there:

>>> sorted(what["sent with a currency"])
['charged in USD', 'failed']

It sends ten tasks to a queue that only it serves:

>>> what["sent to its own queue"]
{'charged in USD': 10}
"""

from contextlib import ExitStack

from cookbook.harness.trial import Cluster

from .releases import call, release, server


def side_by_side():
    """Start the old and the careful release, and count what tasks come to."""
    with server() as environment, ExitStack() as stack:
        old = release(environment, "old")
        careful = release(environment, "careful")
        apart = release(environment, "careful", cluster_name="shop-2")
        started = [Cluster(each).start() for each in (old, careful, apart)]
        for cluster in started:
            stack.enter_context(cluster.wait())
        return call(careful, "send")
