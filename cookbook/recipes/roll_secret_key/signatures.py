"""Sign packages of the queue anew, without unpickling them."""

from django.core.signing import BadSignature, Signer
from django_q.conf import Conf
from django_q.models import OrmQ


def resign(package):
    """Return a package signed with SECRET_KEY.

    It must be signed with that key, or with one of SECRET_KEY_FALLBACKS; any other
    is returned as it is, and the pusher will refuse it.
    """
    signer = Signer(salt=Conf.PREFIX)
    try:
        return signer.sign(signer.unsign(package))
    except BadSignature:
        return package


def resign_rows():
    """Sign every row of the ORM broker anew; return how many were changed."""
    changed = 0
    for row in OrmQ.objects.using(Conf.ORM).iterator():
        fresh = resign(row.payload)
        if fresh != row.payload:
            same = OrmQ.objects.using(Conf.ORM).filter(pk=row.pk)
            changed += same.update(payload=fresh)
    return changed


def resign_list(connection, key):
    """Sign every package of a Redis list anew; return how many were changed.

    A client may add or take while this goes on: then Redis refuses the change, and
    it is tried again.
    """

    def swap(pipe):
        nonlocal changed
        old = [package.decode() for package in pipe.lrange(key, 0, -1)]
        pipe.multi()
        fresh = {place: resign(package) for place, package in enumerate(old)}
        changed = [place for place in fresh if fresh[place] != old[place]]
        for place in changed:
            pipe.lset(key, place, fresh[place])

    changed = []
    connection.transaction(swap, key)
    return len(changed)
