"""Its app goes into INSTALLED_APPS; it needs no key of its own."""

Q_CLUSTER = {}
