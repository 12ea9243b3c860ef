"""The keys of Q_CLUSTER that shape the processes of a cluster."""


def number(pids):
    """Return the same list with 1 for the first process, 2 for the next, and so on."""
    order = list(dict.fromkeys(pids))
    return [order.index(pid) + 1 for pid in pids]
