"""Move from Django-Q2 to Procrastinate task by task, and back while you are not sure.

Needs: procrastinate[django], psycopg[binary].
"""
