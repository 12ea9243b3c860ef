"""Fetch tasks from PostgreSQL in one statement, as soon as they are committed.

Needs: psycopg (version 3 on PostgreSQL).
"""
