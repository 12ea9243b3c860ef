"""Write payloads to a broker: all of them, or none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.db import connections, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_q.brokers import Broker
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ

Write = Callable[[list[str]], object]
HOUR = 60 * 60  # Seconds that Redis keeps what a killed process has left.
# Move a list to the end of the queue, if it is whole. The client of Redis repeats what
# it got no answer to, so the count stays for a while.
MOVE = """
if redis.call('TYPE', KEYS[1]).ok == 'string' then return redis.call('GET', KEYS[1]) end
local count = redis.call('LLEN', KEYS[1])
if count ~= tonumber(ARGV[1]) then return count end
for _ = 1, count, 1000 do
  redis.call('RPUSH', KEYS[2], unpack(redis.call('LRANGE', KEYS[1], 0, 999)))
  redis.call('LTRIM', KEYS[1], 1000, -1)
end
redis.call('SET', KEYS[1], count, 'EX', 60)
return count
"""


class PartlyEnqueuedError(RuntimeError):
    """A broker that takes one task at a time failed; `count` tasks are in its queue."""

    def __init__(self, count: int, total: int, reason: object) -> None:
        self.count = count
        super().__init__(f"the first {count} of {total} tasks are enqueued: {reason}")


@contextmanager
def writer(broker: Broker) -> Iterator[Write]:
    """Give a function that writes a batch; what it wrote counts when the block ends."""
    # A class with an `enqueue` of its own does more than the stock one.
    stock = type(broker).enqueue.__module__
    many = getattr(broker, "enqueue_many", None)
    if isinstance(broker, ORM) and (many or stock == ORM.__module__):
        rows = rows_of(broker)

        def create(batch: list[str]) -> None:
            now, key = timezone.now(), broker.list_key
            rows.bulk_create(OrmQ(key=key, payload=p, lock=now) for p in batch)

        with transaction.atomic(using=rows.db):
            yield many or create
    elif not many and stock == "django_q.brokers.redis_broker":
        yield from to_redis(broker)
    else:
        payloads: list[str] = []
        yield payloads.extend
        if many:
            many(payloads)
        else:
            one_by_one(broker, payloads)


def rows_of(broker: ORM) -> QuerySet[OrmQ]:
    """Return the table of a broker, and renew a connection that is too old.

    Django-Q2's broker would close a transaction of another database.
    """
    is_stock = type(broker).get_connection is ORM.get_connection
    opened = connections.all(initialized_only=True)
    if is_stock and any(one.in_atomic_block for one in opened):
        return OrmQ.objects.using(Conf.ORM)
    return broker.get_connection()


def to_redis(broker: Broker) -> Iterator[Write]:
    """Collect the batches in a list beside the queue, which is moved in one step."""
    aside, total = f"{{{broker.list_key}}}:{uuid4().hex}", 0
    redis = broker.connection

    def push(batch: list[str]) -> None:
        nonlocal total
        with redis.pipeline() as pipeline:  # MULTI: it never stays without an end.
            pipeline.rpush(aside, *batch).expire(aside, HOUR).execute()
        total += len(batch)

    try:
        yield push
        count = int(redis.eval(MOVE, 2, aside, broker.list_key, total))
    except BaseException:
        redis.delete(aside)
        raise
    if count != total:
        redis.delete(aside)
        raise RuntimeError(
            f"Redis kept {count} of {total} tasks until the last one came, because it "
            "restarted, or needs more memory; no task was enqueued"
        )


def one_by_one(broker: Broker, payloads: list[str]) -> None:
    for count, payload in enumerate(payloads):
        try:
            broker.enqueue(payload)
        except Exception as error:
            raise PartlyEnqueuedError(count, len(payloads), error) from error
