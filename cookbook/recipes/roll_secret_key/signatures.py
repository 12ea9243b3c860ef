"""Sign the packages of a queue anew, without unpickling them."""

from itertools import chain
from typing import Any

from django.core.signing import BadSignature, Signer
from django_q.conf import Conf
from django_q.models import OrmQ

PAGE = 1000  # Rows of one query.
CHUNK = 100  # Packages of one call of Redis; it serves others in between.
# Clusters take from the head, so a package is where it was, or nearer to the head. One
# that was taken is not found. ARGV: how many were taken, then places, old and new ones.
# LPOS looks for it at once; Redis answers nobody else while the script runs.
SWAP = """
local shift, changed = tonumber(ARGV[1]), 0
for n = 2, #ARGV, 3 do
  local before, old, new = tonumber(ARGV[n]), ARGV[n + 1], ARGV[n + 2]
  local place = before - shift
  if place < 0 or redis.call('LINDEX', KEYS[1], place) ~= old then
    place = redis.call('LPOS', KEYS[1], old)
  end
  if place then
    redis.call('LSET', KEYS[1], place, new)
    changed = changed + 1
  end
  shift = before - (place or -1)
end
return {shift, changed}
"""


def resign(package: str) -> str:
    """Return a package signed with SECRET_KEY.

    It must be signed with that key, or with one of SECRET_KEY_FALLBACKS; any other
    is returned as it is, and the pusher will refuse it.
    """
    signer = Signer(salt=Conf.PREFIX)
    try:
        return signer.sign(signer.unsign(package))
    except BadSignature:
        return package


def resign_rows(queues: list[str]) -> tuple[int, int]:
    """Sign the rows of some queues anew; return how many were changed, and of how many.

    Without a queue it takes those of all queues: one table holds them. Others may add
    and take meanwhile; what is added meanwhile is not seen.
    """
    table = OrmQ.objects.using(Conf.ORM)
    rows = (table.filter(key__in=queues) if queues else table).order_by("pk")
    newest, last = rows.last(), 0
    changed = total = 0
    # In pages: SQLite refuses to write while it still reads what others have changed.
    while newest and (page := rows.filter(pk__gt=last, pk__lte=newest.pk)[:PAGE]):
        for row in page:
            last, total = row.pk, total + 1
            fresh = resign(row.payload)
            if fresh != row.payload:  # An acknowledged row stays away.
                changed += table.filter(pk=row.pk).update(payload=fresh)
    return changed, total


def resign_list(connection: Any, key: str) -> tuple[int, int]:
    """Sign a list of Redis anew; return how many were changed, and of how many.

    Others may add and take meanwhile: each package is replaced in its place, if it is
    still there. What is added meanwhile is not seen.
    """
    values = connection.lrange(key, 0, -1)
    packages = [package.decode(errors="replace") for package in values]
    swaps = [
        (place, old, fresh)
        for place, old in enumerate(packages)
        if (fresh := resign(old)) != old
    ]
    shift = changed = 0
    for start in range(0, len(swaps), CHUNK):
        arguments = chain.from_iterable(swaps[start : start + CHUNK])
        shift, count = connection.eval(SWAP, 1, key, shift, *arguments)
        changed += count
    return changed, len(packages)
