"""Migrate under running clusters: expand, deploy, contract.

>>> for step, (succeeded, failed) in step_by_step().items():
...     print(f"{step:27} {succeeded} succeeded, {failed} failed")
old code, old table         2 succeeded, 0 failed
old code, expanded table    2 succeeded, 0 failed
new code, expanded table    2 succeeded, 0 failed
new code, contracted table  2 succeeded, 0 failed
old code, contracted table  0 succeeded, 2 failed
"""

from cookbook.harness.clusters import Cluster

from .releases import call, release, server


def step_by_step():
    """Return how many of two tasks succeeded and failed after each step."""
    with server(tables="0001_initial") as environment:
        old, new = release(environment, "old"), release(environment, "new")
        counted = {}
        with Cluster(old):
            counted["old code, old table"] = call(new, "place", "0001_initial")
            counted["old code, expanded table"] = call(new, "place", "0002_expand")
        with Cluster(new):
            counted["new code, expanded table"] = call(new, "place", "0002_expand")
            counted["new code, contracted table"] = call(new, "place", "0003_contract")
        with Cluster(old):
            counted["old code, contracted table"] = call(new, "place", "0003_contract")
    return counted
