"""A rule for what Django-Q2 gives to the driver of a broker."""

from .keys import (
    ARGUMENTS,
    DRIVER_MEANINGS,
    DRIVERS,
    LABEL_LETTERS,
    MONGO_SCHEMES,
    SCHEMES,
)
from .rules import Findings, Settings, broker, cluster, rule
from .values import describe, kind, nearest


@rule("django_q.E007", "The driver of the broker refuses this")
def refused_by_driver(settings: Settings) -> Findings:
    """`qcluster` ends with an error, or fetches no task."""
    keys, named = cluster(settings), broker(settings)
    if kind(keys.get(named)) == "dict" and named in DRIVERS:
        yield from unknown_arguments(settings, named, keys[named])
    if named == "redis":
        yield from redis_faults(keys["redis"])
    if named == "sqs":
        yield from sqs_faults(keys["sqs"])
        yield from queue_name_faults(keys)
    if named == "mongo" and kind(keys["mongo"]) == "dict":
        yield from mongo_faults(keys["mongo"])


def unknown_arguments(settings: Settings, named: str, place: Settings) -> Findings:
    """Yield the keys of a broker's dictionary that its driver does not accept."""
    own = {**ARGUMENTS, **settings.get("ARGUMENTS", {})}
    for key in place:
        word = key if kind(key) == "str" else ""
        # Only MongoDB's driver does not look at capital letters.
        word = word.lower() if named == "mongo" else word
        if word in own[named]:
            continue
        near = DRIVER_MEANINGS.get(f"{named}.{word}") or nearest(word, own[named])
        other = "Remove it, or write one address." if named == "redis" else "Remove it."
        yield (
            f"{DRIVERS[named]} has no argument {describe(key)}",
            f"Call it '{near}'." if near else other,
        )


def redis_faults(redis: Settings) -> Findings:
    """Yield what is no address, no host and no port."""
    address = redis.lower() if kind(redis) == "str" else SCHEMES[0]
    if not [scheme for scheme in SCHEMES if address.startswith(scheme)]:
        yield (
            "redis is not an address with redis://, rediss:// or unix://",
            'Write it as "redis://queue:6379/0".',
        )
    if kind(redis) != "dict":
        return
    elsewhere = [key for key in ["unix_socket_path", "connection_pool"] if key in redis]
    if elsewhere and (redis[elsewhere[0]] is not None):
        return
    host, port = redis.get("host"), redis.get("port", 6379)
    if kind(host) == "str" and ("/" in host or len(host.split(":")) == 2):
        yield (
            "the host of redis is an address, and not the name of a machine",
            'Write "redis": "redis://queue:6379/0", without a dictionary.',
        )
    if kind(host) not in ["str", "None", "other"]:
        yield f"the host of redis is {describe(host)}", 'Write it as "queue".'
    digits = kind(port) == "str" and port.strip().isdigit()
    if kind(port) not in ["int", "float", "bool", "other"] and not digits:
        yield f"the port of redis is {describe(port)}", "Write a number, such as 6379."


def is_label(word: str, letters: str) -> bool:
    """Return whether a word has only these letters, and not too many."""
    strange = [letter for letter in list(word.lower()) if letter not in letters]
    return not strange and len(word) > 0


def sqs_faults(sqs: Settings) -> Findings:
    """Yield what is no region, no key and no time to wait."""
    region = sqs.get("aws_region", sqs.get("region_name"))
    if kind(region) == "str":
        edge = region.startswith("-") or region.endswith("-") or len(region) > 63
        if edge or not is_label(region, LABEL_LETTERS) or region.isdigit():
            yield (
                f"the region of sqs is {describe(region)}",
                "Write it as 'eu-central-1'.",
            )
    elif kind(region) not in ["None", "other"]:
        yield f"the region of sqs is {describe(region)}", "Write it as 'eu-central-1'."
    for key in ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"]:
        if kind(sqs.get(key)) not in ["str", "None", "other"] and sqs.get(key):
            yield f"{key} is {describe(sqs.get(key))}", "Make it str."
    secret = sqs.get("aws_secret_access_key") or sqs.get("aws_session_token")
    if secret and sqs.get("aws_access_key_id") is None:
        yield (
            "sqs has a secret, and no aws_access_key_id",
            "Add aws_access_key_id, or leave both to the environment.",
        )
    wait = sqs.get("receive_message_wait_time_seconds", 20)
    whole = kind(wait) in ["int", "bool"]
    if kind(wait) != "other" and not (whole and wait >= 0 and wait <= 20):
        yield (
            f"receive_message_wait_time_seconds is {describe(wait)}",
            "Make it a whole number from 0 to 20.",
        )


def queue_name_faults(keys: Settings) -> Findings:
    """Yield a name of the cluster that cannot be the name of a queue at SQS."""
    key = "cluster_name" if "cluster_name" in keys else "name"
    name = keys.get(key, "default")
    if kind(name) != "str" or name.endswith(".fifo"):
        return
    if len(name) > 80 or not is_label(name, f"{LABEL_LETTERS}_"):
        yield (
            f"{key} is {describe(name)}, which SQS accepts for no queue",
            "Use letters, digits, hyphens and underscores, at most 80.",
        )


def mongo_faults(mongo: Settings) -> Findings:
    """Yield what is no host and no port."""
    host, port = mongo.get("host"), mongo.get("port")
    if kind(host) == "str":
        address = host.lower()
        ours = [scheme for scheme in MONGO_SCHEMES if address.startswith(scheme)]
        if not host or ("://" in host and not ours):
            yield (
                "the host of mongo is not an address with mongodb://",
                'Write it as "mongodb://queue:27017/".',
            )
    elif kind(host) not in ["None", "list", "other"]:
        yield f"the host of mongo is {describe(host)}", 'Write it as "queue".'
    if kind(port) not in ["int", "bool", "None", "other"]:
        yield f"the port of mongo is {describe(port)}", "Write a number, such as 27017."
