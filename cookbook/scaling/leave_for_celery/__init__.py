"""Move from Django-Q2 to Celery task by task, and back while you are not sure.

Needs: celery[redis].
"""
