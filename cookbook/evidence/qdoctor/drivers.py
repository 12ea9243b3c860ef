"""Settings of SQS and MongoDB: qdoctor says error where their drivers refuse them.

A stand-in answers for SQS: moto. A message is sent, fetched and acknowledged. For
MongoDB there is none here, so only its driver is asked, which refuses what it cannot
use before it connects. With both, settings that work are no error, and those that fail
are one:

>>> from cookbook.evidence.qdoctor.drivers import mongo, sqs
>>> from cookbook.harness.trial import without_cluster
>>> without_cluster(sqs, 25)
[]
>>> without_cluster(mongo, 60)
[]
"""

import os
from unittest.mock import patch

from django_q.brokers.aws_sqs import Sqs
from django_q.conf import Conf
from hypothesis import strategies
from pymongo import MongoClient

from cookbook.harness.trial import sqs_server

from .agreement import errors, examples

pick = strategies.sampled_from
KEY = pick(["a", "", None, 0, 5, 1.5, [1]])
SQS = {
    "aws_region": pick(["eu-central-1", "us_east_1", "https://sqs", "", None, 5]),
    "region_name": pick(["eu-central-1", "a.b", "12", "-a", None]),
    "aws_access_key_id": KEY,
    "aws_secret_access_key": KEY,
    "aws_session_token": KEY,
    "receive_message_wait_time_seconds": pick([0, 1, 20, 21, -1, 1.5, "5", None, True]),
    "region": pick(["eu-central-1"]),
}
NAMES = pick(["shop", "shop-1_a", "shop.mail", "my shop", "é", "s" * 81])
MONGO = {
    "host": pick(["a", "a:5", "mongodb://a/b", "redis://a", "", None, 5, ["a", "b"]]),
    "port": pick([27017, "27017", None, True, 1.5]),
    "maxPoolSize": pick([5]),
    "uri": pick(["mongodb://a"]),
    "db": pick(["a"]),
}


def few(choices):
    """Return dictionaries with some of the keys."""
    return strategies.fixed_dictionaries({}, optional=choices)


def sqs(number):
    """Return the settings of SQS that only one of qdoctor and Django-Q2 refuses."""
    keys = strategies.fixed_dictionaries(
        {"sqs": few(SQS)},
        optional={"name": NAMES, "retry": pick([60, 60.5, 43_201]), "bulk": pick([5])},
    )
    with sqs_server() as environment, patch.dict(os.environ, environment):
        return differences(keys, number, send)


def send(configuration):
    """Return the error of the broker, or ""."""
    keys = {"name": "default", "retry": 60, "bulk": 1} | configuration["Q_CLUSTER"]
    conf = {"SQS": keys["sqs"], "RETRY": keys["retry"], "BULK": keys["bulk"]}
    try:
        with patch.multiple(Conf, CLUSTER_NAME=keys["name"], **conf):
            broker = Sqs()
            broker.enqueue("a task")
            for message, _ in broker.dequeue():
                broker.acknowledge(message)
    except Exception as error:
        return repr(error)
    return ""


def mongo(number):
    """Return the settings of MongoDB that only one of qdoctor and pymongo refuses."""
    keys = strategies.fixed_dictionaries({"mongo": few(MONGO)})
    keys = keys.filter(lambda one: one["mongo"])  # An empty one is no broker.
    return differences(keys, number, connect)


def connect(configuration):
    """Return the error of pymongo, or ""."""
    try:
        MongoClient(connect=False, **configuration["Q_CLUSTER"]["mongo"]).close()
    except Exception as error:
        return repr(error)
    return ""


def differences(keys, number, judge):
    settings = [{"Q_CLUSTER": cluster} for cluster in examples(keys, number)]
    answers = [(one, errors(one), judge(one)) for one in settings]
    return [answer for answer in answers if bool(answer[1]) != bool(answer[2])]
