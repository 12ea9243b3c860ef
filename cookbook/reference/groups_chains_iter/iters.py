"""Call one function with each of many arguments, and get one list of results.

>>> from django.core.management import call_command
>>> from django_q.brokers import get_broker
>>> from django_q.models import Task
>>> from django_q.tasks import Iter, async_iter, fetch, queue_size, result
>>> call_command("createcachetable")
>>> squares = async_iter(pow, [(2, 2), (3, 2), (4, 2)])
>>> sorted(result(squares, wait=30_000))
[4, 9, 16]

A tuple is several arguments, anything else is one:

>>> sorted(result(async_iter(len, ["a", "bb", [1, 2, 3]]), wait=30_000))
[1, 2, 3]

The database gets one row for all of them:

>>> task = fetch(squares)
>>> task.args, task.group, Task.objects.count()
([(2, 2), (3, 2), (4, 2)], None, 2)

A failure is one of the results, as text, and the row counts as a success if the
last call to end was one:

>>> mixed = fetch(async_iter(abs, ["x", -1], ack_failure=True), wait=30_000)
>>> mixed.success, [str(r).split(" : ")[0] for r in mixed.result]
(True, ["bad operand type for abs(): 'str'", '1'])

cached puts the list into the cache instead:

>>> kept = async_iter(abs, [-1, -2], cached=60)
>>> sorted(result(kept, wait=30_000, cached=True)), result(kept)
([1, 2], None)

A hook is dropped, and so is the name of a cluster; a broker counts:

>>> both = async_iter(abs, [-7], hook=print, cluster="mail")
>>> fetch(both, wait=30_000).hook, queue_size(get_broker("mail"))
(None, 0)
>>> async_iter(abs, [-7, -8], broker=get_broker("mail")) and 0
0
>>> queue_size(get_broker("mail"))
2

A generator has no length; from no arguments no result ever comes:

>>> async_iter(abs, (n for n in range(3)))
Traceback (most recent call last):
    ...
TypeError: object of type 'generator' has no len()
>>> result(async_iter(abs, []), wait=500)

Iter collects the arguments first:

>>> areas = Iter(pow, [(2, 2)])
>>> areas.append(3, 2), areas.length(), areas.result()
(2, 2, None)
>>> areas.run() == areas.id
True
>>> sorted(areas.result(wait=30_000)), areas.fetch().success
([4, 9], True)

Another argument makes it forget that it ran:

>>> areas.append(4, 2), areas.result()
(3, None)
"""
