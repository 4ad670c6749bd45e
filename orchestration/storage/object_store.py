"""Sealed files in a bucket that speaks S3's protocol.

Not here: the same in a folder (file_store). Keys and region come from the usual variables, which the library reads
(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION), or from a machine's role.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pyarrow import dataset, fs

from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

_URL: Final = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[\w./=-]*))?")
_CONNECT_TIMEOUT_S: Final = 10.0
_REQUEST_TIMEOUT_S: Final = 60.0
_TRIES: Final = 4


class S3Files:
    """A prefix of a bucket. Putting an object is atomic; readers find the old one or the new one, whole."""

    def __init__(self, url: str, endpoint: str | None = None) -> None:
        """`endpoint` is the address of a store that is not Amazon's. Raises OperatorError for a URL of another form."""
        parts = _URL.fullmatch(url)
        if parts is None:
            raise OperatorError("AIBAAS_ARCHIVE_URL is not usable: write it as s3://bucket/prefix, keys go in AWS_*")
        self._bucket = parts["bucket"]
        self.root = f"{parts['bucket']}/{parts['prefix'] or ''}".rstrip("/")
        self.filesystem = fs.S3FileSystem(
            endpoint_override=endpoint,
            allow_delayed_open=True,  # one PUT instead of an upload in parts
            connect_timeout=_CONNECT_TIMEOUT_S,
            request_timeout=_REQUEST_TIMEOUT_S,
            retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=_TRIES),
        )

    def names(self, folder: str) -> list[str]:
        selector = fs.FileSelector(f"{self.root}/{folder}".rstrip("/"), allow_not_found=True, recursive=True)
        with self._asking("listed"):
            found = self.filesystem.get_file_info(selector)
            # A bucket that is not there would look like an archive without answers, and all be asked again.
            if not found and self.filesystem.get_file_info(self._bucket).type == fs.FileType.NotFound:
                raise OperatorError(f"there is no bucket {self._bucket} at AIBAAS_ARCHIVE_URL: create it")
        return sorted(info.path.removeprefix(f"{self.root}/") for info in found if info.type == fs.FileType.File)

    def read(self, name: str) -> bytes:
        with self._asking("read"), self.filesystem.open_input_file(f"{self.root}/{name}") as file:
            return bytes(file.read())

    def write(self, name: str, data: bytes, *, replaces: bool = False) -> None:
        with self._asking("written"):
            if not replaces and self.filesystem.get_file_info(f"{self.root}/{name}").type != fs.FileType.NotFound:
                raise FileExistsError(name)
            with self.filesystem.open_output_stream(f"{self.root}/{name}") as stream:
                stream.write(data)

    def remove(self, name: str) -> None:
        with self._asking("written"):
            if self.filesystem.get_file_info(f"{self.root}/{name}").type == fs.FileType.File:
                self.filesystem.delete_file(f"{self.root}/{name}")

    def place(self, name: str) -> str:
        return f"s3://{self.root}/{name}"

    def dataset(self, names: Iterable[str], schema: pa.Schema) -> dataset.Dataset:
        """The Parquet files of these names as one table, of which a question reads the columns that it needs."""
        paths = [f"{self.root}/{name}" for name in names]
        return dataset.dataset(paths, schema=schema, format="parquet", filesystem=self.filesystem)

    @contextmanager
    def _asking(self, done: str) -> Iterator[None]:
        """Turn a refusal of the store into a message that names the bucket and the remedy."""
        try:
            yield
        except (FileExistsError, FileNotFoundError):
            raise
        except OSError as error:
            said = " ".join(str(error).split())
            raise OperatorError(
                f"the archive s3://{self.root} can't be {done} ({said}): check AIBAAS_ARCHIVE_URL, AWS_ENDPOINT_URL, "
                "the keys and their rights"
            ) from None
