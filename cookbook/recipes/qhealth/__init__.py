"""Ask whether the clusters live and their queue moves; the exit code is the answer.

Needs: redis (with the Redis broker).
"""
