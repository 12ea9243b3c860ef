"""Runs that make each message appear on a real cluster."""


def printed(log, words):
    """Return the first line of a log with these words, without time and prefix."""
    lines = [line for line in log.splitlines() if words in line]
    assert lines, f"{words!r} is not in this log:\n{log}"
    return lines[0].partition("[Q] ")[2] or lines[0]
