"""Report failed tasks to Sentry, grouped by function and error.

Needs: sentry-sdk.
"""
