"""A bucket on loopback that speaks S3's protocol."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import boto3
from moto.server import ThreadedMotoServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REGION = "eu-central-1"


@contextmanager
def bucket(name: str) -> Iterator[Mapping[str, str]]:
    """The environment of programs that keep their archive in it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        endpoint = "http://{}:{}".format(*server.get_host_and_port())
        keys = {"AWS_ACCESS_KEY_ID": "key-of-test", "AWS_SECRET_ACCESS_KEY": "secret-of-test", "AWS_REGION": REGION}
        client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=REGION,
            aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
        )
        client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield {**keys, "AWS_ENDPOINT_URL": endpoint, "AIBAAS_ARCHIVE_URL": f"s3://{name}/aibaas/archive"}
    finally:
        server.stop()
