"""stopwaitsecs=100 of the file is enough for these keys.

Needs: supervisor, gunicorn.
"""

Q_CLUSTER = {"workers": 2, "queue_limit": 2, "timeout": 30, "retry": 120}
