"""Count duplicates and overlaps while processes, clusters and servers are killed."""


def measure(tasks=200, processes=8, kills=6, ways=None, names=None):
    from . import keys, locks

    counts = {
        way: keys.count(way, tasks, processes, kills // 2) for way in ways or keys.WAYS
    }
    names = locks.WAYS if names is None else names
    return {
        "tasks": tasks,
        "processes": processes,
        "kills": kills,
        "age": keys.AGE,
        "expiry": locks.AGE,
        "enqueued": counts,
        "extra": counts["cache.get, cache.set"]["queued"] - tasks,
        "rows": [locks.row(way, tasks, kills) for way in names],
    }
