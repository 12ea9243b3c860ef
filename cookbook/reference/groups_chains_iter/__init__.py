"""Several tasks at once: groups, iterables, chains, and results in the cache.

>>> from cookbook.reference.groups_chains_iter import functions
>>> print(*functions("group"))
count_group delete_group fetch_group result_group
>>> print(*functions("iter"), *functions("Iter"))
async_iter Iter
>>> print(*functions("chain"), *functions("Chain"))
async_chain Chain
"""

from django_q import tasks


def functions(word):
    """Return what django_q.tasks defines with this word in its name."""
    return [
        name
        for name, value in sorted(vars(tasks).items())
        if word in name
        and getattr(value, "__module__", "") == tasks.__name__
        and not name.endswith("_cached")
    ]
