"""Migrate under running clusters: expand, deploy, contract.

>>> from cookbook.evidence.deploy_without_downtime.migrations import step_by_step
>>> for step, (succeeded, failed) in step_by_step().items():
...     print(f"{step:27} {succeeded} succeeded, {failed} failed")
old code, old table         2 succeeded, 0 failed
old code, expanded table    2 succeeded, 0 failed
new code, expanded table    2 succeeded, 0 failed
new code, contracted table  2 succeeded, 0 failed
old code, contracted table  0 succeeded, 2 failed
"""

from cookbook.harness.trial import Cluster

from .releases import call, release, server


def step_by_step():
    """Return how many of two tasks succeeded and failed after each step."""
    with server() as environment:
        old, new = release(environment, "old"), release(environment, "new")
        with Cluster(old):
            first = call(new, "place", "0001_initial", "0002_expand")
        with Cluster(new):
            then = call(new, "place", "0002_expand", "0003_contract")
        with Cluster(old):
            last = call(new, "place", "0003_contract")
    return {
        "old code, old table": first[0],
        "old code, expanded table": first[1],
        "new code, expanded table": then[0],
        "new code, contracted table": then[1],
        "old code, contracted table": last[0],
    }
