"""The look that the forms of the site share: what a reader pastes is judged there."""

from pathlib import Path

SHARED = Path(__file__).with_name("tool.css")


def style(own: Path) -> str:
    """Return the style of a form: the shared one, then that of its page."""
    return f"<style>\n{SHARED.read_text()}\n{own.read_text()}</style>\n"
