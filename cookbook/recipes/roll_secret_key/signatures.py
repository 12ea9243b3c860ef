"""Sign the packages of a queue anew, without unpickling them."""

from typing import Any

from django.core.signing import BadSignature, Signer
from django_q.conf import Conf
from django_q.models import OrmQ

CHUNK = 100  # Packages of one transaction of Redis; it serves others in between.


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

    Without a queue it takes those of all queues: one table holds them.
    """
    table = OrmQ.objects.using(Conf.ORM)
    rows = table.filter(key__in=queues) if queues else table.all()
    changed = seen = 0
    for row in rows.iterator():
        seen += 1
        fresh = resign(row.payload)
        if fresh != row.payload:  # A row that was acknowledged meanwhile stays away.
            changed += table.filter(pk=row.pk).update(payload=fresh)
    return changed, seen


def resign_list(connection: Any, key: str) -> tuple[int, int]:
    """Sign a list of Redis anew; return how many were changed, and of how many.

    Others may add and take meanwhile: each package is replaced in its place, in one
    transaction, and only if it is still there. What is added meanwhile is not seen.
    """
    packages = [
        package.decode(errors="replace") for package in connection.lrange(key, 0, -1)
    ]
    pairs = [(old, fresh) for old in packages if (fresh := resign(old)) != old]
    changed = 0
    for start in range(0, len(pairs), CHUNK):
        pipe = connection.pipeline(transaction=True)
        for old, fresh in pairs[start : start + CHUNK]:
            pipe.linsert(key, "BEFORE", old, fresh)  # Nothing, if the old one is gone.
            pipe.lrem(key, 1, old)
        changed += sum(pipe.execute()[1::2])
    return changed, len(packages)
