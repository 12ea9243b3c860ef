"""Tasks of the news site."""

from django.conf import settings


def count_words(name):
    """Return the number of words in the article `name`."""
    article = settings.BASE_DIR / "articles" / name
    if not article.exists():
        raise LookupError(f"{name} has not arrived yet")
    return len(article.read_text().split())


def count_all():
    """Return the number of words in each article: `{name: words}`."""
    articles = sorted((settings.BASE_DIR / "articles").iterdir())
    return {article.name: count_words(article.name) for article in articles}
