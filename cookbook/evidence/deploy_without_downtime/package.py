"""What a queued task contains: every text in its pickle.

>>> from cookbook.evidence.deploy_without_downtime.package import texts
>>> from urllib.parse import quote

A function that is sent by reference is its module and its name, and so is a class:

>>> texts(quote)
['urllib.parse', 'quote']
>>> texts("urllib.parse.quote")
['urllib.parse.quote']

A model instance is the name of its model and a copy of its values:

>>> from django.contrib.contenttypes.models import ContentType
>>> texts(ContentType(pk=7, app_label="shop", model="order"))[:4]
['django.db.models.base', 'model_unpickle', 'contenttypes', 'ContentType']
>>> texts(ContentType(pk=7, app_label="shop", model="order"))[-6:-2]
['app_label', 'shop', 'model', 'order']
"""

import pickle
import pickletools


def texts(thing):
    """Return the texts in the pickle that Django-Q2 would make of a thing."""
    pickled = pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)
    return [text for _, text, _ in pickletools.genops(pickled) if type(text) is str]
