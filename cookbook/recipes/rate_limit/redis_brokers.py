"""The same for the Redis broker; the limit stays in the database.

Needs: redis (with the Redis broker).
"""

from django_q.brokers.redis_broker import Redis

from .brokers import Limited


class LimitedRedis(Limited, Redis):
    plain = Redis
