"""Amazon SQS."""

Q_CLUSTER = {
    "name": "shop",
    "sqs": {"aws_region": "eu-central-1", "receive_message_wait_time_seconds": 1},
    "timeout": 60,
    "retry": 600,
}
