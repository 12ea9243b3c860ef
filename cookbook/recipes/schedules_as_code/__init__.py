"""Define schedules in code, and keep the database like the code.

Needs: croniter.
"""
