"""What a block must pass before it may be shown.

Console sessions and their output are typed by a reader, so here they are typed too.
Everything else is a file of the project, shown by inclusion and read strictly.
A language without a checker fails.
"""

from django.test import override_settings
from pygments.lexers import get_lexer_by_name
from pygments.token import Error

from cookbook.catalogue import ROOT, owner
from cookbook.languages import FILES

LANGUAGES = ["console", "output", "python", "pycon", *FILES]


def check(block, terminals):
    """Accept a block or raise. `terminals` are those of its page.

    Returns what the stamp says of it.
    """
    language = block.language
    assert language in LANGUAGES, (
        f"a block of the language {language!r} has no checker; label it as one of "
        f"{', '.join(LANGUAGES)}"
    )
    # What Sphinx could not highlight, it would warn of when it builds the site.
    tokens = get_lexer_by_name(language).get_tokens(block.text)
    strange = [text for kind, text in tokens if kind is Error]
    assert not strange, f"no word of the language {language!r}: {strange}"
    if language == "output":
        terminals.show(block.text)
        return {"printed": True}
    if language == "console":
        return {"commands": terminals.type(block.text)}
    is_shown = block.source and block.source.is_relative_to(ROOT)
    assert is_shown, (
        f"{language} is typed into the page; move it to a file of the page's recipe in "
        "cookbook/ and show it with {recipe}"
    )
    if language in FILES:
        recipe = owner(block.source)
        settings = recipe.settings() if recipe else {}
        # django-prodserver's commands take their choices from this setting.
        processes = settings.get("PRODUCTION_PROCESSES", {})
        with override_settings(PRODUCTION_PROCESSES=processes):
            FILES[language](block.text)
        return {"checker": language}
    return {}  # Python runs in its own doctest, and coverage proves every line.
