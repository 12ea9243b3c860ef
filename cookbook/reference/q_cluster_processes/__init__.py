"""The keys of Q_CLUSTER that shape the processes of a cluster, each one changed.

A module of this folder has the name of the key that it shows.
Every example starts from this dictionary and changes only the keys that it names:

>>> from cookbook.harness.trial import Q_CLUSTER
>>> Q_CLUSTER["name"], Q_CLUSTER["orm"]
('shop', 'default')
>>> Q_CLUSTER["workers"], Q_CLUSTER["timeout"], Q_CLUSTER["retry"]
(1, 1, 60)
"""


def numbered(pids):
    """Return the same list with 1 for the first process, 2 for the next, and so on."""
    order = list(dict.fromkeys(pids))
    return [order.index(pid) + 1 for pid in pids]
