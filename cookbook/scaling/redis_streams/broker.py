"""Deliver each task at least once: a Redis stream with a consumer group.

A cluster runs your tasks as before:

>>> from django_q.brokers import get_broker
>>> from django_q.tasks import async_task, result
>>> result(async_task("math.sqrt", 4), wait=60_000)
2.0

A task that no cluster can read becomes a dead letter, and the next one still runs:

>>> broker = get_broker()
>>> task_id = broker.enqueue("signed with another SECRET_KEY")
>>> result(async_task("math.sqrt", 9), wait=60_000)
3.0
>>> [(letter, task, why)] = broker.dead_letters()
>>> task, why
('signed with another SECRET_KEY', 'its signature or content cannot be read')

Put it back once you have fixed the cause:

>>> broker.requeue(letter)
True

Needs: redis.
"""

import os
import re
import socket
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from time import monotonic, sleep
from typing import Any

from django_q.brokers.redis_broker import Redis
from django_q.conf import Conf, logger
from redis import exceptions
from redis.backoff import ConstantBackoff
from redis.retry import Retry

GROUP = "django_q"
AWAY = (exceptions.ConnectionError, exceptions.TimeoutError)
LARGEST = 512 * 2**20  # Bytes of a task: proto-max-bulk-len of Redis.
# Remove an entry; first add its task to a second stream, if there is one.
MOVE = """
local stream, group, id = KEYS[1], ARGV[1], ARGV[2]
local entry = KEYS[2] and redis.call('XRANGE', stream, id, id)[1]
if entry then
  redis.call('XADD', KEYS[2], '*', 'task', entry[2][2], 'why', ARGV[3])
end
redis.call('XACK', stream, group, id)
return redis.call('XDEL', stream, id)
"""
# Claim late tasks, remove consumers of dead clusters, empty the stock broker's list.
LATE = """
local stream, list, group, consumer, retry = KEYS[1], KEYS[2], unpack(ARGV)
local range, late = {stream, group, 'IDLE', retry, '-', '+', ARGV[4]}, {}
for _, task in ipairs(redis.call('XPENDING', unpack(range))) do
  local entry = redis.call('XCLAIM', stream, group, consumer, retry, task[1])[1]
  if entry then
    table.insert(late, {task[1], entry[2][2], task[4]})  -- Fetched so often before.
  else
    redis.call('XACK', stream, group, task[1])  -- Somebody has deleted the entry.
  end
end
for _, other in ipairs(redis.call('XINFO', 'CONSUMERS', stream, group)) do
  if other[4] == 0 and other[6] > tonumber(retry) then  -- No tasks, idle for long.
    redis.pcall('XGROUP', 'DELCONSUMER', stream, group, other[2])
  end
end
for _ = 1, 1000 do
  local task = redis.call('LINDEX', list, 0)
  if not task or redis.pcall('XADD', stream, '*', 'task', task).err then break end
  redis.call('LPOP', list)
end
return late
"""


def text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


class StreamsBroker(Redis):
    next_look = 0.0  # For late tasks, by the clock of monotonic().

    @cached_property
    def stream(self) -> str:
        return f"{self.list_key}:stream"

    @cached_property
    def dead(self) -> str:
        return f"{self.list_key}:dead"

    @cached_property
    def consumer(self) -> str:
        return f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"

    def enqueue(self, task: str) -> str:
        return self.enqueue_many([task])[0]

    def enqueue_many(self, payloads: Sequence[str]) -> list[str]:
        """Enqueue all of these signed tasks, or none; return their ids in order."""
        if (size := max(map(len, payloads), default=0)) > LARGEST:
            what = f"A task has {size:,} bytes, but Redis takes at most {LARGEST:,}."
            raise ValueError(f"{what} Store its data elsewhere, and pass the key.")
        pipeline = self.connection.pipeline(transaction=len(payloads) > 1)
        for payload in payloads:
            pipeline.xadd(self.stream, {"task": payload})
        return [text(task_id) for task_id in pipeline.execute()]

    def dequeue(self) -> list[tuple[str, str]] | None:
        try:
            tasks = self._with_group(self._late) or self._with_group(self._new)
        except AWAY as error:
            logger.error(f"Redis does not answer; the pusher tries again: {error}")
            sleep(1)
            return None
        return [(text(task_id), text(task)) for task_id, task in tasks] or None

    def _with_group(self, call: Callable[[], Any]) -> Any:
        """Make the group if there is none; it begins with the first unfinished task."""
        try:
            return call()
        except exceptions.ResponseError as error:
            if not re.search("NOGROUP|UNBLOCKED", str(error)):
                raise
        try:
            self.connection.xgroup_create(self.stream, GROUP, "0", mkstream=True)
        except exceptions.ResponseError as error:
            if "BUSYGROUP" not in str(error):  # Another cluster has made it.
                raise
        return call()

    def _late(self) -> list[tuple[bytes, bytes]]:
        """Claim tasks that nobody acknowledged in time; bury those out of attempts."""
        if self.next_look > monotonic():
            return []
        keys, retry = (self.stream, self.list_key), int(Conf.RETRY * 1000)
        values = (GROUP, self.consumer, retry, Conf.BULK)
        late, tasks = self.connection.eval(LATE, 2, *keys, *values), []
        self.next_look = 0 if late else monotonic() + 1  # There may be more.
        for task_id, task, times in late:
            if 0 < Conf.MAX_ATTEMPTS <= times:
                self._bury(text(task_id), f"fetched {times} times, never acknowledged")
            else:
                tasks.append((task_id, task))
        return tasks

    def _new(self) -> list[tuple[bytes, bytes]]:
        """Wait for a second, so that a pusher sees that it shall stop."""
        reply = self.connection.xreadgroup(
            GROUP, self.consumer, {self.stream: ">"}, count=Conf.BULK, block=1000
        )
        (entries,) = dict(reply).values() or ([],)
        return [(task_id, next(iter(entry.values()))) for task_id, entry in entries]

    def _bury(self, task_id: str, why: str) -> None:
        self._move(task_id, self.stream, self.dead, why=why)
        logger.error(f"Task {task_id} is now in {self.dead}: {why}")

    def _move(self, task_id: str, *streams: str, why: str = "") -> int:
        return self.connection.eval(MOVE, len(streams), *streams, GROUP, task_id, why)

    def acknowledge(self, task_id: str) -> int:
        """Wait until Redis is back, because an exception kills the monitor."""
        patience = Retry(ConstantBackoff(1), int(Conf.RETRY), AWAY)
        move = partial(self._move, task_id, self.stream)
        return patience.call_with_retry(move, lambda error: None)

    delete = acknowledge

    def fail(self, task_id: str) -> None:
        """Django-Q2 calls this for a task that it cannot read."""
        self._bury(task_id, "its signature or content cannot be read")

    def dead_letters(self) -> list[tuple[str, ...]]:
        """Return the id of each letter, its signed task, and why it is here."""
        letters = self.connection.xrange(self.dead)
        return [(text(key), *map(text, entry.values())) for key, entry in letters]

    def requeue(self, letter_id: str) -> bool:
        """Put a dead letter back into the queue, with a new number of attempts."""
        return bool(self._move(letter_id, self.dead, self.stream))

    def _in_time(self) -> int:
        """Count the fetched tasks that are not late."""
        fetched = self.connection.xpending(self.stream, GROUP)["pending"]
        late = self.connection.xpending_range(
            self.stream, GROUP, "-", "+", max(fetched, 1), idle=int(Conf.RETRY * 1000)
        )
        return fetched - len(late)

    def queue_size(self) -> int:
        fetched = self.lock_size()
        waiting = self.connection.xlen(self.stream) - fetched
        return max(waiting, 0) + self.connection.llen(self.list_key)

    def lock_size(self) -> int:
        return self._with_group(self._in_time)

    def delete_queue(self) -> int:
        return self.connection.delete(self.stream, self.list_key)

    purge_queue = delete_queue

    def ping(self) -> bool:
        """Warn when a cluster starts and its Redis may delete the queue."""
        memory = self.connection.info("memory") if super().ping() else {}
        policy = memory.get("maxmemory_policy", "")
        if memory.get("maxmemory") and policy.startswith("allkeys"):
            what = f"its maxmemory-policy is {policy}. Set it to noeviction."
            logger.warning(f"Redis deletes waiting tasks when memory is full: {what}")
        return True
