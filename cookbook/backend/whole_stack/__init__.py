"""Start gunicorn, Granian and the worker by name, from one setting.

Needs: django-prodserver[django-q2], gunicorn, granian.

An entry of `ARGS` becomes an option of the server's own command line:

>>> from django_prodserver.backends.servers.gunicorn import GunicornServer
>>> GunicornServer(ARGS={"bind": "127.0.0.1:8000", "workers": "2"}).args
['--bind=127.0.0.1:8000', '--workers=2']
"""
