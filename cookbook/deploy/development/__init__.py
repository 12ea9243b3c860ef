"""Run the site and its cluster in development, or no cluster at all.

Needs: honcho, watchfiles.
"""
