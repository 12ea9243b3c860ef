"""The exit codes of `qhealth`."""

from enum import IntEnum


class Code(IntEnum):
    meaning: str

    HEALTHY = 0, "nothing is wrong"
    UNKNOWN = 1, "the cache, the database or the broker does not answer"
    USAGE = 2, "an option or Q_CLUSTER_NAME is wrong, or the cache is not shared"
    NO_CLUSTER = 3, "no cluster has a heartbeat"
    STALLED = 4, "a cluster holds tasks, and no result comes"
    LATE = 5, "the oldest task has waited too long"
    POISONED = 6, "a task is unreadable, or is fetched again and again"

    def __new__(cls, number: int, meaning: str) -> "Code":
        code = int.__new__(cls, number)
        code._value_, code.meaning = number, meaning
        return code
