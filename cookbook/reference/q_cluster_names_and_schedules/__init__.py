"""The keys of Q_CLUSTER that name clusters, run schedules and report errors.

A module of this folder has the name of the key that it shows.
Every example starts from this dictionary and changes only the keys that it names:

>>> from cookbook.harness.trial import Q_CLUSTER
>>> Q_CLUSTER["name"], Q_CLUSTER["orm"]
('shop', 'default')
>>> Q_CLUSTER["workers"], Q_CLUSTER["timeout"], Q_CLUSTER["retry"]
(1, 1, 60)
"""
