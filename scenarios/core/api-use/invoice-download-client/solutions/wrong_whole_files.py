# score: 7.9167 - holds each file in memory, reads the header itself, and catches one kind of timeout
import re

import httpx
from pathlib import Path


def fetch(base_url: str, token: str, proxy: str | None, folder: Path) -> list[Path]:
    transport = httpx.HTTPTransport(proxy=proxy, retries={{net.again}}, limits=httpx.Limits(max_connections={{net.most}}))
    result: list[Path] = []
    with httpx.Client(
        base_url=base_url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=httpx.Timeout({{net.rest}}, connect={{net.connect}}),
        follow_redirects=True,
        transport=transport,
    ) as client:
        url, params = "/{{what.list}}", {"state": "open"}
        while url:
            try:
                page = client.get(url, params=params)
                page.raise_for_status()
                for item in page.json():
                    try:
                        download = client.get(item["url"]).raise_for_status()
                        client.post(f"/{{what.sent}}/{item['id']}", content=b"done").raise_for_status()
                    except httpx.HTTPStatusError as error:
                        if error.response.status_code != 404:
                            raise
                        continue
                    file = folder / f"{item['id']}.pdf"
                    file.write_bytes(download.content)
                    result.append(file)
            except httpx.ReadTimeout:
                break
            found = re.search(r'<([^>]+)>; *rel="next"', page.headers.get("link", ""))
            url, params = (found[1], None) if found else (None, None)
    return result
