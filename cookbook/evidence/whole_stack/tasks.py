"""The work that the page leaves to the worker."""

import os


def count_words(text):
    """Return the number of words, and the process group that has counted them."""
    return len(text.split()), os.getpgid(0)
