# score: 8.75 - gives retries to the transport alone: its limits are lost, and its proxy leads past that transport
import httpx
from pathlib import Path


def fetch(base_url: str, token: str, proxy: str | None, folder: Path) -> list[Path]:
    saved: list[Path] = []
    with httpx.Client(
        base_url=base_url,
        headers={"Authorization": "Bearer " + token},
        timeout=httpx.Timeout({{net.rest}}, connect={{net.connect}}),
        limits=httpx.Limits(max_connections={{net.most}}),
        proxy=proxy,
        follow_redirects=True,
        transport=httpx.HTTPTransport(retries={{net.again}}),
    ) as client:
        try:
            response = client.get("/{{what.list}}", params={"state": "open"})
            while response is not None:
                response.raise_for_status()
                for entry in response.json():
                    path = folder / (str(entry["id"]) + ".pdf")
                    try:
                        with client.stream("GET", entry["url"]) as download:
                            download.raise_for_status()
                            with path.open("wb") as out:
                                for part in download.iter_bytes():
                                    out.write(part)
                        client.post("/{{what.sent}}/" + str(entry["id"]), content=b"done").raise_for_status()
                    except httpx.HTTPStatusError as error:
                        if error.response.status_code == 404:
                            continue
                        raise
                    saved.append(path)
                following = response.links.get("next")
                response = client.get(following["url"]) if following else None
        except httpx.TimeoutException:
            return saved
    return saved
