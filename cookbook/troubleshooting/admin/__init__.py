"""The admin of Django-Q2: slow lists, and pages of your own."""
