"""Move the waiting tasks of a queue from one broker to another, through a file.

Needs: redis (with the Redis broker), boto3 (with SQS).
"""
