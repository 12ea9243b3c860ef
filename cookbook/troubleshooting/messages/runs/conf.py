"""Load settings that Django-Q2 warns about, and give its names too little."""

from django_q.humanhash import HumanHasher, humanize

from cookbook.harness.trial import Q_CLUSTER, logged, workspace


def load(use_i18n=True, **changes):
    """Load Django-Q2 with some keys of Q_CLUSTER changed; return what it prints."""
    settings = {"Q_CLUSTER": Q_CLUSTER | changes, "USE_I18N": use_i18n}
    with workspace(settings) as project:
        return logged(project, print)


def retry_too_early():
    """Set `retry` below `timeout`.

    >>> from cookbook.troubleshooting.messages.runs import conf
    >>> log = conf.retry_too_early()
    >>> print(log[log.index("UserWarning"):].splitlines()[0])
    UserWarning: Retry and timeout are misconfigured. Set retry larger than timeout,...
    """
    return load(timeout=90, retry=60)


def wrong_save_limit_per():
    """Set `save_limit_per` to a value that it does not have, without translations.

    >>> from cookbook.troubleshooting.messages.runs import conf
    >>> log = conf.wrong_save_limit_per()
    >>> print(log[log.index("UserWarning"):].splitlines()[0])
    UserWarning: SAVE_LIMIT_PER (function) is not a valid option. Options are: 'group', 'name', 'func' and None. Default is None.

    With translations, as by default, Django does not start:

    >>> print(conf.load(save_limit_per="function").splitlines()[-1])
    django.core.exceptions.AppRegistryNotReady: The translation infrastructure cannot be initialized before the apps registry is ready. ...
    """
    return load(use_i18n=False, save_limit_per="function")


def shorten():
    """Ask for a name of four words from three bytes.

    >>> from cookbook.troubleshooting.messages.runs import conf
    >>> conf.shorten()
    Traceback (most recent call last):
        ...
    ValueError: Fewer input bytes than requested output
    """
    return humanize("0a1b2c")


def replace_words():
    """Give another number of words than 256; Python reports another error.

    >>> from cookbook.troubleshooting.messages.runs import conf
    >>> conf.replace_words()
    Traceback (most recent call last):
        ...
    TypeError: ArgumentError.__init__() missing 1 required positional argument: ...
    """
    return HumanHasher(["one", "two"])
