"""The tables, the admin, the exception and the environment variables of Django-Q2."""
