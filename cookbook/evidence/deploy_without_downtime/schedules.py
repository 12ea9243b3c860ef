"""Set up a schedule of the new release, while only the old one runs, and after it.

>>> from cookbook.evidence.deploy_without_downtime.schedules import deploy
>>> for line in deploy():
...     print(line)
schedules after two runs of set_up: 1
the old release succeeded: False
the new release succeeded: True
"""

from .queued import work
from .releases import call, release, server


def deploy():
    """Set up, let a cluster of each release meet the schedule, and say what came."""
    with server() as environment:
        new = release(environment, "new")
        call(new, "migrate", "0002_expand")
        made = [call(new, "set_up") for _ in range(2)][-1]
        yield f"schedules after two runs of set_up: {made}"
        for name in "old", "new":
            # With a cycle of 30 seconds a cluster looks at the schedules at once.
            work(release(environment, name, guard_cycle=30), 1)
            yield f"the {name} release succeeded: {call(new, 'last')}"
