"""What three releases of Django-Q2 have, and which examples an older one fails.

The code of all three is compared, and one module runs on the oldest release:

>>> from cookbook.evidence.what_changed_between_versions import measure
>>> small = measure(older=["1.9.0"], modules=["commands/__init__.py"], times=0)
>>> small["examples_run"] > 0
True
>>> for change in small["rows"]:
...     print(*list(change.values())[:2])
1.10.0 The migration `0019_alter_task_options_alter_ormq_key_alter_ormq...
1.10.0 The signal `post_execute_in_worker` is new
"""

from cookbook.site.figures import table

from .code import differences, facts
from .examples import failures, reference, run
from .releases import RELEASES, install
from .words import changes


def measure(older=("1.9.0", "1.10.0"), modules=None, times=20):
    """Compare the code, run modules of the reference on older releases, stop clusters.

    `times` is the number of clusters for each case and release.
    """
    from . import stops  # It imports django_q, and Sphinx reads this module.

    modules = modules or reference()
    code = [facts(install(release) / "django_q") for release in RELEASES]
    rows = []
    for since, before, after in zip(RELEASES[1:], code, code[1:], strict=False):
        rows += differences(since, before, after)
    examples, broken, failed = 0, 0, {}
    for release in older:
        count, modules_failed, report = run(release, modules)
        examples += count
        broken += modules_failed
        since = RELEASES[RELEASES.index(release) + 1]
        # The newest release that fails an example says what it prints.
        failed |= {one["what"]: one for one in failures(since, report)}
    rows += failed.values()
    return {
        "rows": changes(rows),
        "differences": table(rows),
        "facts": len(code[-1]),
        "modules": len(modules),
        "modules_failed": broken,
        "examples_run": examples,
        "examples_failed": len(failed),
        "times": times,
        "stops": table(stops.rows(times)) if times else "",
    }
